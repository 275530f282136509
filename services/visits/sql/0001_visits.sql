-- The course of every visit, what proves it, and the copies needed to judge it.

-- What of a work order a visit needs to know; opened by intake.
CREATE TABLE work_order (
    work_order_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    contract_id text NOT NULL,
    service_id text NOT NULL,
    person_id uuid,
    description_key text NOT NULL,  -- row of the vault with the customer's own words, or empty
    number text NOT NULL
);

-- What a partner's contract wants proven, by service: "photo,signature".
CREATE TABLE protocol_rule (
    partner_id text,
    contract_id text,
    service_id text,
    words text NOT NULL,
    PRIMARY KEY (partner_id, contract_id, service_id)
);

CREATE TABLE course (
    visit_id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY,  -- a later visit of the same order has a higher one
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    technician_id uuid NOT NULL,
    technician_name text NOT NULL,
    person_id uuid,
    description_key text NOT NULL,
    contract_id text NOT NULL,
    service_id text NOT NULL,
    number text NOT NULL,
    state smallint NOT NULL CHECK (state BETWEEN 1 AND 7),  -- domain/course_states.h
    start_at bigint NOT NULL,
    tolerance_ms bigint NOT NULL,
    length_ms bigint NOT NULL,
    on_the_way_at bigint NOT NULL,
    eta_at bigint NOT NULL,
    there_at bigint NOT NULL,
    ended_at bigint NOT NULL,
    missed_due_at bigint NOT NULL,
    protocol_key uuid,
    solved text NOT NULL CHECK (solved IN ('', 'yes', 'no', 'partly'))
);
CREATE INDEX course_of_order ON course (work_order_id, ordinal);
CREATE INDEX course_of_technician ON course (technician_id, start_at);
CREATE INDEX course_due ON course (missed_due_at) WHERE state IN (1, 2);

-- Everything that was said about a visit, also twice, also too late: when it happened by the phone's
-- clock, when it was heard by ours. Only ever added to.
CREATE TABLE course_event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES course,
    partner_id text NOT NULL,
    technician_id uuid NOT NULL,
    event text NOT NULL,
    was smallint NOT NULL,
    became smallint NOT NULL,
    at bigint NOT NULL,
    entered_at bigint NOT NULL,
    eta_at bigint NOT NULL,
    lat double precision,   -- of the phone, rounded to 0.001 degree
    lon double precision
);
CREATE INDEX course_event_of_visit ON course_event (visit_id, event_id);

-- A photo or signature; the bytes lie under FILES_DIR by their hash.
CREATE TABLE proof_file (
    visit_id uuid NOT NULL REFERENCES course,
    kind text NOT NULL CHECK (kind IN ('before', 'after', 'signature')),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    technician_id uuid NOT NULL,
    size bigint NOT NULL,
    media_type text NOT NULL,
    width int NOT NULL,
    height int NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (visit_id, kind, sha256)
);
CREATE INDEX proof_file_of_order ON proof_file (work_order_id, sha256);

-- The technician's own words, which may speak of a person: never in facts.
CREATE TABLE protocol (
    visit_id uuid PRIMARY KEY REFERENCES course,
    protocol_key uuid NOT NULL UNIQUE,
    partner_id text NOT NULL,
    findings text NOT NULL,
    work_done text NOT NULL,
    solved text NOT NULL,
    card_payment_offered boolean NOT NULL,
    signer_name text NOT NULL,
    refusal_reason text NOT NULL,   -- why there is no signature
    absence_note text NOT NULL,     -- when the customer did not open
    at bigint NOT NULL,
    entered_at bigint NOT NULL
);

CREATE TABLE protocol_line (
    line_id uuid PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES course,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    position int NOT NULL,
    item text NOT NULL,
    quantity bigint NOT NULL,       -- thousandths
    answer text NOT NULL CHECK (answer IN ('asked', 'accepted', 'refused')),
    total_grosz bigint NOT NULL,
    covered_grosz bigint NOT NULL,
    left_grosz bigint NOT NULL,     -- of the guarantee sum after this line
    rule text NOT NULL              -- why it was refused
);
CREATE INDEX protocol_line_of_visit ON protocol_line (visit_id, position);

CREATE TABLE used_part (
    visit_id uuid NOT NULL REFERENCES course,
    position int NOT NULL,
    partner_id text NOT NULL,
    sku text NOT NULL,
    quantity bigint NOT NULL,
    PRIMARY KEY (visit_id, position)
);

-- Who may see a row of a visit: its partner, our own people, and the technician whose visit it is.
CREATE FUNCTION is_own_visit(technician uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT current_setting('app.actor', true) = 'technician'
       AND technician::text = current_setting('app.actor_id', true)
$$;

ALTER TABLE work_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_order FORCE ROW LEVEL SECURITY;
ALTER TABLE protocol_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE protocol_rule FORCE ROW LEVEL SECURITY;
ALTER TABLE course ENABLE ROW LEVEL SECURITY;
ALTER TABLE course FORCE ROW LEVEL SECURITY;
ALTER TABLE course_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE course_event FORCE ROW LEVEL SECURITY;
ALTER TABLE proof_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE proof_file FORCE ROW LEVEL SECURITY;
ALTER TABLE protocol ENABLE ROW LEVEL SECURITY;
ALTER TABLE protocol FORCE ROW LEVEL SECURITY;
ALTER TABLE protocol_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE protocol_line FORCE ROW LEVEL SECURITY;
ALTER TABLE used_part ENABLE ROW LEVEL SECURITY;
ALTER TABLE used_part FORCE ROW LEVEL SECURITY;

CREATE POLICY wall ON work_order USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON protocol_rule USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON course USING (may_see(partner_id) OR is_own_visit(technician_id))
    WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON course_event USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON proof_file USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON protocol USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON protocol_line USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON used_part USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
