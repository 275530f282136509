-- ---- orders ----
-- name: save_order
INSERT INTO order_copy (work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy,
    visit_length_ms, earliest_at, latest_by, tolerance_ms, chooser, urgency, opened_at, is_open)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
ON CONFLICT (work_order_id) DO UPDATE SET number = excluded.number, service_id = excluded.service_id, skill = excluded.skill,
    person_id = excluded.person_id, lat = excluded.lat, lon = excluded.lon, town = excluded.town, district = excluded.district,
    accuracy = excluded.accuracy, visit_length_ms = excluded.visit_length_ms, earliest_at = excluded.earliest_at,
    latest_by = excluded.latest_by, tolerance_ms = excluded.tolerance_ms, chooser = excluded.chooser, urgency = excluded.urgency,
    opened_at = excluded.opened_at, is_open = order_copy.is_open AND excluded.is_open
-- name: drop_orders
DELETE FROM order_copy o WHERE work_order_id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.work_order_id = o.work_order_id)
-- name: load_order
SELECT work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy,
       visit_length_ms, earliest_at, latest_by, tolerance_ms, chooser, urgency, opened_at, is_open
  FROM order_copy WHERE work_order_id = $1::uuid
-- name: end_order
UPDATE order_copy SET is_open = false, try_again_at = NULL WHERE work_order_id = $1::uuid
-- name: try_again
UPDATE order_copy SET try_again_at = $2 WHERE work_order_id = $1::uuid
-- name: due_tries
SELECT work_order_id FROM order_copy WHERE is_open AND try_again_at <= $1 ORDER BY try_again_at LIMIT 100

-- ---- technician-days ----
-- name: load_day
SELECT version, shape FROM technician_day WHERE technician_id = $1::uuid AND day = $2
-- name: save_day
INSERT INTO technician_day (technician_id, day, version, shape) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (technician_id, day) DO UPDATE SET version = excluded.version, shape = excluded.shape
-- name: save_version
UPDATE technician_day SET version = $3 WHERE technician_id = $1::uuid AND day = $2
-- name: load_days_from
SELECT technician_id, day, version, shape FROM technician_day WHERE day >= $1 ORDER BY technician_id, day
-- name: load_shapes
SELECT day, shape FROM technician_day WHERE technician_id = $1::uuid AND day >= $2

-- ---- visits ----
-- name: save_visit
INSERT INTO visit (visit_id, work_order_id, partner_id, technician_id, day, start_at, length_ms, tolerance_ms, state, hold_until,
    moves, replaces, technician_name, booked_at)
VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING RETURNING visit_id
-- name: move_visit
UPDATE visit SET technician_id = $2::uuid, day = $3, start_at = $4, technician_name = $5, moves = $6, state = $7, hold_until = 0
 WHERE visit_id = $1::uuid
   AND NOT EXISTS (SELECT 1 FROM visit o WHERE o.visit_id <> $1::uuid AND o.technician_id = $2::uuid AND o.state IN (1, 2, 5)
                      AND o.during && int8range($4, $4 + visit.length_ms))
RETURNING visit_id
-- name: set_visit_state
UPDATE visit SET state = $2, hold_until = 0, booked_at = CASE WHEN $2 = 2 AND booked_at = 0 THEN $3 ELSE booked_at END
 WHERE visit_id = $1::uuid
-- name: load_visits_of_day
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id)
 WHERE v.technician_id = $1::uuid AND v.day = $2 AND v.state IN (1, 2, 5) ORDER BY v.start_at
-- name: load_visits_from
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id)
 WHERE v.day >= $1 AND v.state IN (1, 2, 5) ORDER BY v.technician_id, v.day, v.start_at
-- name: load_visit
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.visit_id = $1::uuid
-- name: load_live_visits
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.work_order_id = $1::uuid AND v.state IN (1, 2) ORDER BY v.state DESC
-- name: load_booked_visits
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.work_order_id = $1::uuid AND v.booked_at > 0
 ORDER BY v.state IN (2, 5), v.booked_at, v.visit_id
-- name: want_other
UPDATE visit SET wants_other = $2 WHERE visit_id = $1::uuid
-- name: due_displacements
SELECT DISTINCT work_order_id FROM visit WHERE wants_other AND state = 2 LIMIT 200
-- name: due_holds
SELECT work_order_id FROM visit WHERE state = 1 AND hold_until <= $2 AND $1::bigint > 0 ORDER BY hold_until LIMIT 200
-- name: count_overlaps
SELECT count(*) FROM visit a JOIN visit b USING (technician_id)
 WHERE a.visit_id < b.visit_id AND a.state IN (1, 2, 5) AND b.state IN (1, 2, 5) AND a.during && b.during
-- name: count_fences
SELECT (SELECT count(*) FROM pg_constraint
         WHERE conrelid = 'visit'::regclass AND conname = 'no_double_booking' AND pg_get_constraintdef(oid) =
               'EXCLUDE USING gist (technician_id WITH =, during WITH &&) WHERE ((state = ANY (ARRAY[1, 2, 5])))')
     + (SELECT count(*) FROM pg_index
         WHERE indexrelid = to_regclass('one_promise') AND indrelid = 'visit'::regclass AND indisunique AND indisvalid
           AND pg_get_expr(indpred, indrelid) = '(state = 2)')

-- ---- figures ----
-- name: figures
SELECT unnest(ARRAY['majster_holds', 'majster_holds_overdue']), '', unnest(ARRAY[count(*), count(*) FILTER (WHERE hold_until < $2::bigint - 60000)])::float8
  FROM visit WHERE state = 1
UNION ALL SELECT 'majster_orders_unstaffed', '', count(*) FROM order_copy WHERE is_open AND try_again_at IS NOT NULL AND $1::bigint > 0
UNION ALL SELECT 'majster_visits_to_replace', '', count(*) FROM visit WHERE wants_other
