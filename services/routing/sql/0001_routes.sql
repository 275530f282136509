-- Routes, proposals and last positions. No row here is shown to a partner, a customer or a supplier (the callers
-- are our own people, and technicians for themselves), and no table has a partner_id, so none has a wall.

-- Matching's book, as last heard; older versions are ignored.
CREATE TABLE technician_day (
    technician_id uuid,
    day int,                             -- days since 1970-01-01 in Warsaw
    version bigint NOT NULL,
    region text NOT NULL,                -- of his home
    home_lat double precision NOT NULL,
    home_lon double precision NOT NULL,
    is_working boolean NOT NULL,
    book bytea NOT NULL,                 -- packed matching.v1.TechnicianDay
    PRIMARY KEY (technician_id, day)
);
CREATE INDEX technician_day_region ON technician_day (region, day) WHERE is_working;
CREATE INDEX technician_day_day ON technician_day (day);

CREATE TABLE route (
    technician_id uuid,
    day int,
    technician_day_version bigint NOT NULL,
    route bytea NOT NULL,                -- packed routing.v1.Route
    stops int NOT NULL,
    travel_ms bigint NOT NULL,
    travel_m bigint NOT NULL,
    idle_ms bigint NOT NULL,
    input_hash text NOT NULL,
    rule_version int NOT NULL,
    provider text NOT NULL,
    planned_at bigint NOT NULL,
    PRIMARY KEY (technician_id, day)
);
CREATE INDEX route_day ON route (day);

CREATE TABLE work_order (
    id uuid PRIMARY KEY,
    opened_at bigint NOT NULL
);

-- How far a visit has come.
CREATE TABLE progress (
    visit_id uuid PRIMARY KEY,
    technician_id uuid NOT NULL,
    start_at bigint NOT NULL,
    progress int NOT NULL CHECK (progress BETWEEN 0 AND 3), -- domain/predict_day.h
    on_the_way_at bigint NOT NULL,
    there_at bigint NOT NULL,
    done_at bigint NOT NULL
);
CREATE INDEX progress_technician ON progress (technician_id, start_at);

-- Days that changed since they were last improved; only added to by facts, so that nobody waits.
CREATE TABLE day_changed (
    region text,
    day int,
    technician_id uuid,
    version bigint,
    changed_at bigint NOT NULL,          -- machine time
    PRIMARY KEY (region, day, technician_id, version)
);
CREATE INDEX day_changed_first ON day_changed (region, day, changed_at);
CREATE INDEX day_changed_day ON day_changed (day);

-- One improvement at a time in a region: it is resting, computing or waiting for an answer, each until then.
CREATE TABLE region (
    id text PRIMARY KEY,
    state text NOT NULL DEFAULT 'resting' CHECK (state IN ('resting', 'computing', 'proposed')),
    until bigint NOT NULL DEFAULT 0,     -- machine time, like taken_at
    taken_at bigint NOT NULL DEFAULT 0,
    day int NOT NULL DEFAULT 0,
    technician_ids uuid[] NOT NULL DEFAULT '{}',
    versions bigint[] NOT NULL DEFAULT '{}',
    input_hash text NOT NULL DEFAULT '',
    plan_id uuid
);

-- What was proposed, with everything that is needed to compute it again.
CREATE TABLE plan (
    plan_id uuid PRIMARY KEY,
    region text NOT NULL,
    day int NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'accepted', 'refused', 'expired')),
    proposed_at bigint NOT NULL,
    swaps_left int NOT NULL,
    saved_ms bigint NOT NULL,
    saved_m bigint NOT NULL,
    input_hash text NOT NULL,            -- also the seed of the search
    rule_version int NOT NULL,
    input bytea NOT NULL,                -- domain/region_day.h
    refused_by text NOT NULL DEFAULT '', -- matching's rule
    refused_technician_id text NOT NULL DEFAULT ''
);
CREATE INDEX plan_refused ON plan (input_hash) WHERE state = 'refused';
CREATE INDEX plan_open ON plan (region) WHERE state = 'open';

CREATE TABLE plan_swap (
    plan_id uuid REFERENCES plan,
    visit_id uuid,
    work_order_id uuid NOT NULL,
    from_technician_id uuid NOT NULL,
    to_technician_id uuid NOT NULL,
    is_taken boolean NOT NULL DEFAULT false,
    PRIMARY KEY (plan_id, visit_id)
);
CREATE INDEX plan_swap_visit ON plan_swap (visit_id) WHERE NOT is_taken;

CREATE TABLE last_position (
    technician_id uuid PRIMARY KEY,
    sequence bigint NOT NULL,
    at bigint NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    status text NOT NULL,
    heard_at bigint NOT NULL             -- machine time
);
CREATE INDEX last_position_heard ON last_position (heard_at);

-- Work that one process does at a time; until is machine time.
CREATE TABLE lease (
    name text PRIMARY KEY,
    until bigint NOT NULL
);
INSERT INTO lease VALUES ('refill', 0);
