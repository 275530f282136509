-- Statements of the loop itself; the schema is the service's, by search_path.

-- name: begin
BEGIN
-- name: commit
COMMIT
-- name: rollback
ROLLBACK
-- name: savepoint
SAVEPOINT turn
-- name: release
RELEASE SAVEPOINT turn
-- name: undo
ROLLBACK TO SAVEPOINT turn
-- name: walls
SELECT set_config('app.partner', $1, false), set_config('app.actor', $2, false), set_config('app.actor_id', $3, false)

-- name: claim_inbox
INSERT INTO inbox (event_id, heard_at) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING RETURNING event_id
-- name: release_inbox
DELETE FROM inbox WHERE event_id = ANY ($1::uuid[])
-- name: load_heard
SELECT h.* FROM unnest($1::text[], $2::text[]) AS u (source, subject),
       -- OFFSET 0: by the key, once each; a plan made for any number of them reads the whole table
       LATERAL (SELECT source, subject, sequence FROM heard WHERE source = u.source AND subject = u.subject OFFSET 0) h
-- name: save_heard
INSERT INTO heard (source, subject, sequence, moved_at) SELECT *, $4 FROM unnest($1::text[], $2::text[], $3::bigint[])
ON CONFLICT (source, subject) DO UPDATE SET sequence = greatest(heard.sequence, excluded.sequence), moved_at = excluded.moved_at
-- name: save_baseline
INSERT INTO heard (source, subject, sequence, moved_at) SELECT *, $4 FROM unnest($1::text[], $2::text[], $3::bigint[])
ON CONFLICT (source, subject) DO UPDATE SET sequence = excluded.sequence, moved_at = excluded.moved_at
-- name: heard_up_to
SELECT 1 FROM heard WHERE source = $1 AND subject = $2 AND sequence >= $3
-- name: load_waiting
SELECT subject, source, 'parked' FROM parked WHERE subject = ANY ($1::text[])
UNION SELECT subject, source, CASE WHEN retold THEN 'retold' ELSE 'early' END FROM early WHERE subject = ANY ($1::text[])
-- name: lock_subjects
SELECT id, sequence, trace FROM subject WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE SKIP LOCKED
-- name: known_subjects
SELECT id FROM subject WHERE id = ANY ($1::text[])
-- name: open_subject
INSERT INTO subject (id, sequence, trace) VALUES ($1, 0, $2)
-- name: open_or_lock_subject
INSERT INTO subject AS s (id, sequence, trace) VALUES ($1, 0, $2)
ON CONFLICT (id) DO UPDATE SET sequence = s.sequence RETURNING sequence
-- name: tell
WITH told AS (UPDATE subject SET sequence = $5 WHERE id = $4)
INSERT INTO outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- name: open_and_tell
WITH opened AS (INSERT INTO subject (id, sequence, trace) VALUES ($4, $5, $12))
INSERT INTO outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
-- name: retold_subjects
SELECT id FROM subject WHERE sequence > 0 AND id > $1 ORDER BY id LIMIT 500
-- name: retell
INSERT INTO outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload, retold)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, true)
-- name: untouched
SELECT subject FROM heard h
 WHERE source = $1 AND moved_at < $2 AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.subject = h.subject)
   AND NOT EXISTS (SELECT 1 FROM early e WHERE e.subject = h.subject AND e.source = h.source)
-- name: forget_heard
DELETE FROM heard WHERE source = $1 AND subject = ANY ($2::text[])
-- name: publish
INSERT INTO outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: load_requests
SELECT r.* FROM unnest($1::text[], $2::text[]) AS u (actor, key),
       LATERAL (SELECT actor, key, hash, status, headers, body FROM request WHERE actor = u.actor AND key = u.key OFFSET 0) r
-- name: save_request
INSERT INTO request (actor, key, hash, status, headers, body, at) VALUES ($1, $2, $3, $4, $5::text[], $6, $7)

-- name: save_early
INSERT INTO early (event_id, source, subject, sequence, type, partner, trace, told_at, payload, since, cause, retold)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
-- name: due_early
-- In their order, a retold one last; it shows that the holes before it will not be filled any more. $1: types that open.
SELECT e.event_id, e.source, e.subject, e.sequence, e.type, e.partner, e.trace, e.told_at, e.cause, e.retold, e.payload
  FROM early e LEFT JOIN subject s ON s.id = e.subject
  LEFT JOIN heard h ON h.source = e.source AND h.subject = e.subject
 WHERE (s.id IS NOT NULL OR e.retold AND e.type = ANY ($1::text[]))
   AND (e.retold OR e.sequence <= coalesce(h.sequence, 0) + 1
        OR EXISTS (SELECT 1 FROM early r WHERE r.subject = e.subject AND r.source = e.source AND r.retold AND r.sequence >= e.sequence))
 ORDER BY e.subject, e.source, e.sequence, e.retold, e.told_at, e.event_id LIMIT 200
-- name: delete_early
DELETE FROM early WHERE event_id = $1::uuid
-- name: oldest_early
SELECT count(*), coalesce(min(since), 0) FROM early

-- name: save_seal
INSERT INTO person.seal (id, person_id, wrapped_key, made_at) VALUES ($1::uuid, $2::uuid, $3, $4)
-- name: load_seal
SELECT wrapped_key FROM person.seal WHERE id = $1::uuid

-- name: park
WITH sealed AS (INSERT INTO person.seal (id, wrapped_key, made_at) VALUES ($16::uuid, $17, $15))
INSERT INTO parked (event_id, source, subject, sequence, type, partner, trace, told_at, payload, topic, partition,
                    record_offset, kind, reason, parked_at, seal_id, cause, retold)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::uuid, $18, $19)
ON CONFLICT (event_id) DO UPDATE SET reason = excluded.reason, kind = excluded.kind, replay = false
-- name: due_replays
SELECT event_id, source, subject, sequence, type, partner, trace, told_at, cause, retold, payload,
       (SELECT s.wrapped_key FROM person.seal s WHERE s.id = p.seal_id)
  FROM parked p
 WHERE replay AND kind <> 'unreadable'
   AND NOT EXISTS (SELECT 1 FROM parked q WHERE q.subject = p.subject AND (q.parked_at, q.record_offset) < (p.parked_at, p.record_offset))
 ORDER BY parked_at LIMIT 100
-- name: take_parked
DELETE FROM parked WHERE event_id = $1 RETURNING event_id
-- name: list_parked
SELECT event_id, source, subject, sequence, type, kind, reason, parked_at, replay FROM parked ORDER BY parked_at LIMIT 500
-- name: show_parked
SELECT p.type, p.payload, (SELECT s.wrapped_key FROM person.seal s WHERE s.id = p.seal_id), p.source, p.subject, p.sequence, p.topic,
       p.partition, p.record_offset, p.kind, p.reason
  FROM parked p WHERE p.event_id = $1
-- name: replay_parked
UPDATE parked SET replay = true WHERE subject = (SELECT subject FROM parked WHERE event_id = $1) RETURNING event_id
-- name: count_parked
SELECT kind, count(event_id), coalesce(min(parked_at), 0)
  FROM unnest(ARRAY['rejected', 'unreadable', 'behind', 'crashed']) AS k (kind) LEFT JOIN parked USING (kind) GROUP BY kind
-- name: count_erasures
SELECT (SELECT count(*) FROM parked WHERE type = 'intake.v1.PersonForgotten') + (SELECT count(*) FROM early WHERE type = 'intake.v1.PersonForgotten')
-- name: count_outbox
-- Its ids begin with the millisecond they were made in; told_at is suite time. A long one is not counted to its end.
SELECT (SELECT count(*) FROM (SELECT FROM outbox LIMIT 10000) o),
       coalesce((SELECT ('x' || left(replace(event_id::text, '-', ''), 12))::bit(48)::bigint FROM outbox ORDER BY id LIMIT 1), 0)

-- name: load_offset
SELECT next FROM consumer_offset WHERE topic = $1 AND partition = $2
-- name: advance_offsets
SELECT advance_offsets($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])

-- name: read_clock
SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint
-- name: load_clock
SELECT machine_at, suite_at, rate FROM suite.clock ORDER BY machine_at
-- name: notify_outbox
SELECT pg_notify('outbox_' || $1, '')
-- name: relay_batch
SELECT id, event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload, retold
  FROM outbox ORDER BY id LIMIT 500
-- name: relay_delete
DELETE FROM outbox WHERE id = ANY ($1::bigint[])
-- name: relay_lock
SELECT pg_try_advisory_lock(hashtextextended('relay ' || current_schema(), 0))
-- name: prune_inbox
DELETE FROM inbox WHERE heard_at < $1
-- name: prune_requests
DELETE FROM request WHERE at < $1
