-- What one accepted order writes, as plain inserts of one transaction: the peer of intake's POST /v1/work-orders.
\set n random(1, 2000000000)
BEGIN;
INSERT INTO intake.report (report_id, channel, partner_id, raw, received_at, outcome) VALUES (gen_random_uuid(), 1, 'bench', repeat('x', 380)::bytea, 1, 'opened');
INSERT INTO intake.guarantee (contract_id, policy, partner_id, sum_grosz, reserved_grosz) VALUES ('bench', gen_random_uuid()::text, 'bench', 100000, 40000);
WITH p AS (
    INSERT INTO person.person (id, partner_id, first_name, last_name, phone, email, language, is_senior, created_at)
    VALUES (gen_random_uuid(), 'bench', 'Anna', 'Nowak', '+48501234567', '', 'pl', false, 1) RETURNING id),
a AS (
    INSERT INTO person.address (person_id, partner_id, street, house, flat, postcode, town, district, lat, lon)
    SELECT id, 'bench', 'Prosta', '5', '', '00-850', 'Warszawa', '', 52.23, 20.99 FROM p),
w AS (
    INSERT INTO person.words (key, person_id, partner_id, body) SELECT gen_random_uuid(), id, 'bench', 'Cieknie rura pod zlewem' FROM p)
INSERT INTO intake.work_order (work_order_id, number, partner_id, contract_id, policy, partner_reference, channel, chooser, urgency, state, service_id, skill,
    part_sku, person_id, lat, lon, town, district, accuracy, visit_length_ms, earliest_at, latest_by, tolerance_ms, reserved_grosz, used_grosz, opened_at,
    origin, language, cancel_reason, description_key, choose_until)
SELECT gen_random_uuid(), gen_random_uuid()::text, 'bench', 'bench', gen_random_uuid()::text, gen_random_uuid()::text, 1, 2, 2, 1, 'plumbing.leak', 'plumbing',
    '', id, 52.23, 20.99, 'Warszawa', '', 1, 3600000, 1, 2, 900000, 40000, 0, 1, '', 'pl', '', '', 9000000000000 FROM p;
INSERT INTO intake.subject (id, sequence, trace) VALUES (gen_random_uuid()::text, 1, '');
INSERT INTO intake.outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload)
VALUES (gen_random_uuid(), 'bench', 'k', gen_random_uuid()::text, 1, 'intake.v1.WorkOrderOpened', 'bench', '', '', 1, repeat('x', 300)::bytea);
INSERT INTO intake.request (actor, key, hash, status, headers, body, at) VALUES ('bench', gen_random_uuid()::text, 'h', 201, '{}', repeat('x', 380)::bytea, 1);
COMMIT;
