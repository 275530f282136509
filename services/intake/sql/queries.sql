-- ---- partners and contracts ----
-- name: save_partner
INSERT INTO partner (partner_id, name, kind, mail_sender) VALUES ($1, $2, $3, $4)
ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, mail_sender = excluded.mail_sender
-- name: load_partner
SELECT name, kind, adoption, trial_permille, trial_services, trial_towns FROM partner WHERE partner_id = $1
-- name: load_contracts
SELECT contract_id, name, chooser, guarantee_sum_grosz, tolerance_ms, choose_within_ms, answer_within_ms
  FROM contract WHERE partner_id = $1 ORDER BY contract_id
-- name: load_services
SELECT contract_id, service_id, name, skill, visit_length_ms, part_sku, expected_cost_grosz, urgency, protocol, equipment,
       followed_by, followed_gap_ms, technicians
  FROM covered_service WHERE partner_id = $1 ORDER BY contract_id, service_id
-- name: save_api_key
INSERT INTO api_key (sha256, partner_id, made_at) VALUES ($1, $2, $3)
-- name: load_api_key
SELECT partner_id FROM api_key WHERE sha256 = $1 AND revoked_at IS NULL
-- name: save_contract
INSERT INTO contract (contract_id, partner_id, name, chooser, guarantee_sum_grosz, tolerance_ms, choose_within_ms, answer_within_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (contract_id) DO UPDATE SET name = excluded.name, chooser = excluded.chooser,
    guarantee_sum_grosz = excluded.guarantee_sum_grosz, tolerance_ms = excluded.tolerance_ms,
    choose_within_ms = excluded.choose_within_ms, answer_within_ms = excluded.answer_within_ms
-- name: load_contract_owner
SELECT partner_id FROM contract WHERE contract_id = $1
-- name: delete_services
DELETE FROM covered_service WHERE contract_id = $1
-- name: save_service
INSERT INTO covered_service (contract_id, service_id, partner_id, name, skill, visit_length_ms, part_sku, expected_cost_grosz, urgency, protocol,
    equipment, followed_by, followed_gap_ms, technicians)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text[], $12, $13, $14)
-- name: load_partner_of_sender
SELECT partner_id FROM partner WHERE mail_sender <> '' AND lower(mail_sender) = lower($1)
-- name: load_terms
SELECT c.partner_id, c.chooser, c.guarantee_sum_grosz, c.tolerance_ms, c.choose_within_ms, c.answer_within_ms,
       s.service_id IS NOT NULL, coalesce(s.skill, ''), coalesce(s.visit_length_ms, 0), coalesce(s.part_sku, ''),
       coalesce(s.expected_cost_grosz, 0), coalesce(s.urgency, 0), coalesce(s.equipment, '{}'), coalesce(s.technicians, 1), nextval('work_order_number'),
       coalesce((SELECT w.work_order_id::text FROM work_order w
                  WHERE w.partner_id = c.partner_id AND w.partner_reference = $3 AND $3 <> '' AND w.service_id = $2
                    AND w.state NOT IN (4, 5, 6)), ''),
       p.adoption, p.trial_permille, p.trial_services, p.trial_towns, coalesce(s.followed_by, ''), coalesce(s.followed_gap_ms, 0)
  FROM contract c JOIN partner p USING (partner_id) LEFT JOIN covered_service s ON s.contract_id = c.contract_id AND s.service_id = $2
 WHERE c.contract_id = $1

-- ---- guarantee sums ----
-- name: open_guarantee
INSERT INTO guarantee (contract_id, policy, partner_id, sum_grosz, reserved_grosz) VALUES ($1, $2, $3, $4, $5)
-- name: load_expected_cost
SELECT expected_cost_grosz FROM covered_service WHERE contract_id = $1 AND service_id = $2
-- name: open_or_lock_guarantee
INSERT INTO guarantee AS g (contract_id, policy, partner_id, sum_grosz) VALUES ($1, $2, $3, $4)
ON CONFLICT (contract_id, policy) DO UPDATE SET sum_grosz = g.sum_grosz
RETURNING sum_grosz, reserved_grosz, used_grosz
-- name: lock_guarantee
SELECT sum_grosz, reserved_grosz, used_grosz FROM guarantee WHERE contract_id = $1 AND policy = $2 FOR UPDATE
-- name: move_guarantee
UPDATE guarantee SET reserved_grosz = reserved_grosz + $3, used_grosz = used_grosz + $4
 WHERE contract_id = $1 AND policy = $2

-- name: load_guarantees
SELECT c.contract_id, c.name, count(*), sum(g.sum_grosz)::bigint, sum(g.reserved_grosz)::bigint, sum(g.used_grosz)::bigint
  FROM guarantee g JOIN contract c ON c.contract_id = g.contract_id
 GROUP BY c.contract_id, c.name ORDER BY sum(g.used_grosz + g.reserved_grosz) DESC, c.contract_id LIMIT 100

-- ---- reports ----
-- name: save_report
WITH sealed AS (INSERT INTO person.seal (id, person_id, wrapped_key, made_at) VALUES ($9::uuid, $10::uuid, $11, $12))
INSERT INTO report (report_id, channel, partner_id, raw, received_at, outcome, rule, work_order_id, seal_id)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8::uuid, $9::uuid)
-- name: save_mail
WITH kept AS (
    INSERT INTO report (report_id, channel, partner_id, raw, received_at, mail_key, outcome, seal_id)
    VALUES ($1::uuid, $2, '', $3, $4, $5, 'in_progress', $6::uuid) ON CONFLICT (mail_key) DO NOTHING RETURNING seal_id)
INSERT INTO person.seal (id, wrapped_key, made_at) SELECT seal_id, $7, $8 FROM kept RETURNING id
-- name: end_report
UPDATE report SET outcome = $2, rule = $3, partner_id = $4, work_order_id = $5::uuid WHERE report_id = $1::uuid
-- name: own_report
UPDATE person.seal SET person_id = $2::uuid WHERE id = (SELECT seal_id FROM report WHERE report_id = $1::uuid)
-- name: load_report
SELECT raw, coalesce(seal_id::text, ''), outcome FROM report WHERE report_id = $1::uuid
-- name: waiting_reports
SELECT report_id FROM report WHERE outcome = 'in_progress' AND channel = 2 AND $1 >= received_at LIMIT 100
-- name: load_quarantine
SELECT report_id, partner_id, channel, rule, received_at FROM report WHERE outcome = 'quarantined' ORDER BY received_at LIMIT 200
-- name: conservation
SELECT channel, count(*), count(*) FILTER (WHERE outcome = 'opened'), count(*) FILTER (WHERE outcome = 'joined'),
       count(*) FILTER (WHERE outcome = 'duplicate'), count(*) FILTER (WHERE outcome = 'quarantined'),
       count(*) FILTER (WHERE outcome = 'refused'), count(*) FILTER (WHERE outcome = 'in_progress')
  FROM report GROUP BY channel ORDER BY channel
-- name: take_mail_lease
UPDATE mail_poll SET lease_until = $2 WHERE lease_until <= $1 RETURNING true
-- name: end_mail_lease
UPDATE mail_poll SET lease_until = 0

-- ---- work orders ----
-- name: save_order
INSERT INTO work_order (work_order_id, number, partner_id, contract_id, policy, partner_reference, channel, chooser, urgency, state,
    service_id, skill, part_sku, person_id, lat, lon, town, district, accuracy, visit_length_ms, earliest_at, latest_by, tolerance_ms,
    reserved_grosz, used_grosz, opened_at, origin, language, cancel_reason, description_key, choose_until, adoption,
    equipment, after_work_order_id, after_gap_ms, technicians)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::uuid, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, 0, $25, $31, $26, '', $27, $28, $29,
    $30::text[], $32::uuid, $33, $34)
-- name: load_order
SELECT work_order_id, number, partner_id, contract_id, partner_reference, channel, chooser, urgency, state, service_id, skill,
       part_sku, person_id, lat, lon, town, district, accuracy, visit_length_ms, earliest_at, latest_by, tolerance_ms,
       reserved_grosz, used_grosz, opened_at, origin, language, cancel_reason, description_key,
       policy, visit_id, start_at, technician_name, lines_expected, lines_answered, lines_booked, choose_until, adoption, equipment,
       after_work_order_id, after_gap_ms, technicians, continues
  FROM work_order WHERE work_order_id = $1::uuid
-- name: load_orders
SELECT work_order_id, number, partner_id, contract_id, partner_reference, channel, chooser, urgency, state, service_id, skill,
       part_sku, person_id, lat, lon, town, district, accuracy, visit_length_ms, earliest_at, latest_by, tolerance_ms,
       reserved_grosz, used_grosz, opened_at, origin, language, cancel_reason, description_key,
       policy, visit_id, start_at, technician_name, lines_expected, lines_answered, lines_booked, choose_until, adoption, equipment,
       after_work_order_id, after_gap_ms, technicians, continues
  FROM work_order WHERE ($1 = '' OR partner_reference = $1) ORDER BY opened_at DESC, work_order_id DESC LIMIT 100
-- name: load_orders_of
SELECT work_order_id, number, partner_id, contract_id, partner_reference, channel, chooser, urgency, state, service_id, skill,
       part_sku, person_id, lat, lon, town, district, accuracy, visit_length_ms, earliest_at, latest_by, tolerance_ms,
       reserved_grosz, used_grosz, opened_at, origin, language, cancel_reason, description_key,
       policy, visit_id, start_at, technician_name, lines_expected, lines_answered, lines_booked, choose_until, adoption, equipment,
       after_work_order_id, after_gap_ms, technicians, continues
  FROM work_order WHERE person_id = ANY ($1::uuid[]) ORDER BY work_order_id
-- name: load_before
-- The order that another one is to follow, and how many there are in a row with it.
WITH RECURSIVE row_of AS (
    SELECT after_work_order_id, 1 AS length FROM work_order WHERE work_order_id = $1::uuid
    UNION ALL SELECT b.after_work_order_id, r.length + 1 FROM row_of r JOIN work_order b ON b.work_order_id = r.after_work_order_id WHERE r.length < 10)
SELECT partner_id, state, earliest_at, latest_by, visit_length_ms, (SELECT max(length) FROM row_of) FROM work_order WHERE work_order_id = $1::uuid
-- name: give_time_to_choose
-- To those who waited for this order's hour.
UPDATE work_order s SET choose_until = greatest(s.choose_until, $2 + c.choose_within_ms) FROM contract c
 WHERE s.after_work_order_id = $1::uuid AND s.state IN (1, 7) AND c.contract_id = s.contract_id
-- name: load_choosers_after
SELECT work_order_id FROM work_order WHERE after_work_order_id = $1::uuid AND state IN (1, 7) AND chooser = 3 ORDER BY opened_at, work_order_id
-- name: forget_words
UPDATE work_order SET description_key = '' WHERE work_order_id = $1::uuid
-- name: save_progress
UPDATE work_order SET state = $2, visit_id = $3, start_at = $4, technician_name = $5, reserved_grosz = $6, used_grosz = $7,
       cancel_reason = $8, lines_expected = $9, lines_answered = $10, lines_booked = $11, choose_until = $12, continues = $13
 WHERE work_order_id = $1::uuid
-- name: due_choices
SELECT work_order_id FROM work_order w WHERE state IN (1, 7) AND choose_until <= $1
   AND NOT EXISTS (SELECT 1 FROM call_task t WHERE t.work_order_id = w.work_order_id AND t.closed_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM work_order b WHERE b.work_order_id = w.after_work_order_id AND b.state IN (1, 7)) -- somebody calls about that one
 ORDER BY choose_until LIMIT 200

-- name: due_releases
SELECT work_order_id FROM work_order WHERE state IN (1, 7) AND reserved_grosz > 0 AND latest_by <= $1 AND continues = '' LIMIT 200

-- ---- call tasks ----
-- name: save_call_task
INSERT INTO call_task (task_id, work_order_id, partner_id, reason, opened_at, due_at) VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6)
-- name: load_open_task
SELECT task_id FROM call_task WHERE work_order_id = $1::uuid AND closed_at IS NULL
-- name: close_call_task
UPDATE call_task SET closed_at = $2, outcome = $3 WHERE work_order_id = $1::uuid AND closed_at IS NULL
-- name: load_call_tasks
SELECT t.task_id, t.work_order_id, w.number, t.partner_id, t.reason, t.opened_at, t.due_at, w.person_id
  FROM call_task t JOIN work_order w USING (work_order_id) WHERE t.closed_at IS NULL ORDER BY t.due_at LIMIT 200

-- ---- prices and cost lines ----
-- name: save_price
INSERT INTO price (price_list_id, item, valid_from, price_grosz) VALUES ($1, $2, $3, $4)
ON CONFLICT (price_list_id, item, valid_from) DO UPDATE SET price_grosz = excluded.price_grosz
-- name: load_price
SELECT price_grosz FROM price WHERE item = $1 AND valid_from <= $2 ORDER BY valid_from DESC LIMIT 1
-- name: load_line
SELECT 1 FROM cost_line WHERE line_id = $1
-- name: count_other_lines
SELECT count(*) FROM cost_line WHERE work_order_id = $1::uuid AND visit_id NOT IN ($2, '')
-- name: save_line
INSERT INTO cost_line (line_id, work_order_id, partner_id, total_grosz, covered_grosz, visit_id, technician_id, item, quantity,
                       is_accepted, left_grosz, rule, answered_at)
VALUES ($1, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
-- name: load_answered_lines
SELECT line_id, visit_id, technician_id, item, quantity, total_grosz, covered_grosz, left_grosz, is_accepted, rule, answered_at
  FROM cost_line WHERE work_order_id = $1::uuid AND answered_at > 0 ORDER BY answered_at, line_id

-- ---- figures ----
-- name: figures
-- Suite time $1, machine time $2. Ids begin with the millisecond of the machine's clock: an hour back is a range of the key.
SELECT 'majster_reports_missing', '', count(*)::float8 FROM report r
 WHERE r.report_id >= rpad(lpad(to_hex($2::bigint - 3600000), 12, '0'), 32, '0')::uuid AND r.outcome IN ('opened', 'joined')
   AND NOT EXISTS (SELECT FROM work_order w WHERE w.work_order_id = r.work_order_id)
UNION ALL SELECT * FROM (SELECT unnest(ARRAY['majster_reports_in_progress', 'majster_reports_in_progress_oldest_seconds']), '',
    unnest(ARRAY[count(*)::float8, coalesce(greatest($1::bigint - min(received_at), 0) / 1000.0, 0)]) FROM report WHERE outcome = 'in_progress') p
UNION ALL SELECT * FROM (SELECT unnest(ARRAY['majster_reports_quarantined', 'majster_reports_quarantined_oldest_seconds']), '',
    unnest(ARRAY[count(*)::float8, coalesce(greatest($1 - min(received_at), 0) / 1000.0, 0)]) FROM report WHERE outcome = 'quarantined') q
UNION ALL SELECT 'majster_orders_without_hour', '', count(*) FROM work_order w WHERE w.state IN (1, 7) AND w.choose_until < $1 - 20000
   AND NOT EXISTS (SELECT FROM call_task t WHERE t.work_order_id = w.work_order_id AND t.closed_at IS NULL)
   AND NOT EXISTS (SELECT FROM work_order b WHERE b.work_order_id = w.after_work_order_id AND b.state IN (1, 7))
UNION ALL SELECT * FROM (SELECT unnest(ARRAY['majster_call_tasks_open', 'majster_call_tasks_overdue']), '',
    unnest(ARRAY[count(*), count(*) FILTER (WHERE due_at < $1)]) FROM call_task WHERE closed_at IS NULL) c
UNION ALL SELECT 'majster_reserved_unbooked_grosz', '', coalesce(sum(reserved_grosz), 0) FROM work_order
 WHERE state IN (1, 7) AND reserved_grosz > 0 AND continues = ''

-- ---- adoption ----
-- name: save_adoption
UPDATE partner SET adoption = $2, trial_permille = $3, trial_services = $4::text[], trial_towns = $5::text[] WHERE partner_id = $1
-- name: load_adoption
SELECT adoption, trial_permille, trial_services, trial_towns FROM partner WHERE partner_id = $1
