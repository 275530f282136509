-- What is kept for emergencies, and from which demand.

-- Every emergency order of the last eight weeks, beyond the life of its copy: what demand is counted from.
CREATE TABLE demand (
    work_order_id uuid PRIMARY KEY,
    town text NOT NULL,
    skill text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    visit_length_ms bigint NOT NULL,
    opened_at bigint NOT NULL,
    hour_of_week int NOT NULL CHECK (hour_of_week BETWEEN 0 AND 167), -- lib/domain/calendar.h
    refused_at bigint                   -- nobody could come, said for the first time
);
CREATE INDEX demand_hour ON demand (hour_of_week, opened_at);
CREATE INDEX demand_refused ON demand (refused_at) WHERE refused_at IS NOT NULL;

-- One hour of one technician, planned; what the technician-day's shape says in `reserved` follows it.
CREATE TABLE reserve (
    technician_id uuid,
    day int,
    from_at bigint,
    until_at bigint NOT NULL,
    town text NOT NULL,                 -- for whose demand
    skill text NOT NULL,
    rule_version int NOT NULL,
    PRIMARY KEY (technician_id, day, from_at)
);
CREATE INDEX reserve_day ON reserve (day, from_at);
CREATE INDEX reserve_until ON reserve (until_at);

-- Technician-days whose shape has to be compared with `reserve`.
CREATE TABLE reserve_due (technician_id uuid, day int, PRIMARY KEY (technician_id, day));
-- Days to plan; made every night.
CREATE TABLE reserve_plan (day int PRIMARY KEY);
CREATE TABLE reserve_night (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), due_at bigint NOT NULL);
INSERT INTO reserve_night VALUES (true, 0);
