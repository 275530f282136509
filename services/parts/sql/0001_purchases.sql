-- Which part, from whom, when at the customer's address.

CREATE TABLE catalogue_item (
    sku text PRIMARY KEY,
    name text NOT NULL,                 -- Polish, for people
    supplier_id text NOT NULL,
    price_grosz bigint NOT NULL CHECK (price_grosz >= 0),
    lead_time_ms bigint NOT NULL CHECK (lead_time_ms >= 0),
    entered_at bigint NOT NULL
);

-- What this service needs of an order; filled from intake's and matching's facts.
CREATE TABLE work_order (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    partner_id text NOT NULL,
    person_id text NOT NULL,
    part_sku text NOT NULL,             -- empty: no part is known to be needed
    town text NOT NULL,
    district text NOT NULL,
    visit_id text NOT NULL DEFAULT '',  -- the planned visit; empty: none
    needed_by bigint NOT NULL DEFAULT 0, -- its hour; 0: none
    ended boolean NOT NULL DEFAULT false
);

CREATE TABLE purchase (
    id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES work_order,
    partner_id text NOT NULL,
    supplier_id text NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    price_grosz bigint NOT NULL,        -- as it stood when it was ordered
    state int NOT NULL CHECK (state BETWEEN 1 AND 6), -- enum purchase_state
    ordered_at bigint NOT NULL,
    promised_by bigint NOT NULL,        -- lead time at first, then the supplier's own date
    needed_by bigint NOT NULL,          -- the visit's hour; 0: none
    delivered_at bigint NOT NULL DEFAULT 0,
    -- What was told as late already, so that it is told once.
    late_promised_by bigint NOT NULL DEFAULT 0,
    late_needed_by bigint NOT NULL DEFAULT 0,
    overdue_promised_by bigint NOT NULL DEFAULT 0
);
-- One part is on its way to an order at most, whatever is heard twice; a cancelled one makes room.
CREATE UNIQUE INDEX purchase_once ON purchase (work_order_id) WHERE state <> 6;
CREATE INDEX purchase_of_order ON purchase (work_order_id);
CREATE INDEX purchase_open ON purchase (supplier_id, ordered_at) WHERE state IN (1, 2, 3, 5);
CREATE INDEX purchase_promised ON purchase (promised_by) WHERE state IN (1, 2, 3, 5);

-- Everything that was said of a purchase: when it happened (`at`) and when we were told (`entered_at`).
CREATE TABLE purchase_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purchase_id uuid NOT NULL REFERENCES purchase,
    partner_id text NOT NULL,
    supplier_id text NOT NULL,
    state int NOT NULL,
    promised_by bigint NOT NULL,
    at bigint NOT NULL,
    entered_at bigint NOT NULL,
    reference text NOT NULL,            -- the supplier's own: parcel or order number
    by_kind text NOT NULL,              -- "supplier", "operator", "engine"
    by_id text NOT NULL
);
CREATE INDEX purchase_event_of ON purchase_event (purchase_id, id);

-- A part that an order needs and the catalogue does not know: a person has to add it.
CREATE TABLE part_question (
    work_order_id uuid PRIMARY KEY REFERENCES work_order,
    partner_id text NOT NULL,
    number text NOT NULL,
    sku text NOT NULL,
    asked_at bigint NOT NULL,
    closed_at bigint NOT NULL DEFAULT 0 -- 0: open
);
CREATE INDEX part_question_open ON part_question (sku) WHERE closed_at = 0;

-- A supplier is no partner: he sees his own purchases, across partners.
CREATE FUNCTION may_supply(supplier text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('app.actor', true) = 'supplier' AND supplier = current_setting('app.actor_id', true)
$$;

ALTER TABLE work_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_order FORCE ROW LEVEL SECURITY;
ALTER TABLE purchase ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchase FORCE ROW LEVEL SECURITY;
ALTER TABLE purchase_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchase_event FORCE ROW LEVEL SECURITY;
ALTER TABLE part_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE part_question FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON purchase USING (may_see(partner_id) OR may_supply(supplier_id))
    WITH CHECK (may_see(partner_id) OR may_supply(supplier_id));
CREATE POLICY wall ON purchase_event USING (may_see(partner_id) OR may_supply(supplier_id))
    WITH CHECK (may_see(partner_id) OR may_supply(supplier_id));
CREATE POLICY wall ON part_question USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
-- Where a part goes is the supplier's business, too; only the order's copy holds town and district.
CREATE POLICY wall ON work_order
    USING (may_see(partner_id) OR EXISTS (SELECT 1 FROM purchase p WHERE p.work_order_id = work_order.id AND may_supply(p.supplier_id)))
    WITH CHECK (may_see(partner_id));
