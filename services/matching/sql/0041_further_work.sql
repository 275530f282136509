-- What the next visit of an order is to be like whose last one has left work (docs/decisions/0017-unfinished-work.md). The version
-- before writes none of it, and books the next visit as it would the first.
ALTER TABLE order_copy
    ADD COLUMN further_of text NOT NULL DEFAULT '',             -- the done visit that has left the work; '': none
    ADD COLUMN further_length_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN further_earliest_at bigint NOT NULL DEFAULT 0,
    ADD COLUMN further_technician_id text NOT NULL DEFAULT '',  -- rather he; '' anybody
    ADD COLUMN further_technicians bigint NOT NULL DEFAULT 0,   -- so many come together at least
    ADD COLUMN further_put_off boolean NOT NULL DEFAULT false;  -- too far off: nobody has looked yet
ALTER TABLE visit ADD COLUMN continues text NOT NULL DEFAULT ''; -- the done visit whose work this one goes on with
