-- Where technicians work. Nothing here belongs to a partner.

CREATE TABLE territory (
    id text PRIMARY KEY,
    name text NOT NULL,
    version bigint NOT NULL
);
CREATE TABLE territory_circle (
    territory_id text REFERENCES territory ON DELETE CASCADE,
    place int,                          -- in the territory's list
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    radius_m bigint NOT NULL CHECK (radius_m > 0),
    PRIMARY KEY (territory_id, place)
);
-- Hours in which nobody comes there on purpose; columns as in shift_pattern.
CREATE TABLE territory_closed (
    territory_id text REFERENCES territory ON DELETE CASCADE,
    place int,
    weekdays int NOT NULL CHECK (weekdays BETWEEN 0 AND 127),
    from_minute int NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
    until_minute int NOT NULL CHECK (until_minute BETWEEN 0 AND 1439),
    rrule text NOT NULL,
    starts_on int NOT NULL,
    except_on text[] NOT NULL,
    holidays int NOT NULL CHECK (holidays BETWEEN 0 AND 2),
    PRIMARY KEY (territory_id, place),
    CHECK (from_minute <> until_minute)
);
CREATE TABLE technician_territory (
    technician_id uuid REFERENCES technician ON DELETE CASCADE,
    territory_id text REFERENCES territory,
    told_version bigint NOT NULL,       -- of the territory, in the technician's last fact
    PRIMARY KEY (technician_id, territory_id)
);
-- Who has to be told anew since a territory has changed.
CREATE INDEX technician_territory_told ON technician_territory (territory_id, told_version);
