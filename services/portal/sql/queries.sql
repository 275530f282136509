-- name: save_token
INSERT INTO token (sha256, kind, actor_id, partner, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING 1
-- name: revoke_tokens
UPDATE token SET revoked_at = $3 WHERE kind = $1 AND actor_id = $2 AND revoked_at IS NULL RETURNING 1
-- name: load_token
SELECT kind, actor_id, partner, expires_at FROM token WHERE sha256 = $1 AND revoked_at IS NULL AND expires_at > $2

-- name: save_link
-- Told after its person was forgotten, or told again, it opens nothing.
INSERT INTO link (sha256, work_order_id, partner_id, person_id, purpose, expires_at)
SELECT $1, $2::uuid, $3, $4::text, $5, $6 WHERE EXISTS (SELECT 1 FROM person.person WHERE id = $4::uuid)
ON CONFLICT (sha256) DO NOTHING
-- name: load_link
SELECT sha256, work_order_id, partner_id, person_id, purpose FROM find_link($1) WHERE expires_at > $2
-- name: forget_links
DELETE FROM link WHERE work_order_id = $1::uuid
-- name: sweep_links
DELETE FROM link WHERE expires_at < $1

-- name: save_partner
INSERT INTO partner_copy (partner_id, name) VALUES ($1, $2)
ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name
-- name: save_service
INSERT INTO service_copy (partner_id, service_id, name) VALUES ($1, $2, $3)
ON CONFLICT (partner_id, service_id) DO UPDATE SET name = excluded.name

-- name: load_order_state
SELECT state FROM order_copy WHERE work_order_id = $1::uuid
-- name: save_order
INSERT INTO order_copy (work_order_id, partner_id, number, state, service_id, town, district, partner_reference, contract_id,
                        person_id, opened_at, lat, lon, skill, visit_length_ms)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (work_order_id) DO UPDATE
   SET state = excluded.state, service_id = excluded.service_id, town = excluded.town, district = excluded.district,
       partner_reference = excluded.partner_reference, contract_id = excluded.contract_id, person_id = excluded.person_id,
       opened_at = excluded.opened_at, lat = excluded.lat, lon = excluded.lon, skill = excluded.skill,
       visit_length_ms = excluded.visit_length_ms

-- name: load_visit_states
SELECT booked, told, course, eta_at FROM visit_copy WHERE visit_id = $1::uuid
-- name: age_visits
UPDATE visit_copy SET told = told - 1 WHERE work_order_id = $1::uuid AND visit_id <> $2::uuid AND told >= $3
-- name: drop_orders
WITH costs AS (DELETE FROM cost_copy WHERE work_order_id::text = ANY ($1::text[]))
DELETE FROM order_copy WHERE work_order_id::text = ANY ($1::text[]) RETURNING state
-- name: drop_visits
DELETE FROM visit_copy WHERE work_order_id::text = ANY ($1::text[]) RETURNING shown
-- name: drop_partners
WITH services AS (DELETE FROM service_copy WHERE partner_id = ANY ($1::text[])),
     contracts AS (DELETE FROM contract_copy WHERE partner_id = ANY ($1::text[]))
DELETE FROM partner_copy WHERE partner_id = ANY ($1::text[])
-- name: drop_parts
DELETE FROM part_copy WHERE work_order_id::text = ANY ($1::text[])
-- name: drop_links
DELETE FROM link WHERE work_order_id::text = ANY ($1::text[])
-- name: save_booking
-- The version before reads the number here.
INSERT INTO visit_copy (visit_id, work_order_id, partner_id, technician_name, start_at, tolerance_ms,
                        booked, told, course, eta_at, shown, number)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, 0, 0, $9,
        coalesce((SELECT number FROM order_copy WHERE work_order_id = $2::uuid), ''))
ON CONFLICT (visit_id) DO UPDATE
   SET technician_name = excluded.technician_name, start_at = excluded.start_at,
       tolerance_ms = excluded.tolerance_ms, booked = excluded.booked, told = excluded.told, shown = excluded.shown
-- name: save_course
INSERT INTO visit_copy (visit_id, work_order_id, partner_id, technician_name, start_at, tolerance_ms,
                        booked, told, course, eta_at, shown)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, 0, 0, $7, $8, $9)
ON CONFLICT (visit_id) DO UPDATE
   SET course = excluded.course, eta_at = excluded.eta_at, shown = excluded.shown

-- name: save_part
INSERT INTO part_copy (purchase_order_id, work_order_id, partner_id, name, state, promised_by, sku)
VALUES ($1, $2::uuid, $3, $4, $5, $6, $7)
ON CONFLICT (purchase_order_id) DO UPDATE
   SET state = excluded.state, promised_by = excluded.promised_by, sku = excluded.sku
-- name: drop_part
DELETE FROM part_copy WHERE purchase_order_id = $1
-- name: forget_contract
DELETE FROM contract_copy WHERE contract_id = $1
-- name: save_contract_service
INSERT INTO contract_copy (contract_id, service_id, partner_id, contract_name, service_name) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (contract_id, service_id) DO UPDATE
   SET contract_name = excluded.contract_name, service_name = excluded.service_name
-- name: save_cost
INSERT INTO cost_copy (line_id, work_order_id, partner_id, item, quantity, total_grosz, covered_grosz, is_accepted, at)
VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $8 <> 0, $9) ON CONFLICT (line_id) DO NOTHING
-- name: save_price
INSERT INTO price_copy (item, name, unit, price_grosz, valid_from) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (item) DO UPDATE
   SET name = excluded.name, unit = excluded.unit, price_grosz = excluded.price_grosz, valid_from = excluded.valid_from
 WHERE price_copy.valid_from <= excluded.valid_from

-- name: save_event
WITH noted AS (
    INSERT INTO event_log (partner_id, work_order_id, type, word, hour_at, is_story, at, fact_id, source, subject, sequence, trace, cause)
    VALUES ($1, $2::uuid, $3, $4, $5, $6 <> 0, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (source, subject, sequence) WHERE sequence > 0 DO NOTHING RETURNING type)
INSERT INTO tally (kind, state, delta) SELECT 'event', type, 1 FROM noted
-- name: add_tally
INSERT INTO tally (kind, state, delta) VALUES ($1, $2, $3)
-- name: fold_tally
WITH taken AS (
    DELETE FROM tally WHERE id IN (SELECT id FROM tally ORDER BY id LIMIT 5000 FOR UPDATE SKIP LOCKED)
    RETURNING kind, state, delta)
INSERT INTO state_count (kind, state, count)
SELECT kind, state, sum(delta) FROM taken GROUP BY kind, state ORDER BY kind, state
ON CONFLICT (kind, state) DO UPDATE SET count = state_count.count + excluded.count
-- name: sweep_events
DELETE FROM event_log WHERE id IN (SELECT id FROM event_log WHERE at < $1 ORDER BY at LIMIT 20000)

-- What a customer's page shows of his order: the newest visit, the newest part.
-- name: load_customer_order
SELECT o.number, o.state, o.town, coalesce(p.name, ''), coalesce(s.name, ''),
       v.visit_id IS NOT NULL, v.technician_name, v.start_at, v.tolerance_ms, v.shown, v.eta_at, v.told, o.visit_length_ms
  FROM order_copy o
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
  LEFT JOIN LATERAL (SELECT * FROM visit_copy WHERE work_order_id = o.work_order_id
                      ORDER BY told DESC, start_at DESC LIMIT 1) v ON true
 WHERE o.work_order_id = $1::uuid
-- name: load_customer_parts
-- A purchase that was called off is not shown beside what came in its place.
SELECT name, state, promised_by, sku FROM part_copy p
 WHERE work_order_id = $1::uuid
   AND (state <> 6 OR NOT EXISTS (SELECT FROM part_copy o WHERE o.work_order_id = p.work_order_id AND o.sku = p.sku AND o.state <> 6))
 ORDER BY purchase_order_id LIMIT 10
-- name: position_is_heard
SELECT 1 FROM heard WHERE source = $1 AND subject = $2 AND sequence >= $3

-- name: load_counts
SELECT kind, state, sum(n)::bigint FROM (SELECT kind, state, count AS n FROM state_count
                                 UNION ALL SELECT kind, state, delta FROM tally) all_counts
 GROUP BY kind, state HAVING sum(n) > 0 ORDER BY kind, state
-- name: load_next_visits
SELECT v.start_at, v.technician_name, coalesce(o.town, ''), coalesce(o.district, ''), coalesce(o.number, ''), v.shown
  FROM visit_copy v LEFT JOIN order_copy o ON o.work_order_id = v.work_order_id
 WHERE v.shown BETWEEN 1 AND 3 AND v.start_at >= $1 AND v.start_at < $2 ORDER BY v.start_at, o.number LIMIT 30
-- name: load_newest_events
SELECT e.at, e.type, coalesce(o.number, ''),
       CASE e.type WHEN 'WorkOrderOpened' THEN coalesce(s.name, '') ELSE e.word END, e.hour_at, coalesce(e.work_order_id::text, '')
  FROM (SELECT * FROM event_log WHERE is_story ORDER BY id DESC LIMIT 30) e
  LEFT JOIN order_copy o ON o.work_order_id = e.work_order_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
 ORDER BY e.id DESC

-- ---- pages behind a token ----
-- name: load_order_names
SELECT coalesce(s.name, o.service_id), coalesce(p.name, o.partner_id)
  FROM order_copy o
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
 WHERE o.work_order_id = $1::uuid
-- name: load_prices
SELECT item, name, unit, price_grosz FROM price_copy ORDER BY name, item LIMIT 200
-- name: load_offers
SELECT k.contract_id, k.service_id, coalesce(p.name, k.partner_id), k.contract_name, k.service_name
  FROM contract_copy k LEFT JOIN partner_copy p ON p.partner_id = k.partner_id
 ORDER BY 3, k.contract_name, k.service_name LIMIT 500
-- name: load_order_head
SELECT * FROM order_head WHERE work_order_id = $1::uuid
-- name: find_orders
SELECT * FROM order_head WHERE number = $1 OR partner_reference = $1 ORDER BY opened_at DESC LIMIT 50
-- name: load_newest_orders
SELECT * FROM order_head ORDER BY opened_at DESC LIMIT $1
-- name: load_partner_orders
SELECT * FROM order_head WHERE partner_id = $1 AND ($3 = '' OR town = $3) AND ($4 = '' OR contract_id = $4)
 ORDER BY opened_at DESC LIMIT $2
-- name: load_visiting_orders
SELECT o.work_order_id, o.number, o.state, o.partner_reference, coalesce(s.name, o.service_id), coalesce(p.name, o.partner_id),
       o.town, o.district, o.opened_at, o.contract_id, o.person_id, o.partner_id,
       v.technician_name, v.start_at, v.tolerance_ms, v.shown, v.eta_at
  FROM visit_copy v
  JOIN order_copy o ON o.work_order_id = v.work_order_id
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
 WHERE v.partner_id = $1 AND v.shown BETWEEN 1 AND 3 AND v.start_at >= $2 AND v.start_at < $3
 ORDER BY v.start_at, o.number LIMIT $4
-- name: load_story
SELECT at, type, word, hour_at FROM event_log WHERE work_order_id = $1::uuid AND is_story ORDER BY id LIMIT 300
-- name: load_done_visits
SELECT start_at, technician_name FROM visit_copy WHERE work_order_id = $1::uuid AND shown = 4 ORDER BY start_at LIMIT 20
-- name: load_trace
SELECT at, type, word, hour_at, fact_id, source, sequence, trace, cause
  FROM event_log WHERE work_order_id = $1::uuid ORDER BY at, id LIMIT $2
-- name: load_waiting_facts
SELECT told_at, type, source, sequence, 'early' FROM early WHERE subject = $1
 UNION ALL SELECT told_at, type, source, sequence, kind FROM parked WHERE subject = $1
 ORDER BY 1, 3, 4 LIMIT 100
-- name: load_costs
SELECT c.item, coalesce(p.name, c.item), coalesce(p.unit, ''), c.quantity, c.total_grosz, c.covered_grosz, c.is_accepted
  FROM cost_copy c LEFT JOIN price_copy p ON p.item = c.item WHERE c.work_order_id = $1::uuid ORDER BY c.at, c.line_id LIMIT 100

-- A partner's dashboard. The wall lets its own rows through; naming the partner finds them by an index.
-- name: count_visits_by_day
SELECT width_bucket(start_at, $1::bigint[]), count(*) FROM visit_copy
 WHERE partner_id = $4 AND shown BETWEEN 1 AND 3 AND start_at >= $2 AND start_at < $3 GROUP BY 1 ORDER BY 1
-- name: load_partner_events
SELECT e.at, e.type, coalesce(o.number, ''),
       CASE e.type WHEN 'WorkOrderOpened' THEN coalesce(s.name, '') ELSE e.word END, e.hour_at, coalesce(e.work_order_id::text, '')
  FROM (SELECT * FROM event_log WHERE partner_id = $1 AND is_story ORDER BY id DESC LIMIT 30) e
  LEFT JOIN order_copy o ON o.work_order_id = e.work_order_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
 ORDER BY e.id DESC
-- name: load_places
SELECT town, district, count(*), count(*) FILTER (WHERE state IN (1, 2, 3, 7, 8))
  FROM order_copy WHERE partner_id = $1 AND opened_at >= $2 GROUP BY town, district ORDER BY 3 DESC, town, district LIMIT 6
-- name: load_towns
SELECT town, avg(lat), avg(lon) FROM order_copy
 WHERE partner_id = $1 AND opened_at >= $2 AND town <> '' AND lat <> 0 GROUP BY town ORDER BY count(*) DESC, town LIMIT 5
-- name: load_usual_service
SELECT o.skill, o.visit_length_ms, coalesce(s.name, o.service_id)
  FROM (SELECT skill, visit_length_ms, service_id, partner_id, count(*) AS n FROM order_copy
         WHERE partner_id = $1 AND opened_at >= $2 AND skill <> '' GROUP BY 1, 2, 3, 4 ORDER BY n DESC, service_id LIMIT 1) o
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
-- name: load_partner_name
SELECT name FROM partner_copy WHERE partner_id = $1

-- ---- figures ----
-- name: figures
SELECT 'majster_' || kind || 's', format('state="%s"', state), greatest(sum(n), 0)::float8
  FROM (SELECT kind, state, count AS n FROM state_count UNION ALL SELECT kind, state, delta FROM tally) c
 WHERE kind IN ('order', 'visit') AND $1::bigint > 0 AND $2::bigint > 0 GROUP BY kind, state
