-- Accounts' tokens, customers' links, and portal's own copies of what the pages show.

-- Who may sign in. Looked up by its hash before anybody knows whose it is; never partner-facing.
CREATE TABLE token (
    sha256 text PRIMARY KEY,            -- hex, of the whole token; the token itself is shown once
    kind text NOT NULL CHECK (kind IN ('operator', 'consultant', 'technician', 'partner', 'supplier')),
    actor_id text NOT NULL,
    partner text NOT NULL,              -- the wall of a partner's people; empty for our own
    made_at bigint NOT NULL,            -- the machine's clock, here and below
    expires_at bigint NOT NULL,
    revoked_at bigint
);
CREATE INDEX token_actor ON token (kind, actor_id);

-- Links in messages to customers.
CREATE TABLE link (
    sha256 text PRIMARY KEY,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    person_id text NOT NULL,
    purpose text NOT NULL,
    expires_at bigint NOT NULL          -- the suite's clock
);
CREATE INDEX link_expires ON link (expires_at);

CREATE TABLE partner_copy (
    partner_id text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE service_copy (
    partner_id text,
    service_id text,
    name text NOT NULL,
    PRIMARY KEY (partner_id, service_id)
);

CREATE TABLE order_copy (
    work_order_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    number text NOT NULL,
    state int NOT NULL,                 -- intake.v1.WorkOrderState
    service_id text NOT NULL,
    town text NOT NULL,
    district text NOT NULL
);

-- matching tells the hour and the technician, visits the course; each writes its own columns.
CREATE TABLE visit_copy (
    visit_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    number text NOT NULL,
    technician_name text NOT NULL,
    start_at bigint NOT NULL,
    tolerance_ms bigint NOT NULL,
    booked int NOT NULL,                -- matching.v1.VisitState; 0: not heard yet
    told bigint NOT NULL,               -- sequence of matching's last fact about it; 0: none
    course int NOT NULL,                -- visits.v1.CourseState; 0: not heard yet
    eta_at bigint NOT NULL,
    shown int NOT NULL                  -- what domain/customer_page.h makes of both
);
CREATE INDEX visit_copy_order ON visit_copy (work_order_id);
CREATE INDEX visit_copy_live ON visit_copy (start_at) WHERE shown BETWEEN 1 AND 3;

CREATE TABLE part_copy (
    purchase_order_id text PRIMARY KEY,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    name text NOT NULL,
    state int NOT NULL,                 -- parts.v1.PurchaseState
    promised_by bigint NOT NULL
);
CREATE INDEX part_copy_order ON part_copy (work_order_id);

-- The newest facts; older than the newest 500 are swept.
CREATE TABLE event_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partner_id text NOT NULL,
    work_order_id uuid,                 -- NULL when it is about none
    type text NOT NULL,
    word text NOT NULL,
    hour_at bigint NOT NULL,
    at bigint NOT NULL
);

-- Counters without a hot row: turns only add lines here, a timer folds them into state_count, a
-- count is the sum of both.
CREATE TABLE tally (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,                 -- order, visit, message, event
    state text NOT NULL,
    delta int NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
CREATE TABLE state_count (
    kind text,
    state text,
    count bigint NOT NULL,
    PRIMARY KEY (kind, state)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['link', 'partner_copy', 'service_copy', 'order_copy', 'visit_copy', 'part_copy', 'event_log'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY wall ON %I USING (may_see(partner_id)) WITH CHECK (may_see(partner_id))', t);
    END LOOP;
END $$;

-- Whoever opens a link is nobody until it is found: the hash of its 128 random bits is what he has
-- to show, and exactly that row is what he gets.
CREATE POLICY by_hash ON link FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION find_link(hash text) RETURNS SETOF link
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS 'SELECT * FROM link WHERE sha256 = hash';
