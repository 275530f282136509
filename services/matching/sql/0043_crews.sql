-- Several who come together: the leader's row is the promise, each mate has a row of his own that
-- holds his hours (so that no_double_booking holds for him, too).
ALTER TABLE order_copy ADD COLUMN technicians bigint NOT NULL DEFAULT 1;
ALTER TABLE visit ADD COLUMN technicians bigint NOT NULL DEFAULT 1;  -- of the promise; a mate's row has the same
ALTER TABLE visit ADD COLUMN mate_of uuid REFERENCES visit;          -- the leader's visit; NULL: he leads, or comes alone
CREATE INDEX visit_mates ON visit (mate_of) WHERE mate_of IS NOT NULL;
DROP INDEX one_promise;
CREATE UNIQUE INDEX one_promise ON visit (work_order_id) WHERE state = 2 AND mate_of IS NULL;
