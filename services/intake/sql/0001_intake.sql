-- Partners, contracts, guarantee sums, reports and work orders.

CREATE TABLE partner (
    partner_id text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL,
    mail_sender text NOT NULL           -- address whose mails are this partner's; empty: none
);
CREATE UNIQUE INDEX partner_mail_sender ON partner (lower(mail_sender)) WHERE mail_sender <> '';

CREATE TABLE api_key (
    sha256 text PRIMARY KEY,            -- of the bearer secret; the secret itself is shown once
    partner_id text NOT NULL REFERENCES partner,
    made_at bigint NOT NULL,
    revoked_at bigint
);

CREATE TABLE contract (
    contract_id text PRIMARY KEY,
    partner_id text NOT NULL REFERENCES partner,
    name text NOT NULL,
    chooser int NOT NULL,
    guarantee_sum_grosz bigint NOT NULL CHECK (guarantee_sum_grosz >= 0),
    tolerance_ms bigint NOT NULL,
    choose_within_ms bigint NOT NULL,
    answer_within_ms bigint NOT NULL
);

CREATE TABLE covered_service (
    contract_id text REFERENCES contract ON DELETE CASCADE,
    service_id text,
    partner_id text NOT NULL,
    name text NOT NULL,
    skill text NOT NULL,
    visit_length_ms bigint NOT NULL,
    part_sku text NOT NULL,
    expected_cost_grosz bigint NOT NULL,
    urgency int NOT NULL,
    protocol text NOT NULL,
    PRIMARY KEY (contract_id, service_id)
);

-- One counter per policy (or per order without one); the only writer is intake. I5 stands in the CHECK.
CREATE TABLE guarantee (
    contract_id text NOT NULL REFERENCES contract,
    policy text NOT NULL,
    partner_id text NOT NULL,
    sum_grosz bigint NOT NULL,
    reserved_grosz bigint NOT NULL DEFAULT 0 CHECK (reserved_grosz >= 0),
    used_grosz bigint NOT NULL DEFAULT 0 CHECK (used_grosz >= 0),
    PRIMARY KEY (contract_id, policy),
    CHECK (reserved_grosz + used_grosz <= sum_grosz)
);

-- What reached us, as it came, before anybody read it (I1).
CREATE TABLE report (
    report_id uuid PRIMARY KEY,
    channel int NOT NULL,
    partner_id text NOT NULL,           -- empty until it is known whose it is
    raw bytea NOT NULL,
    received_at bigint NOT NULL,
    mail_key text UNIQUE,               -- Message-ID, date and hash of the body: one mail, once
    outcome text NOT NULL CHECK (outcome IN ('in_progress', 'opened', 'joined', 'duplicate', 'quarantined', 'refused')),
    rule text NOT NULL DEFAULT '',
    work_order_id uuid
);
CREATE INDEX report_open ON report (received_at) WHERE outcome IN ('in_progress', 'quarantined');

CREATE SEQUENCE work_order_number;

CREATE TABLE work_order (
    work_order_id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    partner_id text NOT NULL REFERENCES partner,
    contract_id text NOT NULL,
    policy text NOT NULL,
    partner_reference text NOT NULL,
    channel int NOT NULL,
    chooser int NOT NULL,
    urgency int NOT NULL,
    state int NOT NULL,
    service_id text NOT NULL,
    skill text NOT NULL,
    part_sku text NOT NULL,
    person_id uuid NOT NULL,
    lat double precision NOT NULL,      -- rounded to 0.001; the exact point is in the vault
    lon double precision NOT NULL,
    town text NOT NULL,
    district text NOT NULL,
    accuracy int NOT NULL,
    visit_length_ms bigint NOT NULL,
    earliest_at bigint NOT NULL,
    latest_by bigint NOT NULL,
    tolerance_ms bigint NOT NULL,
    reserved_grosz bigint NOT NULL CHECK (reserved_grosz >= 0),
    used_grosz bigint NOT NULL CHECK (used_grosz >= 0),
    opened_at bigint NOT NULL,
    origin text NOT NULL,
    language text NOT NULL,
    cancel_reason text NOT NULL,
    description_key text NOT NULL,
    choose_until bigint NOT NULL,       -- without an hour by then, somebody calls
    visit_id text NOT NULL DEFAULT '',
    start_at bigint NOT NULL DEFAULT 0, -- the promised hour, from matching
    technician_name text NOT NULL DEFAULT '',
    lines_expected int NOT NULL DEFAULT -1, -- -1: the visit is not closed
    lines_answered int NOT NULL DEFAULT 0,
    lines_booked int NOT NULL DEFAULT 0
);
CREATE INDEX work_order_reference ON work_order (partner_id, partner_reference);
-- The same claim and service is the same order, as long as it is open (IN-08).
CREATE UNIQUE INDEX work_order_open_claim ON work_order (partner_id, partner_reference, service_id)
    WHERE partner_reference <> '' AND state NOT IN (4, 5, 6);
-- Orders that still want an hour: waiting for a choice, or for anybody who can come.
CREATE INDEX work_order_choose ON work_order (choose_until) WHERE state IN (1, 7);

-- Somebody has to call the customer. At most one open task an order.
CREATE TABLE call_task (
    task_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES work_order,
    partner_id text NOT NULL,
    reason text NOT NULL,
    opened_at bigint NOT NULL,
    due_at bigint NOT NULL,
    closed_at bigint,
    outcome text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX call_task_open ON call_task (work_order_id) WHERE closed_at IS NULL;

-- Intake's copy of billing's price list, newest version by valid_from.
CREATE TABLE price (
    price_list_id text,
    item text,
    valid_from bigint,
    price_grosz bigint NOT NULL,
    PRIMARY KEY (price_list_id, item, valid_from)
);

-- Lines that were answered, so that none is answered twice.
CREATE TABLE cost_line (
    line_id text PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES work_order,
    partner_id text NOT NULL,
    total_grosz bigint NOT NULL,
    covered_grosz bigint NOT NULL
);

-- One process polls the mailbox at a time.
CREATE TABLE mail_poll (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), lease_until bigint NOT NULL);
INSERT INTO mail_poll VALUES (true, 0);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['partner', 'api_key', 'contract', 'covered_service', 'guarantee', 'report', 'work_order', 'call_task', 'cost_line'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY wall ON %I USING (may_see(partner_id)) WITH CHECK (may_see(partner_id))', t);
    END LOOP;
END $$;
