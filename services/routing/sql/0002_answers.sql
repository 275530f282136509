-- What the search answered, so that a plan made again can be held against it; '' for plans from before.
ALTER TABLE plan ADD COLUMN answer bytea NOT NULL DEFAULT '';
CREATE INDEX plan_proposed_at ON plan (proposed_at);
