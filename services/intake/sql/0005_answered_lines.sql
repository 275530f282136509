-- Lines as they were answered, so that the answer can be told again. Empty: answered before.
ALTER TABLE cost_line
    ADD COLUMN visit_id text NOT NULL DEFAULT '',
    ADD COLUMN technician_id text NOT NULL DEFAULT '',
    ADD COLUMN item text NOT NULL DEFAULT '',
    ADD COLUMN quantity bigint NOT NULL DEFAULT 0,          -- thousandths
    ADD COLUMN is_accepted boolean NOT NULL DEFAULT false,
    ADD COLUMN left_grosz bigint NOT NULL DEFAULT 0,        -- of the guarantee sum after it
    ADD COLUMN rule text NOT NULL DEFAULT '',               -- why it was refused
    ADD COLUMN answered_at bigint NOT NULL DEFAULT 0;
CREATE INDEX cost_line_order ON cost_line (work_order_id);
