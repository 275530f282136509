-- ---- orders ----
-- name: save_order
INSERT INTO order_copy (work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy,
    visit_length_ms, earliest_at, latest_by, tolerance_ms, chooser, urgency, opened_at, is_open, equipment,
    after_work_order_id, after_gap_ms, technicians, part_sku, again_technician_id)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21::uuid, $22, $23, $24,
    coalesce((SELECT v.technician_id::text FROM visit v JOIN order_copy o USING (work_order_id)
               WHERE o.person_id = $6 AND $6 <> '' AND o.work_order_id <> $1::uuid AND v.state = 5 ORDER BY v.start_at DESC LIMIT 1), ''))
ON CONFLICT (work_order_id) DO UPDATE SET number = excluded.number, service_id = excluded.service_id, skill = excluded.skill,
    person_id = excluded.person_id, lat = excluded.lat, lon = excluded.lon, town = excluded.town, district = excluded.district,
    accuracy = excluded.accuracy, visit_length_ms = excluded.visit_length_ms, earliest_at = excluded.earliest_at,
    latest_by = excluded.latest_by, tolerance_ms = excluded.tolerance_ms, chooser = excluded.chooser, urgency = excluded.urgency,
    opened_at = excluded.opened_at, equipment = excluded.equipment, technicians = excluded.technicians, part_sku = excluded.part_sku,
    is_open = order_copy.is_open AND excluded.is_open,
    after_work_order_id = excluded.after_work_order_id, after_gap_ms = excluded.after_gap_ms
-- name: drop_orders
DELETE FROM order_copy o WHERE work_order_id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.work_order_id = o.work_order_id)
   AND NOT EXISTS (SELECT 1 FROM order_copy s WHERE s.after_work_order_id = o.work_order_id AND s.is_open) -- it would wait for ever
-- name: load_order
-- With work left to do, its wishes stand for what the order asked at first.
SELECT work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy,
       CASE WHEN further_of = '' THEN visit_length_ms ELSE further_length_ms END, greatest(earliest_at, further_earliest_at), latest_by,
       tolerance_ms, chooser, urgency, opened_at, is_open, equipment,
       CASE WHEN further_of = '' THEN again_technician_id ELSE further_technician_id END, further_of, further_put_off,
       coalesce(after_work_order_id::text, ''), after_gap_ms, is_waiting, greatest(technicians, further_technicians), part_sku,
       EXISTS (SELECT FROM order_copy s WHERE s.after_work_order_id = order_copy.work_order_id AND s.is_open)
  FROM order_copy WHERE work_order_id = $1::uuid
-- name: save_further
UPDATE order_copy SET further_of = $2, further_length_ms = $3, further_earliest_at = $4, further_technician_id = $5, further_put_off = $6,
       further_technicians = $7
 WHERE work_order_id = $1::uuid
-- name: end_put_off
UPDATE order_copy SET further_put_off = false WHERE work_order_id = $1::uuid
-- name: end_order
UPDATE order_copy SET is_open = false, try_again_at = NULL, is_waiting = false WHERE work_order_id = $1::uuid
-- name: try_again
UPDATE order_copy SET try_again_at = $2, is_waiting = false WHERE work_order_id = $1::uuid
-- name: due_tries
SELECT work_order_id FROM order_copy WHERE is_open AND try_again_at <= $1 ORDER BY try_again_at LIMIT 100

-- ---- orders in a row ----
-- name: load_chain
-- What comes before order $1, and the soonest promised hour, from $2 on, of what comes after it: one that has begun is no bound any more.
SELECT b.work_order_id IS NOT NULL, coalesce(b.is_open, false), coalesce(v.is_promised, false),
       coalesce(greatest(v.ends_at, CASE WHEN b.further_put_off THEN b.further_earliest_at + b.further_length_ms END), 0), coalesce(n.at, 0)
  FROM order_copy o LEFT JOIN order_copy b ON b.work_order_id = o.after_work_order_id
  LEFT JOIN LATERAL (SELECT bool_or(state = 2) AS is_promised, max(start_at + length_ms) AS ends_at FROM visit
                      WHERE work_order_id = b.work_order_id AND state IN (2, 5)) v ON true
  LEFT JOIN LATERAL (SELECT min(f.start_at - s.after_gap_ms) AS at FROM order_copy s JOIN visit f USING (work_order_id)
                      WHERE s.after_work_order_id = o.work_order_id AND s.is_open AND f.state = 2 AND f.start_at > $2) n ON true
 WHERE o.work_order_id = $1::uuid
-- name: wait_for_other
UPDATE order_copy SET try_again_at = $2, is_waiting = true WHERE work_order_id = $1::uuid
-- name: wake_next
UPDATE order_copy SET try_again_at = $2 WHERE after_work_order_id = $1::uuid AND is_open AND is_waiting
-- name: load_pushed
-- Promised visits of what comes after order $1 that would begin before its own, that ends at $2, and the gap are over.
SELECT f.visit_id, f.work_order_id FROM order_copy s JOIN visit f USING (work_order_id)
 WHERE s.after_work_order_id = $1::uuid AND s.is_open AND f.state = 2 AND f.mate_of IS NULL AND f.start_at > $3 AND f.start_at < $2 + s.after_gap_ms
-- name: count_broken_chains
-- Promised visits, still to come, that begin before the work they wait for has ended; those that look for another hour are on their way.
SELECT count(*) FROM order_copy s JOIN visit f USING (work_order_id) JOIN visit b ON b.work_order_id = s.after_work_order_id
 WHERE s.after_work_order_id IS NOT NULL AND s.is_open AND f.state = 2 AND f.mate_of IS NULL AND b.mate_of IS NULL AND NOT f.wants_other AND f.start_at > $1 AND b.state IN (2, 5)
   AND f.start_at < b.start_at + b.length_ms + s.after_gap_ms

-- ---- technician-days ----
-- name: load_day
SELECT version, shape FROM technician_day WHERE technician_id = $1::uuid AND day = $2
-- name: save_day
INSERT INTO technician_day (technician_id, day, version, shape) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (technician_id, day) DO UPDATE SET version = excluded.version, shape = excluded.shape
-- name: save_version
UPDATE technician_day SET version = $3 WHERE technician_id = $1::uuid AND day = $2
-- name: load_days_from
SELECT technician_id, day, version, shape FROM technician_day
 WHERE day >= $1 AND technician_id > $2::uuid AND technician_id <= $3::uuid ORDER BY technician_id, day
-- name: load_technicians_after
SELECT technician_id FROM technician_day WHERE technician_id > $1::uuid AND day >= $2 GROUP BY technician_id ORDER BY technician_id LIMIT 500
-- name: load_shapes
SELECT day, shape FROM technician_day WHERE technician_id = $1::uuid AND day >= $2

-- ---- visits ----
-- name: save_visit
INSERT INTO visit (visit_id, work_order_id, partner_id, technician_id, day, start_at, length_ms, tolerance_ms, state, hold_until,
    moves, replaces, technician_name, booked_at, technicians, mate_of, continues)
VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, nullif($16, '')::uuid, $17)
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
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id)
 WHERE v.technician_id = $1::uuid AND v.day = $2 AND v.state IN (1, 2, 5) ORDER BY v.start_at
-- name: load_visits_from
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id)
 WHERE v.day >= $1 AND v.technician_id > $2::uuid AND v.technician_id <= $3::uuid AND v.state IN (1, 2, 5)
 ORDER BY v.technician_id, v.day, v.start_at
-- name: load_visit
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.visit_id = $1::uuid
-- name: load_live_visits
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.work_order_id = $1::uuid AND v.state IN (1, 2)
   AND v.mate_of IS NULL ORDER BY v.state DESC
-- name: load_booked_visits
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.work_order_id = $1::uuid AND v.booked_at > 0
   AND v.mate_of IS NULL
 ORDER BY v.state IN (2, 5), v.booked_at, v.visit_id
-- name: load_mates
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.mate_of = $1::uuid AND v.state = $2 ORDER BY v.booked_at, v.visit_id
-- name: load_held_mates
SELECT v.visit_id, v.work_order_id, v.partner_id, v.technician_id, v.technician_name, v.start_at, v.tolerance_ms, v.length_ms, v.state,
       v.moves, v.replaces, v.hold_until, v.booked_at, v.day, v.technicians, v.mate_of, v.continues,
       o.person_id, o.service_id, o.skill, o.number, o.lat, o.lon, o.town, o.district, o.accuracy
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE v.work_order_id = $1::uuid
   AND v.state = 1 AND v.mate_of IS NOT NULL
-- name: save_crew
UPDATE visit SET technicians = $2, technician_name = $3 WHERE visit_id = $1::uuid
-- name: is_taken
SELECT 1 FROM visit WHERE technician_id = $1::uuid AND state IN (1, 2, 5) AND during && int8range($2, $3) LIMIT 1
-- name: count_broken_crews
-- Holds whose time is over stand in nobody's way, and end day by day.
SELECT (SELECT count(*) FROM visit v WHERE (v.state = 2 OR v.state = 1 AND v.hold_until > $1) AND v.mate_of IS NULL AND v.technicians > 1
           AND v.technicians - 1 <> (SELECT count(*) FROM visit m WHERE m.mate_of = v.visit_id AND m.state = v.state
                                        AND m.start_at = v.start_at AND m.length_ms = v.length_ms))
     + (SELECT count(*) FROM visit m JOIN visit v ON v.visit_id = m.mate_of
         WHERE (m.state = 2 OR m.state = 1 AND m.hold_until > $1) AND m.state <> v.state)
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
           AND pg_get_expr(indpred, indrelid) = '((state = 2) AND (mate_of IS NULL))')

-- ---- what is weighed ----
-- name: save_score
INSERT INTO technician_score (technician_id, answers, sum) VALUES ($1::uuid, $2, $3)
ON CONFLICT (technician_id) DO UPDATE SET answers = excluded.answers, sum = excluded.sum WHERE technician_score.answers <= excluded.answers
-- name: load_scores
SELECT technician_id, answers, sum FROM technician_score
-- name: save_van
INSERT INTO technician_van (technician_id, version, van) VALUES ($1::uuid, $2, $3)
ON CONFLICT (technician_id) DO UPDATE SET version = excluded.version, van = excluded.van WHERE technician_van.version <= excluded.version
-- name: load_vans_after
SELECT technician_id::text, van FROM technician_van WHERE technician_id > $1::uuid ORDER BY technician_id LIMIT 500
-- name: drop_vans
DELETE FROM technician_van WHERE technician_id::text = ANY ($1::text[])
-- name: save_policy
INSERT INTO policy (version, policy) VALUES ($1, $2)
-- name: load_policy
SELECT policy FROM policy ORDER BY version DESC LIMIT 1

-- ---- decisions ----
-- name: save_decision
INSERT INTO decision (decision_id, work_order_id, partner_id, kind, visit_id, at, rule_version, policy_version, input_hash, input, result)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- name: load_decisions
SELECT decision_id, work_order_id, kind, visit_id, at, rule_version, policy_version, input_hash, input, result
  FROM decision WHERE work_order_id = $1::uuid ORDER BY at, decision_id
-- name: load_decision
SELECT decision_id, work_order_id, kind, visit_id, at, rule_version, policy_version, input_hash, input, result
  FROM decision WHERE decision_id = $1::uuid
-- name: load_decisions_from
SELECT decision_id, work_order_id, kind, visit_id, at, rule_version, policy_version, input_hash, input, result
  FROM decision WHERE at >= $1 AND at < $2 AND (at, decision_id) > ($3, $4::uuid) ORDER BY at, decision_id LIMIT 200
-- name: drop_decisions
DELETE FROM decision WHERE decision_id IN (SELECT decision_id FROM decision WHERE at < $1 ORDER BY at LIMIT 5000)
-- name: load_clashes
SELECT v.visit_id, o.number, v.start_at, v.length_ms FROM visit v JOIN order_copy o USING (work_order_id)
 WHERE v.technician_id = $1::uuid AND v.state = 2 AND v.during && int8range($2, $3) ORDER BY v.start_at LIMIT 200

-- ---- what workforce told ----
-- name: save_told
INSERT INTO technician_told (technician_id, told, active, works_until, check_at, days_amiss) VALUES ($1::uuid, $2, $3, $4, 0, 0)
ON CONFLICT (technician_id) DO UPDATE SET told = excluded.told, active = excluded.active, works_until = excluded.works_until
-- name: load_told
SELECT told FROM technician_told WHERE technician_id = $1::uuid
-- name: load_day_lengths
SELECT day, sum(length_ms)::bigint FROM visit
 WHERE technician_id = $1::uuid AND day >= $2 AND state IN (1, 2, 5) AND NOT wants_other GROUP BY day ORDER BY day
-- name: save_checked
UPDATE technician_told SET check_at = $2, days_amiss = $3 WHERE technician_id = $1::uuid
-- name: due_checks
SELECT technician_id::text FROM technician_told WHERE check_at <= $1 ORDER BY check_at LIMIT 20
-- name: count_told
SELECT count(*), count(*) FILTER (WHERE check_at < $1::bigint - 3600000) FROM technician_told
-- name: list_without_shift
SELECT technician_id::text FROM technician_told WHERE active AND works_until <= $1 ORDER BY technician_id LIMIT 200
-- name: list_amiss
SELECT technician_id::text FROM technician_told WHERE days_amiss > 0 AND $1::bigint > 0 ORDER BY technician_id LIMIT 50

-- ---- figures ----
-- name: figures
SELECT unnest(ARRAY['majster_holds', 'majster_holds_overdue']), '', unnest(ARRAY[count(*), count(*) FILTER (WHERE hold_until < $2::bigint - 60000)])::float8
  FROM visit WHERE state = 1
UNION ALL SELECT 'majster_orders_unstaffed', '', count(*) FROM order_copy WHERE is_open AND try_again_at IS NOT NULL AND NOT is_waiting AND NOT further_put_off AND $1::bigint > 0
UNION ALL SELECT 'majster_visits_to_replace', '', count(*) FROM visit WHERE wants_other
UNION ALL SELECT 'majster_visit_times_left_out', '', count(*) FROM visit_time WHERE NOT counts
UNION ALL SELECT * FROM (SELECT unnest(ARRAY['majster_visits_timed', 'majster_visits_overrun']), '', unnest(ARRAY[coalesce(sum(recent), 0), coalesce(sum(overruns), 0)])
    FROM visit_length) l
UNION ALL SELECT 'majster_reserve_hours_ahead', '', count(*) FROM reserve WHERE from_at > $1
UNION ALL SELECT 'majster_reserve_idle_hours', '', count(*) FROM reserve r WHERE until_at > $1 - 86400000 AND until_at <= $1
   AND NOT EXISTS (SELECT FROM visit v WHERE v.technician_id = r.technician_id AND v.day BETWEEN r.day - 1 AND r.day AND v.state IN (2, 5)
                      AND v.during && int8range(r.from_at, r.until_at))
UNION ALL SELECT 'majster_emergencies_refused', '', count(*) FROM demand WHERE refused_at > $1 - 86400000
UNION ALL SELECT 'majster_technicians_without_shift', '', count(*) FROM technician_told WHERE active AND works_until <= $1
UNION ALL SELECT 'majster_technician_days_amiss', '', coalesce(sum(days_amiss), 0) FROM technician_told
UNION ALL SELECT 'majster_technicians_unchecked', '', count(*) FROM technician_told WHERE check_at < $1 - 3600000

-- ---- visit lengths ----
-- name: take_visit_length
-- Decided when the order is first heard of: a better point of its address, later, changes no length.
WITH decided AS (
    SELECT CASE WHEN contract_length_ms IS NULL THEN (SELECT v.length_ms FROM visit_length v WHERE v.service_id = o.service_id) ELSE own_length_ms END AS own_ms
      FROM order_copy o WHERE work_order_id = $1::uuid)
UPDATE order_copy SET contract_length_ms = $2, own_length_ms = own_ms, visit_length_ms = coalesce(own_ms, $2)
  FROM decided WHERE work_order_id = $1::uuid
-- name: save_visit_time
-- A copy that the version before this one filled knows one length: the contract's.
INSERT INTO visit_time (visit_id, service_id, length_ms, promised_ms, contract_ms, at, counts)
SELECT visit_id, o.service_id, $2, v.length_ms, coalesce(o.contract_length_ms, o.visit_length_ms), $3, $4::boolean
  FROM visit v JOIN order_copy o USING (work_order_id) WHERE visit_id = $1::uuid
ON CONFLICT (visit_id) DO NOTHING
-- name: open_visit_length
INSERT INTO visit_length (service_id, due_at) VALUES ($1, $2) ON CONFLICT (service_id) DO NOTHING
-- name: take_due_visit_length
SELECT service_id FROM visit_length WHERE due_at <= $1 ORDER BY due_at, service_id LIMIT 1 FOR UPDATE SKIP LOCKED
-- name: drop_visit_times
DELETE FROM visit_time WHERE service_id = $1 AND at <= $2
-- name: count_visit_times
-- By steps of five minutes, rounded up: what is asked of them is rounded so, too, and a service has no more than 144.
SELECT (length_ms + 299999) / 300000 * 300000, count(*) FROM visit_time WHERE service_id = $1 AND counts AND at > $2 GROUP BY 1
-- name: save_visit_length
UPDATE visit_length l SET due_at = $2, length_ms = $3, visits = $4, computed_at = $5, rule_version = $6,
       recent = r.visits, overruns = r.overruns, contract_least_ms = r.least_ms, contract_most_ms = r.most_ms
  FROM (SELECT count(*) AS visits, count(*) FILTER (WHERE length_ms > promised_ms) AS overruns,
               coalesce(min(contract_ms), 0) AS least_ms, coalesce(max(contract_ms), 0) AS most_ms
          FROM visit_time WHERE service_id = $1 AND counts AND at > $7) r
 WHERE l.service_id = $1
-- name: load_visit_lengths
SELECT service_id, coalesce(length_ms, 0), visits, recent, overruns, contract_least_ms, contract_most_ms, computed_at, rule_version
  FROM visit_length ORDER BY service_id LIMIT 500

-- ---- the reserve ----
-- name: save_demand
INSERT INTO demand (work_order_id, town, skill, lat, lon, visit_length_ms, opened_at, hour_of_week)
SELECT work_order_id, town, skill, lat, lon, visit_length_ms, opened_at, $2 FROM order_copy
 WHERE work_order_id = $1::uuid AND accuracy <> 4
ON CONFLICT (work_order_id) DO NOTHING
-- name: refuse_demand
UPDATE demand SET refused_at = $2 WHERE work_order_id = $1::uuid AND refused_at IS NULL
-- name: take_reserve_night
SELECT 1 FROM reserve_night WHERE due_at <= $1 FOR UPDATE SKIP LOCKED
-- name: end_reserve_night
UPDATE reserve_night SET due_at = $1
-- name: plan_reserve_days
INSERT INTO reserve_plan SELECT generate_series($1::int, $2::int) ON CONFLICT (day) DO NOTHING
-- name: drop_demand
DELETE FROM demand WHERE opened_at <= $1
-- name: drop_reserve
DELETE FROM reserve WHERE until_at <= $1
-- name: take_reserve_day
DELETE FROM reserve_plan WHERE day = (SELECT day FROM reserve_plan ORDER BY day LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING day
-- name: load_demand_towns
SELECT town, avg(lat), avg(lon) FROM demand GROUP BY town ORDER BY town
-- name: load_demand
-- Per week back from $1: within seven days each hour of the week comes once.
SELECT town, skill, hour_of_week, (($1::bigint - opened_at) / 604800000)::int, count(*), sum(visit_length_ms)::bigint
  FROM demand WHERE hour_of_week = ANY ($2::int[]) AND opened_at > $1::bigint - 8 * 604800000::bigint AND opened_at <= $1
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
-- name: clear_reserve
-- What an emergency stands in stays. The days that lose an hour are looked at, whether they get it back or not.
WITH gone AS (
    DELETE FROM reserve r WHERE day = $1
       AND NOT EXISTS (SELECT FROM visit v WHERE v.technician_id = r.technician_id AND v.day BETWEEN r.day - 1 AND r.day AND v.state IN (1, 2, 5)
                          AND v.during && int8range(r.from_at, r.until_at))
    RETURNING technician_id, day)
INSERT INTO reserve_due SELECT DISTINCT technician_id, day FROM gone ON CONFLICT DO NOTHING
-- name: count_reserve
-- Of four weeks before the day; and what stands on it, a bit an hour since it began at $2.
SELECT technician_id, count(*) FILTER (WHERE day < $1),
       coalesce(bit_or(1 << ((from_at - $2::bigint) / 3600000)::int) FILTER (WHERE day = $1), 0)
  FROM reserve WHERE day BETWEEN $1 - 28 AND $1 GROUP BY technician_id ORDER BY technician_id
-- name: save_reserve
WITH chosen AS (
    INSERT INTO reserve (technician_id, day, from_at, until_at, town, skill, rule_version)
    SELECT t::uuid, $1, f, f + 3600000, w, s, $6 FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) AS c (t, f, w, s)
    ON CONFLICT DO NOTHING RETURNING technician_id, day)
INSERT INTO reserve_due SELECT DISTINCT technician_id, day FROM chosen ON CONFLICT DO NOTHING
-- name: due_reserves
SELECT technician_id || '/' || day FROM reserve_due WHERE $1::bigint > 0 ORDER BY day, technician_id LIMIT 200
-- name: want_reserve
INSERT INTO reserve_due VALUES ($1::uuid, $2) ON CONFLICT DO NOTHING
-- name: end_reserve_due
DELETE FROM reserve_due WHERE technician_id = $1::uuid AND day = $2
-- name: load_reserve
SELECT from_at, until_at FROM reserve WHERE technician_id = $1::uuid AND day = $2 ORDER BY from_at
-- name: drop_reserve_hour
DELETE FROM reserve WHERE technician_id = $1::uuid AND day = $2 AND from_at = $3
-- name: report_reserve
SELECT coalesce(k.town, e.town), coalesce(k.at, e.at), coalesce(kept, 0), coalesce(used, 0), coalesce(taken, 0), coalesce(idle, 0),
       coalesce(emergencies, 0), coalesce(refused, 0)
  FROM (SELECT r.town, r.from_at AS at, count(*) AS kept, count(*) FILTER (WHERE v.emergency) AS used,
               count(*) FILTER (WHERE NOT v.emergency) AS taken, count(*) FILTER (WHERE v.emergency IS NULL AND r.until_at <= $3) AS idle
          FROM reserve r LEFT JOIN LATERAL (
               SELECT bool_or(o.urgency = 1) AS emergency FROM visit v JOIN order_copy o USING (work_order_id)
                WHERE v.technician_id = r.technician_id AND v.day BETWEEN r.day - 1 AND r.day AND v.state IN (2, 5)
                  AND v.during && int8range(r.from_at, r.until_at)) v ON true
         WHERE r.from_at >= $1 AND r.from_at < $2 GROUP BY 1, 2) k
  FULL JOIN (SELECT town, opened_at / 3600000 * 3600000 AS at, count(*) AS emergencies, count(refused_at) AS refused
               FROM demand WHERE opened_at >= $1 AND opened_at < $2 GROUP BY 1, 2) e ON e.town = k.town AND e.at = k.at
 ORDER BY 2, 1 LIMIT 2000

-- ---- shadow hours ----
-- name: save_shadow
INSERT INTO shadow_hour (work_order_id, partner_id, at, would_start_at, would_day, would_technician_id, added_travel_ms, score_ms)
VALUES ($1::uuid, $2, $3, $4, $5, $6::uuid, $7, $8) ON CONFLICT (work_order_id) DO NOTHING
-- name: agree_shadow
-- The first hour that was agreed; what it is moved to later says nothing of the shadow's.
UPDATE shadow_hour SET agreed_at = $2, agreed_start_at = $3, agreed_day = $4, agreed_technician_id = $5::uuid, agreed_by = $6
 WHERE work_order_id = $1::uuid AND agreed_at IS NULL
-- name: count_shadow
SELECT count(*), count(*) FILTER (WHERE would_start_at IS NULL), count(agreed_at), count(*) FILTER (WHERE both_known),
       count(*) FILTER (WHERE both_known AND agreed_day = would_day), count(*) FILTER (WHERE both_known AND abs(agreed_start_at - would_start_at) <= 3600000),
       count(*) FILTER (WHERE agreed_start_at - would_start_at > 3600000), count(*) FILTER (WHERE would_start_at - agreed_start_at > 3600000)
  FROM (SELECT *, would_start_at IS NOT NULL AND agreed_at IS NOT NULL AS both_known FROM shadow_hour) s
 WHERE partner_id = $1 AND at > $2
-- name: load_shadow
SELECT work_order_id, at, coalesce(would_start_at, 0), coalesce(would_technician_id::text, ''), added_travel_ms, score_ms,
       coalesce(agreed_at, 0), coalesce(agreed_start_at, 0), coalesce(agreed_technician_id::text, ''), agreed_by
  FROM shadow_hour WHERE partner_id = $1 AND at > $2 ORDER BY at DESC, work_order_id DESC LIMIT 200
