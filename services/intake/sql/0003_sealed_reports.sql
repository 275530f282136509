-- Reports are sealed as they come. NULL: of before.
ALTER TABLE report ADD COLUMN seal_id uuid;
