-- name: save_token
INSERT INTO token (sha256, kind, actor_id, partner, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING 1
-- name: revoke_tokens
UPDATE token SET revoked_at = $3 WHERE kind = $1 AND actor_id = $2 AND revoked_at IS NULL RETURNING 1
-- name: load_token
SELECT kind, actor_id, partner, expires_at FROM token WHERE sha256 = $1 AND revoked_at IS NULL AND expires_at > $2

-- name: save_link
INSERT INTO link (sha256, work_order_id, partner_id, person_id, purpose, expires_at)
VALUES ($1, $2::uuid, $3, $4, $5, $6) ON CONFLICT (sha256) DO NOTHING
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
INSERT INTO order_copy (work_order_id, partner_id, number, state, service_id, town, district)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7)
ON CONFLICT (work_order_id) DO UPDATE
   SET state = excluded.state, service_id = excluded.service_id, town = excluded.town, district = excluded.district

-- name: load_visit_states
SELECT booked, told, course, eta_at FROM visit_copy WHERE visit_id = $1::uuid
-- name: save_booking
INSERT INTO visit_copy (visit_id, work_order_id, partner_id, number, technician_name, start_at, tolerance_ms,
                        booked, told, course, eta_at, shown)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10)
ON CONFLICT (visit_id) DO UPDATE
   SET number = excluded.number, technician_name = excluded.technician_name, start_at = excluded.start_at,
       tolerance_ms = excluded.tolerance_ms, booked = excluded.booked, told = excluded.told, shown = excluded.shown
-- name: save_course
INSERT INTO visit_copy (visit_id, work_order_id, partner_id, number, technician_name, start_at, tolerance_ms,
                        booked, told, course, eta_at, shown)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10)
ON CONFLICT (visit_id) DO UPDATE
   SET course = excluded.course, eta_at = excluded.eta_at, shown = excluded.shown

-- name: save_part
INSERT INTO part_copy (purchase_order_id, work_order_id, partner_id, name, state, promised_by)
VALUES ($1, $2::uuid, $3, $4, $5, $6)
ON CONFLICT (purchase_order_id) DO UPDATE SET state = excluded.state, promised_by = excluded.promised_by

-- name: save_event
INSERT INTO event_log (partner_id, work_order_id, type, word, hour_at, at) VALUES ($1, $2::uuid, $3, $4, $5, $6)
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
DELETE FROM event_log WHERE id <= (SELECT max(id) - 500 FROM event_log)

-- What a customer's page shows of his order: the newest visit, the newest part.
-- name: load_customer_order
SELECT o.number, o.state, o.town, coalesce(p.name, ''), coalesce(s.name, ''),
       v.visit_id IS NOT NULL, v.technician_name, v.start_at, v.tolerance_ms, v.shown, v.eta_at
  FROM order_copy o
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
  LEFT JOIN LATERAL (SELECT * FROM visit_copy WHERE work_order_id = o.work_order_id
                      ORDER BY told DESC, start_at DESC LIMIT 1) v ON true
 WHERE o.work_order_id = $1::uuid
-- name: load_customer_parts
SELECT name, state, promised_by FROM part_copy WHERE work_order_id = $1::uuid ORDER BY purchase_order_id LIMIT 10
-- name: position_is_heard
SELECT 1 FROM heard WHERE source = $1 AND subject = $2 AND sequence >= $3

-- name: load_counts
SELECT kind, state, sum(n)::bigint FROM (SELECT kind, state, count AS n FROM state_count
                                 UNION ALL SELECT kind, state, delta FROM tally) all_counts
 GROUP BY kind, state HAVING sum(n) > 0 ORDER BY kind, state
-- name: load_next_visits
SELECT v.start_at, v.technician_name, coalesce(o.town, ''), coalesce(o.district, ''), v.number, v.shown
  FROM visit_copy v LEFT JOIN order_copy o ON o.work_order_id = v.work_order_id
 WHERE v.shown BETWEEN 1 AND 3 AND v.start_at >= $1 AND v.start_at < $2 ORDER BY v.start_at, v.number LIMIT 30
-- name: load_newest_events
SELECT e.at, e.type, coalesce(o.number, ''),
       CASE e.type WHEN 'WorkOrderOpened' THEN coalesce(s.name, '') ELSE e.word END, e.hour_at
  FROM (SELECT * FROM event_log ORDER BY id DESC LIMIT 30) e
  LEFT JOIN order_copy o ON o.work_order_id = e.work_order_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
 ORDER BY e.id DESC
