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
