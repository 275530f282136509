-- What was told of a licence's end, once each: 45, 14, 3 days before it, and 0 when it came. Beside the licences, which are
-- replaced as a whole; a licence with another valid_until is a renewed one, of which nothing was told.

CREATE TABLE licence_told (
    technician_id uuid REFERENCES technician ON DELETE CASCADE,
    kind text,
    number text,
    valid_until bigint NOT NULL,
    stage int NOT NULL,
    PRIMARY KEY (technician_id, kind, number)
);
CREATE INDEX licence_end ON licence (valid_until);
