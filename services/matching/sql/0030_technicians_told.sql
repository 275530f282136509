-- What workforce told of each technician last, so that the days made of it can be checked against it every night. The version
-- before does not write here; what it misses is told again at midnight.

CREATE TABLE technician_told (
    technician_id uuid PRIMARY KEY,
    told bytea NOT NULL,            -- packed workforce.v1.Technician
    active boolean NOT NULL,
    works_until bigint NOT NULL,    -- end of the last work or hours on call that was told, absences taken out; 0: none
    check_at bigint NOT NULL,       -- the next check; 0: at once
    days_amiss int NOT NULL         -- as the last check found
);
CREATE INDEX technician_told_check ON technician_told (check_at);
