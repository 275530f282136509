-- name: save_technician
INSERT INTO technician AS t (id, first_name, skills, home_lat, home_lon, home_town, home_district, active, longest_travel_m, equipment,
    version, tell_again_at)
VALUES ($1::uuid, $2, $3::text[], $4, $5, $6, $7, $8::int <> 0, $9, $10::text[], 1, 0)
ON CONFLICT (id) DO UPDATE SET first_name = excluded.first_name, skills = excluded.skills, home_lat = excluded.home_lat,
    home_lon = excluded.home_lon, home_town = excluded.home_town, home_district = excluded.home_district,
    active = excluded.active, longest_travel_m = excluded.longest_travel_m,
    equipment = excluded.equipment, version = t.version + 1
-- name: delete_licences
DELETE FROM licence WHERE technician_id = $1::uuid
-- name: save_licences
INSERT INTO licence (technician_id, kind, number, valid_from, valid_until)
SELECT $1::uuid, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])
-- name: delete_shift_patterns
DELETE FROM shift_pattern WHERE technician_id = $1::uuid
-- name: save_shift_pattern
INSERT INTO shift_pattern (technician_id, place, weekdays, other_weekdays, from_minute, until_minute, rrule, starts_on, except_on, holidays,
    on_call, breaks, overtime_ms)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10, $11::int <> 0, $12::text[], $13)
-- name: save_told
UPDATE technician SET tell_again_at = $2 WHERE id = $1::uuid

-- name: save_absence
INSERT INTO absence (id, technician_id, from_at, until_at, reason, entered_at) VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6)
-- name: delete_absence
DELETE FROM absence WHERE id = $1::uuid AND technician_id = $2::uuid RETURNING id

-- name: list_technicians
SELECT id FROM technician WHERE ($1 = '' OR id > nullif($1, '')::uuid) AND ($2::int = 0 OR active) ORDER BY id LIMIT $3
-- name: load_technicians
SELECT id, first_name, skills, home_lat, home_lon, home_town, home_district, active, longest_travel_m, equipment, version,
       tell_again_at
  FROM technician WHERE id = ANY ($1::uuid[]) ORDER BY id
-- name: load_licences
SELECT technician_id, kind, number, valid_from, valid_until
  FROM licence WHERE technician_id = ANY ($1::uuid[]) ORDER BY technician_id, kind, valid_from, number
-- name: load_shift_patterns
SELECT technician_id, weekdays | other_weekdays, from_minute, until_minute, rrule, starts_on, except_on, holidays, on_call, breaks, overtime_ms
  FROM shift_pattern WHERE technician_id = ANY ($1::uuid[]) ORDER BY technician_id, place
-- name: load_absences
SELECT technician_id, id, from_at, until_at, reason
  FROM absence WHERE technician_id = ANY ($1::uuid[]) AND until_at > $2 ORDER BY technician_id, from_at, id

-- name: due_horizons
SELECT id::text FROM technician WHERE tell_again_at <= $1 ORDER BY tell_again_at LIMIT 500

-- ---- territories ----
-- name: save_territory
INSERT INTO territory AS t (id, name, version) VALUES ($1, $2, 1)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = t.version + 1
-- name: delete_circles
DELETE FROM territory_circle WHERE territory_id = $1
-- name: save_circle
INSERT INTO territory_circle (territory_id, place, lat, lon, radius_m) VALUES ($1, $2, $3, $4, $5)
-- name: delete_closed
DELETE FROM territory_closed WHERE territory_id = $1
-- name: save_closed
INSERT INTO territory_closed (territory_id, place, weekdays, from_minute, until_minute, rrule, starts_on, except_on, holidays)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9)
-- name: delete_territory
DELETE FROM territory WHERE id = $1
-- name: load_territories
SELECT id, name, (SELECT count(*) FROM technician_territory WHERE territory_id = id) FROM territory WHERE $1 = '' OR id = $1 ORDER BY id
-- name: load_circles
SELECT c.territory_id, t.version, c.lat, c.lon, c.radius_m
  FROM territory_circle c JOIN territory t ON t.id = c.territory_id WHERE $1 = '' OR c.territory_id = $1 ORDER BY c.territory_id, c.place
-- name: load_closed
SELECT territory_id, weekdays, from_minute, until_minute, rrule, starts_on, except_on, holidays, false, '{}'::text[], 0
  FROM territory_closed WHERE $1 = '' OR territory_id = $1 ORDER BY territory_id, place
-- name: find_territories
SELECT id FROM territory WHERE id = ANY ($1::text[]) ORDER BY id
-- name: load_owners
SELECT DISTINCT p.weekdays | p.other_weekdays, p.from_minute, p.until_minute, p.rrule, p.starts_on, p.except_on, p.holidays, p.on_call,
       '{}'::text[], 0
  FROM technician_territory a JOIN technician t ON t.id = a.technician_id JOIN shift_pattern p USING (technician_id)
 WHERE a.territory_id = $1 AND t.active LIMIT 500
-- name: delete_areas
DELETE FROM technician_territory WHERE technician_id = $1::uuid
-- name: save_areas
INSERT INTO technician_territory (technician_id, territory_id, told_version) SELECT $1::uuid, id, 0 FROM unnest($2::text[]) AS id
-- name: load_areas
SELECT a.technician_id, c.territory_id, t.version, c.lat, c.lon, c.radius_m
  FROM technician_territory a JOIN territory t ON t.id = a.territory_id JOIN territory_circle c ON c.territory_id = t.id
 WHERE a.technician_id = ANY ($1::uuid[]) ORDER BY a.technician_id, c.territory_id, c.place
-- name: save_areas_told
UPDATE technician_territory a SET told_version = told.version FROM unnest($2::text[], $3::bigint[]) AS told (territory_id, version)
 WHERE a.technician_id = $1::uuid AND a.territory_id = told.territory_id
-- name: due_areas
SELECT DISTINCT a.technician_id::text FROM territory t JOIN technician_territory a ON a.territory_id = t.id AND a.told_version < t.version
 WHERE $1::bigint > 0 LIMIT 500

-- ---- licences that end ----
-- name: due_licences
SELECT DISTINCT l.technician_id::text
  FROM licence l JOIN technician t ON t.id = l.technician_id
  LEFT JOIN licence_told d ON d.technician_id = l.technician_id AND d.kind = l.kind AND d.number = l.number AND d.valid_until = l.valid_until
 WHERE t.active AND l.valid_until <= $1 + 3888000000
   AND coalesce(d.stage, 1000) > CASE WHEN l.valid_until <= $1 THEN 0 WHEN l.valid_until <= $1 + 259200000 THEN 3
                                      WHEN l.valid_until <= $1 + 1209600000 THEN 14 ELSE 45 END
 LIMIT 500
-- name: load_licences_told
SELECT kind, number, valid_until, stage FROM licence_told WHERE technician_id = $1::uuid
-- name: save_licence_told
INSERT INTO licence_told (technician_id, kind, number, valid_until, stage) VALUES ($1::uuid, $2, $3, $4, $5)
ON CONFLICT (technician_id, kind, number) DO UPDATE SET valid_until = excluded.valid_until, stage = excluded.stage
-- name: list_ending_licences
SELECT t.id, t.first_name, l.kind, l.number, l.valid_from, l.valid_until
  FROM licence l JOIN technician t ON t.id = l.technician_id
 WHERE t.active AND l.valid_until <= $2
   AND (l.valid_until > $1 OR NOT EXISTS (SELECT 1 FROM licence o WHERE o.technician_id = l.technician_id AND o.kind = l.kind AND o.valid_until > $1))
 ORDER BY l.valid_until, t.id, l.kind, l.number LIMIT 500
