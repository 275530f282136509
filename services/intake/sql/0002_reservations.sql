-- Orders that keep money of a guarantee sum and wait for an hour.
CREATE INDEX work_order_unbooked ON work_order (latest_by) WHERE state IN (1, 7) AND reserved_grosz > 0;
