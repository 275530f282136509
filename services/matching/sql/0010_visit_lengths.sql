-- How long visits took, by service, and the length that new ones are booked with.

ALTER TABLE order_copy ADD COLUMN contract_length_ms bigint; -- as intake told it; visit_length_ms is what the order is booked with
ALTER TABLE order_copy ADD COLUMN own_length_ms bigint;      -- the service's own when the order was first heard of; NULL: none then
UPDATE order_copy SET contract_length_ms = visit_length_ms;
-- A visit of no length would fit everywhere. Intake refuses such contracts; a fact that says so all the same is parked.
ALTER TABLE order_copy ADD CONSTRAINT order_has_visit_length CHECK (visit_length_ms > 0);

-- Figures only: no partner, no person, no place.
CREATE TABLE visit_time (
    visit_id uuid PRIMARY KEY,
    service_id text NOT NULL,
    length_ms bigint NOT NULL,          -- on site, from there to done
    promised_ms bigint NOT NULL,        -- what it was booked with
    contract_ms bigint NOT NULL,        -- what the contract said
    at bigint NOT NULL,
    counts boolean NOT NULL             -- domain/visit_length.h: length_is_sane
);
CREATE INDEX visit_time_service ON visit_time (service_id, at);
CREATE INDEX visit_time_left_out ON visit_time (service_id) WHERE NOT counts;

CREATE TABLE visit_length (
    service_id text PRIMARY KEY,
    due_at bigint NOT NULL,             -- the next night's computation
    length_ms bigint CHECK (length_ms > 0), -- NULL: too few visits, the contract's own stands
    visits bigint NOT NULL DEFAULT 0,   -- counted, of the last year
    recent bigint NOT NULL DEFAULT 0,   -- of the last 90 days …
    overruns bigint NOT NULL DEFAULT 0, -- … and how many of them took longer than they were booked with
    contract_least_ms bigint NOT NULL DEFAULT 0, -- of the contracts of those 90 days
    contract_most_ms bigint NOT NULL DEFAULT 0,
    computed_at bigint NOT NULL DEFAULT 0,
    rule_version int NOT NULL DEFAULT 0
);
CREATE INDEX visit_length_due ON visit_length (due_at);
