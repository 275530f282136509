-- ---- the book's copies and routes ----
-- name: load_version
SELECT version FROM technician_day WHERE technician_id = $1::uuid AND day = $2
-- name: save_day
INSERT INTO technician_day (technician_id, day, version, region, home_lat, home_lon, is_working, book)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7::int <> 0, $8)
ON CONFLICT (technician_id, day) DO UPDATE SET version = excluded.version, region = excluded.region, home_lat = excluded.home_lat,
    home_lon = excluded.home_lon, is_working = excluded.is_working, book = excluded.book
-- name: load_book
SELECT book FROM technician_day WHERE technician_id = $1::uuid AND day BETWEEN $2 AND $3 ORDER BY day
-- name: load_books_of_day
SELECT book FROM technician_day WHERE day = $1 ORDER BY technician_id
-- name: load_route
SELECT route FROM route WHERE technician_id = $1::uuid AND day = $2
-- name: load_routes
SELECT route FROM route WHERE day = $1 AND stops > 0 ORDER BY technician_id
-- name: save_route
INSERT INTO route (technician_id, day, technician_day_version, route, stops, travel_ms, travel_m, idle_ms, input_hash,
    rule_version, provider, planned_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (technician_id, day) DO UPDATE SET technician_day_version = excluded.technician_day_version, route = excluded.route,
    stops = excluded.stops, travel_ms = excluded.travel_ms, travel_m = excluded.travel_m, idle_ms = excluded.idle_ms,
    input_hash = excluded.input_hash, rule_version = excluded.rule_version, provider = excluded.provider,
    planned_at = excluded.planned_at
-- name: load_kilometres
SELECT day, sum(travel_m), sum(stops), count(*) FROM route WHERE day BETWEEN $1 AND $2 AND stops > 0 GROUP BY day ORDER BY day

-- ---- work orders and the progress of visits ----
-- name: save_work_order
INSERT INTO work_order (id, opened_at) VALUES ($1::uuid, $2) ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at
-- name: drop_work_orders
DELETE FROM work_order WHERE id::text = ANY ($1::text[])
-- name: drop_days
DELETE FROM technician_day WHERE technician_id || '/' || day = ANY ($1::text[])
-- name: load_opened
SELECT coalesce(o.opened_at, 0) FROM unnest($1::uuid[]) WITH ORDINALITY t (id, nth) LEFT JOIN work_order o ON o.id = t.id ORDER BY t.nth
-- name: save_progress
INSERT INTO progress AS p (visit_id, technician_id, start_at, progress, on_the_way_at, there_at, done_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7)
ON CONFLICT (visit_id) DO UPDATE SET technician_id = excluded.technician_id, start_at = excluded.start_at,
    progress = greatest(p.progress, excluded.progress), on_the_way_at = greatest(p.on_the_way_at, excluded.on_the_way_at),
    there_at = greatest(p.there_at, excluded.there_at), done_at = greatest(p.done_at, excluded.done_at)
-- name: load_progress
SELECT visit_id, progress, on_the_way_at, there_at, done_at FROM progress WHERE visit_id = ANY ($1::uuid[])

-- ---- improvement ----
-- name: save_change
INSERT INTO day_changed (region, day, technician_id, version, changed_at) VALUES ($1, $2, $3::uuid, $4, $5) ON CONFLICT DO NOTHING
-- name: save_region
INSERT INTO region (id) VALUES ($1) ON CONFLICT DO NOTHING
-- name: forget_changes
DELETE FROM day_changed WHERE day < $1
-- name: take_region
SELECT r.id, c.day, c.technician_id
  FROM region r CROSS JOIN LATERAL (
       SELECT d.day, d.technician_id FROM day_changed d WHERE d.region = r.id AND d.day >= $2 ORDER BY d.day, d.changed_at LIMIT 1) c
 WHERE r.until <= $1 ORDER BY r.until LIMIT 1 FOR UPDATE OF r SKIP LOCKED
-- name: load_neighbours
SELECT version, book FROM (
    SELECT d.technician_id, d.version, d.book
      FROM technician_day d LEFT JOIN technician_day s ON s.technician_id = $3::uuid AND s.day = $2
     WHERE d.day = $2 AND ((d.region = $1 AND d.is_working) OR d.technician_id = $3::uuid)
     ORDER BY (d.home_lat - s.home_lat) ^ 2 + ((d.home_lon - s.home_lon) * 0.62) ^ 2, d.technician_id LIMIT $4) n
 ORDER BY technician_id
-- name: load_under_way
SELECT visit_id FROM progress WHERE technician_id = ANY ($1::uuid[]) AND start_at >= $2 AND start_at < $3 AND progress > 0
-- name: save_computing
UPDATE region SET state = 'computing', until = $2, taken_at = $3, day = $4, technician_ids = $5::uuid[], versions = $6::bigint[],
    input_hash = $7, plan_id = NULL WHERE id = $1
-- name: load_computing
SELECT day, taken_at FROM region WHERE id = $1 AND input_hash = $2 AND state = 'computing' FOR UPDATE
-- name: load_computed_days
SELECT t.nth - 1, t.version = d.version, d.book
  FROM region r CROSS JOIN unnest(r.technician_ids, r.versions) WITH ORDINALITY t (id, version, nth)
  JOIN technician_day d ON d.technician_id = t.id AND d.day = r.day
 WHERE r.id = $1 AND t.nth - 1 = ANY ($2::bigint[]) ORDER BY t.nth
-- name: end_changes
DELETE FROM day_changed c USING region r, unnest(r.technician_ids, r.versions) t (id, version)
 WHERE r.id = $1 AND c.region = r.id AND c.day = r.day AND c.technician_id = t.id AND c.version <= t.version
-- name: rest_region
UPDATE region SET state = 'resting', until = $2 WHERE id = $1
-- name: save_proposed
UPDATE region SET state = 'proposed', until = $2, plan_id = $3::uuid WHERE id = $1
-- name: end_proposed
UPDATE region SET state = 'resting', until = least(until, taken_at + $2) WHERE plan_id = $1::uuid AND state = 'proposed'
-- name: expire_plans
UPDATE plan SET state = 'expired' WHERE region = $1 AND state = 'open'
-- name: is_refused
SELECT 1 FROM plan WHERE input_hash = $1 AND state = 'refused' LIMIT 1
-- name: save_plan
INSERT INTO plan (plan_id, region, day, state, proposed_at, swaps_left, saved_ms, saved_m, input_hash, rule_version, input, answer)
VALUES ($1::uuid, $2, $3, 'open', $4, $5, $6, $7, $8, $9, $10, $11)
-- name: load_plans_of
SELECT plan_id FROM plan WHERE proposed_at >= $1 AND proposed_at < $2 ORDER BY proposed_at, plan_id
-- name: load_plan
SELECT rule_version, input, answer FROM plan WHERE plan_id = $1::uuid
-- name: save_swap
INSERT INTO plan_swap (plan_id, visit_id, work_order_id, from_technician_id, to_technician_id)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid)
-- name: take_swap
UPDATE plan_swap s SET is_taken = true FROM plan p
 WHERE s.visit_id = $1::uuid AND s.to_technician_id = $2::uuid AND NOT s.is_taken AND p.plan_id = s.plan_id
   AND p.state IN ('open', 'expired') RETURNING s.plan_id
-- name: accept_swap
UPDATE plan SET swaps_left = swaps_left - 1, state = CASE WHEN swaps_left = 1 THEN 'accepted' ELSE state END
 WHERE plan_id = $1::uuid RETURNING swaps_left
-- name: refuse_plan
UPDATE plan SET state = 'refused', refused_by = $2, refused_technician_id = $3 WHERE plan_id = $1::uuid AND state IN ('open', 'expired')

-- ---- positions ----
-- name: load_position
SELECT sequence, at, lat, lon FROM last_position WHERE technician_id = $1::uuid
-- name: save_position
INSERT INTO last_position AS p (technician_id, sequence, at, lat, lon, status, heard_at) VALUES ($1::uuid, $2, $3, $4, $5, $6, $7)
ON CONFLICT (technician_id) DO UPDATE SET sequence = excluded.sequence, at = excluded.at, lat = excluded.lat, lon = excluded.lon,
    status = excluded.status, heard_at = excluded.heard_at WHERE p.sequence < excluded.sequence
-- name: load_positions
SELECT technician_id, sequence, at, lat, lon, status, heard_at FROM last_position WHERE heard_at > $1 ORDER BY technician_id
-- name: forget_positions
DELETE FROM last_position WHERE heard_at < $1 RETURNING technician_id
-- name: take_lease
UPDATE lease SET until = $3 WHERE name = $1 AND until <= $2 RETURNING name
