-- Parked bytes are sealed: nobody has read yet what is in them. NULL: of before.
ALTER TABLE parked ADD COLUMN seal_id uuid;
