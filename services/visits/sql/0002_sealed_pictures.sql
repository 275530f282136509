-- Photos and signatures are sealed: their files are named by what is stored, asked for by what they are. Empty, NULL: of before.
ALTER TABLE proof_file ADD COLUMN stored text NOT NULL DEFAULT '', ADD COLUMN seal_id uuid;
