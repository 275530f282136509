-- Orders whose work waits for another's. The version before writes none.
ALTER TABLE work_order ADD COLUMN after_work_order_id uuid;                     -- of the same partner
ALTER TABLE work_order ADD COLUMN after_gap_ms bigint NOT NULL DEFAULT 0 CHECK (after_gap_ms BETWEEN 0 AND 5184000000);
CREATE INDEX work_order_after ON work_order (after_work_order_id) WHERE after_work_order_id IS NOT NULL;
-- What an order of the service opens after itself.
ALTER TABLE covered_service ADD COLUMN followed_by text NOT NULL DEFAULT '';    -- a service of the same contract
ALTER TABLE covered_service ADD COLUMN followed_gap_ms bigint NOT NULL DEFAULT 0 CHECK (followed_gap_ms BETWEEN 0 AND 5184000000);
