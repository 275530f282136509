-- Orders whose work waits for another's. The version before knows of no such order and fills none; retelling intake does.
ALTER TABLE order_copy ADD COLUMN after_work_order_id uuid;                     -- perhaps not heard of yet
ALTER TABLE order_copy ADD COLUMN after_gap_ms bigint NOT NULL DEFAULT 0;
ALTER TABLE order_copy ADD COLUMN is_waiting boolean NOT NULL DEFAULT false;    -- for that one's hour; try_again_at is only how often it is looked
CREATE INDEX order_after ON order_copy (after_work_order_id) WHERE after_work_order_id IS NOT NULL;
