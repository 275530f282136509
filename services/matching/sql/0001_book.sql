-- The book: technician-days with their version, and the visits that stand in them.

CREATE TABLE order_copy (
    work_order_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    number text NOT NULL,
    service_id text NOT NULL,
    skill text NOT NULL,
    person_id text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    town text NOT NULL,
    district text NOT NULL,
    accuracy int NOT NULL,
    visit_length_ms bigint NOT NULL,
    earliest_at bigint NOT NULL,
    latest_by bigint NOT NULL,
    tolerance_ms bigint NOT NULL,
    chooser int NOT NULL,
    urgency int NOT NULL,
    opened_at bigint NOT NULL,
    is_open boolean NOT NULL,
    try_again_at bigint            -- nobody could come: the engine looks again then
);
CREATE INDEX order_try_again ON order_copy (try_again_at) WHERE is_open AND try_again_at IS NOT NULL;

-- Shape: who he is and when he works that day, as a packed matching.v1.TechnicianDay without visits.
CREATE TABLE technician_day (
    technician_id uuid,
    day int,
    version bigint NOT NULL,
    shape bytea NOT NULL,
    PRIMARY KEY (technician_id, day)
);

CREATE TABLE visit (
    visit_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES order_copy,
    partner_id text NOT NULL,
    technician_id uuid NOT NULL,
    day int NOT NULL,
    start_at bigint NOT NULL,
    length_ms bigint NOT NULL CHECK (length_ms > 0),
    tolerance_ms bigint NOT NULL,
    state int NOT NULL CHECK (state BETWEEN 0 AND 6),   -- matching.v1.VisitState; 0: between two technicians of one plan
    hold_until bigint NOT NULL,                         -- machine time; 0 unless held
    moves int NOT NULL,
    replaces text NOT NULL,
    technician_name text NOT NULL,
    booked_at bigint NOT NULL,
    wants_other boolean NOT NULL DEFAULT false,         -- his technician cannot come any more: somebody else, or another hour
    during int8range GENERATED ALWAYS AS (int8range(start_at, start_at + length_ms)) STORED,
    CHECK ((state = 1) = (hold_until > 0)),
    -- The last word (I2): held, booked and done work of one technician never overlaps.
    CONSTRAINT no_double_booking EXCLUDE USING gist (technician_id WITH =, during WITH &&) WHERE (state IN (1, 2, 5))
);
CREATE UNIQUE INDEX one_promise ON visit (work_order_id) WHERE state = 2;
CREATE INDEX visit_day ON visit (technician_id, day);
CREATE INDEX visit_order ON visit (work_order_id);
CREATE INDEX visit_wants_other ON visit (work_order_id) WHERE wants_other;
CREATE INDEX visit_held ON visit (hold_until) WHERE state = 1;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['order_copy', 'visit'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY wall ON %I USING (may_see(partner_id)) WITH CHECK (may_see(partner_id))', t);
    END LOOP;
END $$;
