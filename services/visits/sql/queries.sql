-- Statements of visits. A course's columns stand in the order of read_course in store.c.

-- name: save_work_order
INSERT INTO work_order (work_order_id, partner_id, contract_id, service_id, person_id, description_key, number)
VALUES ($1::uuid, $2, $3, $4, nullif($5, '')::uuid, $6, $7)
ON CONFLICT (work_order_id) DO UPDATE SET contract_id = excluded.contract_id, service_id = excluded.service_id,
    person_id = excluded.person_id, description_key = excluded.description_key, number = excluded.number
-- name: drop_work_orders
DELETE FROM work_order w WHERE work_order_id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM course c WHERE c.work_order_id = w.work_order_id)
-- name: drop_protocol_rules
DELETE FROM protocol_rule WHERE partner_id = ANY ($1::text[])
-- name: load_work_order
SELECT partner_id, contract_id, service_id, person_id, description_key, number FROM work_order WHERE work_order_id = $1::uuid

-- name: forget_protocol_rules
DELETE FROM protocol_rule WHERE partner_id = $1
-- name: save_protocol_rules
INSERT INTO protocol_rule (partner_id, contract_id, service_id, words)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING
-- name: load_protocol_rule
SELECT words FROM protocol_rule WHERE partner_id = $1 AND contract_id = $2 AND service_id = $3

-- name: save_course
INSERT INTO course (visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, description_key,
                    contract_id, service_id, number, state, start_at, tolerance_ms, length_ms, on_the_way_at, eta_at,
                    there_at, ended_at, missed_due_at, protocol_key, solved, further, further_reason, further_length_ms,
                    further_earliest_at)
VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $5, nullif($6, '')::uuid, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
        $17, $18, $19, nullif($20, '')::uuid, $21, $22, $23, $24, $25)
ON CONFLICT (visit_id) DO UPDATE SET technician_id = excluded.technician_id, technician_name = excluded.technician_name,
    state = excluded.state, start_at = excluded.start_at, tolerance_ms = excluded.tolerance_ms,
    length_ms = excluded.length_ms, on_the_way_at = excluded.on_the_way_at, eta_at = excluded.eta_at,
    there_at = excluded.there_at, ended_at = excluded.ended_at, missed_due_at = excluded.missed_due_at,
    protocol_key = excluded.protocol_key, solved = excluded.solved, further = excluded.further,
    further_reason = excluded.further_reason, further_length_ms = excluded.further_length_ms,
    further_earliest_at = excluded.further_earliest_at
-- name: load_courses
SELECT visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, description_key, contract_id,
       service_id, number, state, start_at, tolerance_ms, length_ms, on_the_way_at, eta_at, there_at, ended_at,
       missed_due_at, protocol_key, solved, further, further_reason, further_length_ms, further_earliest_at, ordinal
  FROM course WHERE work_order_id = $1::uuid ORDER BY ordinal
-- name: load_course
SELECT visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, description_key, contract_id,
       service_id, number, state, start_at, tolerance_ms, length_ms, on_the_way_at, eta_at, there_at, ended_at,
       missed_due_at, protocol_key, solved, further, further_reason, further_length_ms, further_earliest_at, ordinal
  FROM course WHERE visit_id = $1::uuid
-- name: load_day
SELECT visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, description_key, contract_id,
       service_id, number, state, start_at, tolerance_ms, length_ms, on_the_way_at, eta_at, there_at, ended_at,
       missed_due_at, protocol_key, solved, further, further_reason, further_length_ms, further_earliest_at, ordinal
  FROM course WHERE (technician_id = $1::uuid OR visit_id IN (SELECT m.visit_id FROM course_mate m WHERE m.technician_id = $1::uuid))
   AND start_at >= $2 AND start_at < $3 AND state <> 6
 ORDER BY start_at, ordinal LIMIT 50
-- name: save_mates
WITH gone AS (DELETE FROM course_mate WHERE visit_id = $1::uuid AND technician_id <> ALL ($3::uuid[]))
INSERT INTO course_mate (visit_id, technician_id, partner_id) SELECT $1::uuid, t, $2 FROM unnest($3::uuid[]) t ON CONFLICT DO NOTHING
-- name: count_mates
SELECT count(*) FROM course_mate WHERE visit_id = $1::uuid
-- name: due_missed
SELECT work_order_id::text FROM course WHERE state IN (1, 2) AND missed_due_at <= $1
 GROUP BY work_order_id ORDER BY min(missed_due_at) LIMIT 500

-- name: save_course_event
INSERT INTO course_event (visit_id, partner_id, technician_id, event, was, became, at, entered_at, eta_at, lat, lon)
VALUES ($1::uuid, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: save_proof_file
INSERT INTO proof_file (visit_id, kind, sha256, work_order_id, partner_id, technician_id, size, media_type, width,
                        height, at, stored, seal_id)
VALUES ($1::uuid, $2, $3, $4::uuid, $5, $6::uuid, $7, $8, $9, $10, $11, $12, $13::uuid)
-- name: has_proof_file
SELECT 1 FROM proof_file WHERE visit_id = $1::uuid AND kind = $2 AND sha256 = $3
-- name: load_proof_files
SELECT kind, sha256, size, media_type, at FROM proof_file WHERE visit_id = $1::uuid ORDER BY at, kind, sha256
-- name: find_proof_file
SELECT media_type, technician_id, coalesce(nullif(stored, ''), sha256), coalesce(seal_id::text, '') FROM proof_file
 WHERE work_order_id = $1::uuid AND sha256 = $2 LIMIT 1
-- name: forget_proof_files
DELETE FROM proof_file WHERE work_order_id = $1::uuid RETURNING coalesce(nullif(stored, ''), sha256)
-- name: forget_protocols
UPDATE protocol SET findings = '', work_done = '', signer_name = '', refusal_reason = '', absence_note = ''
 WHERE visit_id IN (SELECT visit_id FROM course WHERE work_order_id = $1::uuid)
-- name: forget_keys
WITH courses AS (UPDATE course SET description_key = '' WHERE work_order_id = $1::uuid)
UPDATE work_order SET description_key = '' WHERE work_order_id = $1::uuid

-- name: save_protocol
INSERT INTO protocol (visit_id, protocol_key, partner_id, findings, work_done, solved, card_payment_offered,
                      signer_name, refusal_reason, absence_note, at, entered_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
-- name: load_protocol
SELECT findings, work_done, card_payment_offered, signer_name, refusal_reason, absence_note
  FROM protocol WHERE visit_id = $1::uuid
-- name: save_protocol_line
INSERT INTO protocol_line (line_id, visit_id, work_order_id, partner_id, position, item, quantity, answer,
                           total_grosz, covered_grosz, left_grosz, rule)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6, $7, 'asked', 0, 0, 0, '')
-- name: answer_protocol_line
UPDATE protocol_line SET answer = $2, total_grosz = $3, covered_grosz = $4, left_grosz = $5, rule = $6
 WHERE line_id = $1::uuid
-- name: load_protocol_lines
SELECT line_id, item, quantity, answer, total_grosz, covered_grosz, left_grosz, rule
  FROM protocol_line WHERE visit_id = $1::uuid ORDER BY position
-- name: save_used_part
INSERT INTO used_part (visit_id, position, partner_id, sku, quantity) VALUES ($1::uuid, $2, $3, $4, $5)
-- name: load_used_parts
SELECT sku, quantity FROM used_part WHERE visit_id = $1::uuid ORDER BY position

-- ---- figures ----
-- name: figures
SELECT unnest(ARRAY['majster_courses_open', 'majster_courses_overdue']), '',
       unnest(ARRAY[count(*), count(*) FILTER (WHERE missed_due_at < $1::bigint - 60000)])::float8
  FROM course WHERE state IN (1, 2) AND $2::bigint > 0
UNION ALL SELECT 'majster_visits_unfinished', '', count(*) FROM course WHERE state = 3 AND there_at + length_ms + 7200000 < $1
