-- What it costs and who pays. The books are written once: corrections are new lines, never changes.

-- A list is never changed: a mistake is mended by the next one. `version` counts them.
CREATE TABLE price_list (
    id text PRIMARY KEY,
    version int NOT NULL UNIQUE,
    valid_from bigint NOT NULL UNIQUE,
    published_at bigint NOT NULL,
    content bytea NOT NULL              -- the request as it was packed: the same again changes nothing
);

CREATE TABLE price_item (
    price_list_id text REFERENCES price_list,
    item text,
    name text NOT NULL,                 -- Polish, for people
    unit text NOT NULL,
    price_grosz bigint NOT NULL CHECK (price_grosz >= 0), -- with VAT
    vat_percent int NOT NULL CHECK (vat_percent IN (0, 5, 8, 23)),
    PRIMARY KEY (price_list_id, item)
);
CREATE INDEX price_item_item ON price_item (item);

-- What this service needs of an order; filled from intake's and visits' facts.
CREATE TABLE work_order (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    partner_id text NOT NULL,
    partner_reference text NOT NULL,
    closed_at bigint NOT NULL DEFAULT 0 -- when billing heard that it is done or cancelled; 0: open
);

CREATE TABLE cost_line (
    line_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES work_order,
    visit_id text NOT NULL,
    partner_id text NOT NULL,
    technician_id text NOT NULL,
    item text NOT NULL,
    quantity bigint NOT NULL,           -- thousandths
    price_list_id text REFERENCES price_list, -- that it was priced by; NULL: in no list, booked with 0
    price_grosz bigint NOT NULL,
    total_grosz bigint NOT NULL,
    partner_grosz bigint NOT NULL CHECK (partner_grosz >= 0),
    customer_grosz bigint NOT NULL CHECK (customer_grosz >= 0),
    booked_at bigint NOT NULL,
    CHECK (partner_grosz + customer_grosz = total_grosz)
);
CREATE INDEX cost_line_order ON cost_line (work_order_id, booked_at);
CREATE INDEX cost_line_partner ON cost_line (partner_id, booked_at);

CREATE TABLE settlement (
    id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    orders bigint NOT NULL,
    lines bigint NOT NULL,
    total_grosz bigint NOT NULL,        -- what the partner pays
    sha256 text NOT NULL,               -- of the CSV under FILES_DIR
    made_at bigint NOT NULL,
    made_by text NOT NULL,
    CHECK (from_at < until_at)
);

-- Each line settles once: that is this table's key.
CREATE TABLE settlement_line (
    line_id uuid PRIMARY KEY REFERENCES cost_line,
    settlement_id uuid NOT NULL REFERENCES settlement,
    partner_id text NOT NULL
);

REVOKE UPDATE, DELETE ON price_list, price_item, cost_line, settlement, settlement_line FROM billing;

ALTER TABLE work_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_order FORCE ROW LEVEL SECURITY;
ALTER TABLE cost_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE cost_line FORCE ROW LEVEL SECURITY;
ALTER TABLE settlement ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement FORCE ROW LEVEL SECURITY;
ALTER TABLE settlement_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE settlement_line FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON work_order USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON cost_line USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON settlement USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON settlement_line USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
