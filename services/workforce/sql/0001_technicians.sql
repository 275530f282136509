-- Who may work and when. Nothing here belongs to a partner, so no table has a wall.

CREATE TABLE technician (
    id uuid PRIMARY KEY,
    first_name text NOT NULL,
    skills text[] NOT NULL,             -- keys of lib/domain/skills.def
    home_lat double precision NOT NULL, -- rounded to 0.001 degree
    home_lon double precision NOT NULL,
    home_town text NOT NULL,
    home_district text NOT NULL,
    active boolean NOT NULL,
    longest_travel_m bigint NOT NULL CHECK (longest_travel_m >= 0),
    version bigint NOT NULL,
    tell_again_at bigint NOT NULL       -- the local midnight that moves the horizon
);
CREATE INDEX technician_tell_again ON technician (tell_again_at);

CREATE TABLE licence (
    technician_id uuid REFERENCES technician ON DELETE CASCADE,
    kind text,                          -- licence_key() of lib/domain/skill.h
    number text,
    valid_from bigint NOT NULL,
    valid_until bigint NOT NULL,
    PRIMARY KEY (technician_id, kind, number),
    CHECK (valid_from < valid_until)
);

-- Every week; until <= from ends on the next day.
CREATE TABLE shift_pattern (
    technician_id uuid REFERENCES technician ON DELETE CASCADE,
    place int,                          -- in the technician's list
    weekdays int NOT NULL CHECK (weekdays BETWEEN 1 AND 127), -- bit 0 is Monday
    from_minute int NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    until_minute int NOT NULL CHECK (until_minute BETWEEN 0 AND 1439),
    PRIMARY KEY (technician_id, place),
    CHECK (from_minute <> until_minute)
);

-- The reason stays here: it may say something about somebody's health.
CREATE TABLE absence (
    id uuid PRIMARY KEY,
    technician_id uuid NOT NULL REFERENCES technician ON DELETE CASCADE,
    from_at bigint NOT NULL,
    until_at bigint NOT NULL,
    reason text NOT NULL,
    entered_at bigint NOT NULL,
    CHECK (from_at < until_at)
);
CREATE INDEX absence_technician ON absence (technician_id, until_at);
