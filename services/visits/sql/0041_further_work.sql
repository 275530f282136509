-- What is left to do after a done visit. '': nothing, or done before this was asked; the version before writes that.
ALTER TABLE course
    ADD COLUMN further text NOT NULL DEFAULT '' CHECK (further IN ('', 'again', 'none')),
    ADD COLUMN further_reason text NOT NULL DEFAULT '',         -- domain/further_work.h
    ADD COLUMN further_length_ms bigint NOT NULL DEFAULT 0,     -- of the next visit; 0: as this one was planned
    ADD COLUMN further_earliest_at bigint NOT NULL DEFAULT 0;   -- 0: as soon as possible
