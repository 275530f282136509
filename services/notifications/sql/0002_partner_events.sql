-- What partners are told, under one gap-free sequence an order, and how it reaches them.

-- The counter of a partner's order. Settlements and refused reports count under their own id.
CREATE TABLE partner_sequence (
    partner_id text,
    work_order_id text,
    sequence bigint NOT NULL,
    PRIMARY KEY (partner_id, work_order_id)
);

CREATE TABLE partner_event (
    event_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    work_order_id text NOT NULL,
    sequence bigint NOT NULL,
    type text NOT NULL,
    at bigint NOT NULL,
    body bytea NOT NULL,                -- packed partner.v1.OrderEvent
    -- The feed's order. Transactions end in another order than they begin, so a reader is shown only those below the
    -- oldest that still runs: behind what he has read nothing can appear.
    written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
    position bigint GENERATED ALWAYS AS IDENTITY,
    UNIQUE (work_order_id, sequence, partner_id)
);
CREATE INDEX partner_event_feed ON partner_event (partner_id, written_by, position);

CREATE TABLE subscription (
    subscription_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('webhook', 'topic')),
    url text NOT NULL,
    secret text NOT NULL,               -- "whsec_…"; signing needs it as it is
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled', 'deleted')),
    created_at bigint NOT NULL,
    failing_since bigint,               -- suite time of the first failure since the last success
    failing_since_machine bigint,
    is_told boolean NOT NULL DEFAULT false -- EndpointFailing was told and EndpointRecovered was not
);
CREATE INDEX subscription_partner ON subscription (partner_id) WHERE state = 'active';
CREATE UNIQUE INDEX subscription_topic ON subscription (partner_id) WHERE kind = 'topic' AND state = 'active';

-- One order's events on their way to one webhook: the next is sent when the one before was accepted.
CREATE TABLE stream (
    subscription_id uuid REFERENCES subscription,
    work_order_id text,
    partner_id text NOT NULL,
    next_sequence bigint NOT NULL,      -- of the event to be accepted next
    state text NOT NULL CHECK (state IN ('idle', 'waiting', 'sending')),
    due_at bigint NOT NULL,             -- machine time: of the next try; of 'sending': when its answer is overdue
    attempts int NOT NULL,              -- of that event
    PRIMARY KEY (subscription_id, work_order_id)
) WITH (fillfactor = 80);
CREATE INDEX stream_due ON stream (subscription_id, due_at) WHERE state <> 'idle';
CREATE INDEX stream_order ON stream (work_order_id) WHERE state <> 'idle';

CREATE TABLE delivery (
    subscription_id uuid REFERENCES subscription,
    event_id uuid,
    partner_id text NOT NULL,
    attempts int NOT NULL,
    status int NOT NULL,                -- of the last answer; 0: none
    why text NOT NULL,
    took_ms bigint NOT NULL,
    first_at bigint NOT NULL,           -- suite time, as the others
    last_at bigint NOT NULL,
    accepted_at bigint,
    PRIMARY KEY (subscription_id, event_id)
);

ALTER TABLE partner_sequence ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_sequence FORCE ROW LEVEL SECURITY;
ALTER TABLE partner_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner_event FORCE ROW LEVEL SECURITY;
ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
ALTER TABLE stream ENABLE ROW LEVEL SECURITY;
ALTER TABLE stream FORCE ROW LEVEL SECURITY;
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON partner_sequence USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON partner_event USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON subscription USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON stream USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON delivery USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
