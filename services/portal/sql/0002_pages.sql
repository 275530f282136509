-- What the technician's, the consultant's and the partner's pages show beyond the customer's.

ALTER TABLE order_copy
    ADD COLUMN partner_reference text NOT NULL DEFAULT '',
    ADD COLUMN contract_id text NOT NULL DEFAULT '',
    ADD COLUMN person_id text NOT NULL DEFAULT '',  -- the customer in the vault; empty: opened before this copy
    ADD COLUMN opened_at bigint NOT NULL DEFAULT 0,
    ADD COLUMN lat double precision NOT NULL DEFAULT 0, -- rounded to 0.001
    ADD COLUMN lon double precision NOT NULL DEFAULT 0,
    ADD COLUMN skill text NOT NULL DEFAULT '',
    ADD COLUMN visit_length_ms bigint NOT NULL DEFAULT 0;
CREATE INDEX order_copy_newest ON order_copy (opened_at DESC);
CREATE INDEX order_copy_partner ON order_copy (partner_id, opened_at DESC);
CREATE INDEX order_copy_number ON order_copy (number);
CREATE INDEX order_copy_reference ON order_copy (partner_reference);

ALTER TABLE part_copy ADD COLUMN sku text NOT NULL DEFAULT '';

-- What can be ordered under which contract.
CREATE TABLE contract_copy (
    contract_id text,
    service_id text,
    partner_id text NOT NULL,
    contract_name text NOT NULL,
    service_name text NOT NULL,
    PRIMARY KEY (contract_id, service_id)
);
CREATE INDEX contract_copy_partner ON contract_copy (partner_id);

-- Lines of cost as intake answered them.
CREATE TABLE cost_copy (
    line_id text PRIMARY KEY,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    item text NOT NULL,
    quantity bigint NOT NULL,           -- thousandths
    total_grosz bigint NOT NULL,
    covered_grosz bigint NOT NULL,      -- by the guarantee sum; the rest is the customer's own share
    is_accepted boolean NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX cost_copy_order ON cost_copy (work_order_id);

-- The newest version of each price list: names for people. Nobody's secret, so no wall.
CREATE TABLE price_copy (
    item text PRIMARY KEY,
    name text NOT NULL,
    unit text NOT NULL,
    price_grosz bigint NOT NULL,
    valid_from bigint NOT NULL
);

CREATE INDEX visit_copy_partner ON visit_copy (partner_id, start_at) WHERE shown BETWEEN 1 AND 3;

-- An order's page tells its whole story: events are kept by age now, not by number.
CREATE INDEX event_log_order ON event_log (work_order_id, id);
CREATE INDEX event_log_partner ON event_log (partner_id, id);
CREATE INDEX event_log_at ON event_log (at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contract_copy', 'cost_copy'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY wall ON %I USING (may_see(partner_id)) WITH CHECK (may_see(partner_id))', t);
    END LOOP;
END $$;
