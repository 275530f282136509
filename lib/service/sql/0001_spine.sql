-- What the loop keeps for every service, in the service's own schema.

-- The lock of an order (technician, day …) and the counter that makes its facts gap-free.
CREATE TABLE subject (
    id text PRIMARY KEY,
    sequence bigint NOT NULL,
    trace text NOT NULL
);

-- Facts told and not yet acknowledged by Kafka; the relay deletes what is.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    topic text NOT NULL,
    key text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    partner text NOT NULL,
    trace text NOT NULL,
    cause text NOT NULL,
    told_at bigint NOT NULL,
    payload bytea NOT NULL,
    UNIQUE (topic, subject, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Facts that took effect; each is claimed once.
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    heard_at bigint NOT NULL
);

-- How far each teller's subject has been heard, also facts of types that are not handled.
CREATE TABLE heard (
    source text,
    subject text,
    sequence bigint NOT NULL,
    PRIMARY KEY (source, subject)
);

-- Where to read on, by compare and swap; no row means from the beginning.
CREATE TABLE consumer_offset (
    topic text,
    partition int,
    next bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Facts that came before the one they build on.
CREATE TABLE early (
    event_id uuid PRIMARY KEY,
    source text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    partner text NOT NULL,
    trace text NOT NULL,
    told_at bigint NOT NULL,
    payload bytea NOT NULL,
    since bigint NOT NULL
);
CREATE INDEX early_subject ON early (subject, source, sequence);

-- Messages that could not take effect, with the reason; later facts of the subject park behind them.
CREATE TABLE parked (
    event_id text PRIMARY KEY,
    source text NOT NULL,
    subject text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    partner text NOT NULL,
    trace text NOT NULL,
    told_at bigint NOT NULL,
    payload bytea NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    record_offset bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('rejected', 'unreadable', 'behind')),
    reason text NOT NULL,
    parked_at bigint NOT NULL,
    replay boolean NOT NULL DEFAULT false
);
CREATE INDEX parked_subject ON parked (subject, parked_at);

-- Idempotency-Key: what was asked and what was answered.
CREATE TABLE request (
    actor text,
    key text,
    hash text NOT NULL,
    status int NOT NULL,
    headers text[] NOT NULL,
    body bytea NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (actor, key)
);

-- Moves the offsets on, or fails when another process has moved them meanwhile.
CREATE FUNCTION advance_offsets(topics text[], partitions bigint[], expected bigint[], nexts bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. coalesce(array_length(topics, 1), 0) LOOP
        IF expected[i] < 0 THEN
            INSERT INTO consumer_offset VALUES (topics[i], partitions[i], nexts[i]) ON CONFLICT DO NOTHING;
        ELSE
            UPDATE consumer_offset SET next = nexts[i]
             WHERE topic = topics[i] AND partition = partitions[i] AND next = expected[i];
        END IF;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'offset of % % is not % any more', topics[i], partitions[i], expected[i]
                USING ERRCODE = 'MJ001';
        END IF;
    END LOOP;
END $$;

-- The wall of row level security: a partner's own rows, or our own people and clocks.
CREATE FUNCTION may_see(partner text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT partner = current_setting('app.partner', true)
        OR current_setting('app.actor', true) IN ('consultant', 'operator', 'timer', 'engine')
$$;
