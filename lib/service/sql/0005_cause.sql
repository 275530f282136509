-- Which fact the teller had heard when it told this one: what waits or is put aside still knows it.
ALTER TABLE early ADD COLUMN cause text NOT NULL DEFAULT '';
ALTER TABLE parked ADD COLUMN cause text NOT NULL DEFAULT '';
