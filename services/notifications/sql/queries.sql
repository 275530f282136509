-- $n is bigint milliseconds for every time; `machine` in a name means the machine's clock.

-- name: save_partner
INSERT INTO partner (partner_id, name) VALUES ($1, $2) ON CONFLICT (partner_id) DO UPDATE SET name = excluded.name

-- name: save_order
INSERT INTO work_order (work_order_id, partner_id, number, partner_reference, person_id, state)
VALUES ($1::uuid, $2, $3, $4, $5, $6)
ON CONFLICT (work_order_id) DO UPDATE SET state = excluded.state, person_id = excluded.person_id,
    partner_reference = excluded.partner_reference
-- name: load_order
SELECT o.partner_id, coalesce(p.name, ''), o.number, o.partner_reference, o.person_id, o.state, o.calendar_sequence,
       coalesce(v.visit_id, ''), coalesce(v.moves, 0), coalesce(v.course, 0), coalesce(v.start_at, 0),
       coalesce(v.tolerance_ms, 0), coalesce(v.length_ms, 0), coalesce(v.technician_name, ''),
       coalesce(v.remind_day_at, 0), coalesce(v.remind_hour_at, 0)
  FROM work_order o LEFT JOIN partner p ON p.partner_id = o.partner_id
  LEFT JOIN visit v ON v.work_order_id = o.work_order_id
 WHERE o.work_order_id = $1::uuid

-- name: drop_partners
DELETE FROM partner WHERE partner_id = ANY ($1::text[])
-- name: drop_visits
DELETE FROM visit WHERE work_order_id::text = ANY ($1::text[])
-- name: drop_orders
DELETE FROM work_order o WHERE work_order_id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM message m WHERE m.work_order_id = o.work_order_id)
   AND NOT EXISTS (SELECT 1 FROM visit v WHERE v.work_order_id = o.work_order_id)

-- ---- links ----
-- name: save_link
INSERT INTO link (sha256, link_id, work_order_id, partner_id, person_id, purpose, issued_at, expires_at)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8)
-- name: load_links
SELECT sha256, link_id, partner_id, person_id, purpose, issued_at, expires_at
  FROM link WHERE work_order_id = $1::uuid AND expires_at > $2 ORDER BY issued_at, sha256
-- name: forget_links
DELETE FROM link WHERE work_order_id = $1::uuid
-- name: prune_links
DELETE FROM link WHERE expires_at < $1

-- name: save_visit
INSERT INTO visit (work_order_id, partner_id, visit_id, moves, course, start_at, tolerance_ms, length_ms,
                   technician_name, remind_day_at, remind_hour_at)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10::bigint, 0), nullif($11::bigint, 0))
ON CONFLICT (work_order_id) DO UPDATE SET visit_id = excluded.visit_id, moves = excluded.moves,
    course = excluded.course, start_at = excluded.start_at, tolerance_ms = excluded.tolerance_ms,
    length_ms = excluded.length_ms, technician_name = excluded.technician_name,
    remind_day_at = excluded.remind_day_at, remind_hour_at = excluded.remind_hour_at
-- name: save_calendar_sequence
UPDATE work_order SET calendar_sequence = $2 WHERE work_order_id = $1::uuid
-- name: due_reminders
SELECT work_order_id FROM visit
 WHERE course = 1 AND (remind_day_at IS NOT NULL OR remind_hour_at IS NOT NULL)
   AND least(remind_day_at, remind_hour_at) <= $1 ORDER BY least(remind_day_at, remind_hour_at) LIMIT 500

-- name: queue_message
INSERT INTO message (message_id, work_order_id, partner_id, person_id, visit_id, template, template_version, channel,
                     occurrence, state, created_at, send_after, deadline_at, look_again_at, eta_at, part)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (work_order_id, template, occurrence, channel) DO NOTHING RETURNING message_id
-- name: save_message
UPDATE message SET state = $2, send_after = $3, sent_at = $4, delivered_at = $5, look_again_at = $6, attempts = $7,
       subject = $8, body = $9, gateway_id = $10, reason = $11
 WHERE message_id = $1::uuid
-- name: load_message
SELECT message_id, work_order_id, partner_id, person_id, visit_id, template, template_version, channel, occurrence,
       state, created_at, send_after, deadline_at, sent_at, delivered_at, look_again_at, attempts, eta_at, part,
       subject, body, gateway_id, reason
  FROM message WHERE message_id = $1::uuid
-- name: load_messages
SELECT message_id, work_order_id, partner_id, person_id, visit_id, template, template_version, channel, occurrence,
       state, created_at, send_after, deadline_at, sent_at, delivered_at, look_again_at, attempts, eta_at, part,
       subject, body, gateway_id, reason
  FROM message WHERE work_order_id = $1::uuid ORDER BY created_at, message_id
-- name: load_open_messages
SELECT message_id, work_order_id, partner_id, person_id, visit_id, template, template_version, channel, occurrence,
       state, created_at, send_after, deadline_at, sent_at, delivered_at, look_again_at, attempts, eta_at, part,
       subject, body, gateway_id, reason
  FROM message WHERE work_order_id = $1::uuid AND state IN (1, 2, 6) ORDER BY created_at, message_id
-- name: due_messages
SELECT DISTINCT work_order_id FROM message
 WHERE state IN (1, 2, 6) AND look_again_at <= $2 AND (state <> 1 OR send_after <= $1) LIMIT 500

-- name: next_sequence
INSERT INTO partner_sequence AS s (partner_id, work_order_id, sequence) VALUES ($1, $2, 1)
ON CONFLICT (partner_id, work_order_id) DO UPDATE SET sequence = s.sequence + 1
RETURNING sequence,
    EXISTS (SELECT FROM subscription p WHERE p.partner_id = $1 AND p.kind = 'topic' AND p.state = 'active'),
    EXISTS (SELECT FROM subscription p WHERE p.partner_id = $1 AND p.kind = 'webhook' AND p.state = 'active')
-- name: save_event
INSERT INTO partner_event (event_id, partner_id, work_order_id, sequence, type, at, body)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7)
-- name: queue_event
WITH queued AS (
    INSERT INTO stream AS t (subscription_id, work_order_id, partner_id, next_sequence, state, due_at, attempts)
    SELECT s.subscription_id, $2, s.partner_id, $3, CASE WHEN b.has_room THEN 'sending' ELSE 'waiting' END,
           CASE WHEN b.has_room THEN $5 ELSE $4 END, CASE WHEN b.has_room THEN 1 ELSE 0 END
      FROM subscription s CROSS JOIN LATERAL (
           SELECT count(*) < $6 AS has_room FROM stream f
            WHERE f.subscription_id = s.subscription_id AND f.state = 'sending' AND f.due_at > $4) b
     WHERE s.partner_id = $1 AND s.kind = 'webhook' AND s.state = 'active'
    ON CONFLICT (subscription_id, work_order_id) DO UPDATE
       SET state = excluded.state, due_at = excluded.due_at, attempts = excluded.attempts,
           next_sequence = excluded.next_sequence
     WHERE t.state = 'idle'
    RETURNING subscription_id, state)
SELECT s.subscription_id, s.url, s.secret FROM queued q JOIN subscription s USING (subscription_id)
 WHERE q.state = 'sending'
-- name: load_stream
SELECT t.partner_id, t.next_sequence, t.state, t.due_at, t.attempts, s.url, s.secret, s.state,
       coalesce(s.failing_since, 0), s.is_told
  FROM stream t JOIN subscription s USING (subscription_id)
 WHERE t.subscription_id = $1::uuid AND t.work_order_id = $2
-- name: load_ready_streams
SELECT t.subscription_id FROM stream t JOIN subscription s USING (subscription_id)
 WHERE t.work_order_id = $1 AND t.state <> 'idle' AND s.state = 'active'
   AND (t.due_at <= $2 OR (t.state = 'waiting' AND t.subscription_id = nullif($3, '')::uuid))
-- name: save_stream
UPDATE stream SET next_sequence = $3, state = $4, due_at = $5, attempts = $6
 WHERE subscription_id = $1::uuid AND work_order_id = $2
-- name: reserve_waiting_stream
UPDATE stream SET due_at = $3 WHERE (subscription_id, work_order_id) = (
    SELECT t.subscription_id, t.work_order_id FROM stream t
     WHERE t.subscription_id = $1::uuid AND t.state = 'waiting' AND t.due_at <= $2
     ORDER BY t.due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING work_order_id
-- 16 is store.h's IN_FLIGHT_MOST.
-- name: due_streams
SELECT DISTINCT t.work_order_id FROM subscription s CROSS JOIN LATERAL (
    SELECT d.work_order_id FROM stream d
     WHERE d.subscription_id = s.subscription_id AND d.state <> 'idle' AND d.due_at <= $2 AND $1::bigint IS NOT NULL
     ORDER BY d.due_at LIMIT greatest(0, 16 - (
           SELECT count(*) FROM stream f
            WHERE f.subscription_id = s.subscription_id AND f.state = 'sending' AND f.due_at > $2))) t
 WHERE s.kind = 'webhook' AND s.state = 'active' LIMIT 500
-- name: load_event
SELECT event_id, body FROM partner_event WHERE work_order_id = $1 AND sequence = $2 AND partner_id = $3
-- name: save_delivery
INSERT INTO delivery AS d (subscription_id, event_id, partner_id, attempts, status, why, took_ms, first_at, last_at,
                           accepted_at)
VALUES ($1::uuid, $2::uuid, $3, 1, $4, $5, $6, $7, $7, nullif($8::bigint, 0))
ON CONFLICT (subscription_id, event_id) DO UPDATE SET attempts = d.attempts + 1, status = excluded.status,
    why = excluded.why, took_ms = excluded.took_ms, last_at = excluded.last_at, accepted_at = excluded.accepted_at
-- name: prune_deliveries
DELETE FROM delivery WHERE last_at < $1 AND accepted_at IS NOT NULL

-- name: save_failing
UPDATE subscription SET failing_since = $2, failing_since_machine = $3
 WHERE subscription_id = $1::uuid AND failing_since IS NULL
-- name: save_recovered
UPDATE subscription SET failing_since = NULL, failing_since_machine = NULL, is_told = false
 WHERE subscription_id = $1::uuid
-- name: wake_streams
UPDATE stream SET due_at = $2 WHERE (subscription_id, work_order_id) IN (
    SELECT t.subscription_id, t.work_order_id FROM stream t
     WHERE t.subscription_id = $1::uuid AND t.state = 'waiting' AND t.due_at > $2 FOR UPDATE SKIP LOCKED)
-- name: due_endpoints
SELECT DISTINCT partner_id FROM subscription
 WHERE state = 'active' AND NOT is_told AND failing_since_machine <= $2::bigint - 900000 AND $1::bigint IS NOT NULL LIMIT 500
-- name: load_failing_endpoints
SELECT s.subscription_id, s.failing_since,
       (SELECT count(*) FROM stream t WHERE t.subscription_id = s.subscription_id AND t.state <> 'idle')
  FROM subscription s
 WHERE s.partner_id = $1 AND s.state = 'active' AND NOT s.is_told AND s.failing_since_machine <= $2
-- name: save_told
UPDATE subscription SET is_told = true WHERE subscription_id = $1::uuid
-- name: save_subscription
INSERT INTO subscription (subscription_id, partner_id, kind, url, secret, created_at) VALUES ($1::uuid, $2, $3, $4, $5, $6)
-- name: load_topic_subscription
SELECT subscription_id, created_at FROM subscription WHERE partner_id = $1 AND kind = 'topic' AND state = 'active'
-- name: load_subscriptions
SELECT s.subscription_id, s.kind, s.url, s.state, coalesce(s.failing_since, 0), s.created_at,
       (SELECT count(*) FROM stream t WHERE t.subscription_id = s.subscription_id AND t.state <> 'idle')
  FROM subscription s WHERE s.partner_id = $1 AND s.state <> 'deleted' ORDER BY s.created_at, s.subscription_id
-- name: set_subscription_state
UPDATE subscription SET state = $2, is_told = false, failing_since = NULL, failing_since_machine = NULL
 WHERE subscription_id = $1::uuid AND state <> 'deleted' RETURNING partner_id, kind, url, created_at

-- name: order_events
SELECT body, event_id FROM partner_event
 WHERE work_order_id = $1 AND sequence > $2 AND at >= $3 AND at < $4 ORDER BY sequence LIMIT $5
-- name: partner_feed
WITH mark AS (SELECT written_by, position FROM partner_event WHERE event_id = nullif($2, '')::uuid)
SELECT e.body, e.event_id FROM partner_event e
 WHERE e.partner_id = $1 AND e.written_by < pg_snapshot_xmin(pg_current_snapshot()) AND e.at >= $3 AND e.at < $4
   AND (e.written_by, e.position) > (coalesce((SELECT written_by FROM mark), '0'::xid8),
                                     coalesce((SELECT position FROM mark), 0))
 ORDER BY e.written_by, e.position LIMIT $5

-- name: forget_texts
UPDATE message SET subject = '', body = '', reason = CASE WHEN reason = '' THEN '' ELSE 'forgotten' END WHERE work_order_id = $1::uuid

-- ---- figures ----
-- name: figures
SELECT unnest(ARRAY['majster_messages_waiting', 'majster_messages_unknown', 'majster_messages_overdue']), '',
       unnest(ARRAY[count(*) FILTER (WHERE state IN (1, 2)), count(*) FILTER (WHERE state = 6),
                    count(*) FILTER (WHERE state = 1 AND send_after < $1::bigint - 60000 AND (attempts > 0 OR look_again_at < $2::bigint - 60000))])::float8
  FROM message WHERE state IN (1, 2, 6)
UNION ALL SELECT 'majster_webhooks', format('state="%s"', s), count(subscription_id)
  FROM unnest(ARRAY['active', 'disabled']) AS s LEFT JOIN subscription ON state = s AND kind = 'webhook' GROUP BY s
UNION ALL SELECT * FROM (SELECT unnest(ARRAY['majster_webhooks_failing', 'majster_webhooks_failing_seconds']), '',
    unnest(ARRAY[count(*)::float8, coalesce(greatest($2 - min(failing_since_machine), 0) / 1000.0, 0)])
    FROM subscription WHERE state = 'active' AND failing_since_machine IS NOT NULL) f
UNION ALL SELECT 'majster_webhook_orders_waiting', '', count(*) FROM stream WHERE state <> 'idle'
