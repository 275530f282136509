-- What messages speak of (own copies), and the ledger of what was sent.

CREATE TABLE partner (
    partner_id text PRIMARY KEY,
    name text NOT NULL
);

CREATE TABLE work_order (
    work_order_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    number text NOT NULL,
    partner_reference text NOT NULL,
    person_id text NOT NULL,            -- in the vault; no personal data here
    state int NOT NULL,
    calendar_sequence bigint NOT NULL DEFAULT -1 -- of the calendar entry; up with every change of the hour
);

-- The visit that was last promised for an order.
CREATE TABLE visit (
    work_order_id uuid PRIMARY KEY REFERENCES work_order,
    partner_id text NOT NULL,
    visit_id text NOT NULL,
    moves int NOT NULL,
    course int NOT NULL,                -- enum visit_course
    start_at bigint NOT NULL,
    tolerance_ms bigint NOT NULL,
    length_ms bigint NOT NULL,
    technician_name text NOT NULL,
    remind_day_at bigint,               -- NULL: no reminder (any more)
    remind_hour_at bigint
);
CREATE INDEX visit_reminder ON visit (least(remind_day_at, remind_hour_at))
    WHERE course = 1 AND (remind_day_at IS NOT NULL OR remind_hour_at IS NOT NULL);

-- The ledger. A message is one fact to one person by one channel, so it stands here once.
CREATE TABLE message (
    message_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL REFERENCES work_order,
    partner_id text NOT NULL,
    person_id text NOT NULL,
    visit_id text NOT NULL,
    template text NOT NULL,
    template_version int NOT NULL,
    channel text NOT NULL CHECK (channel IN ('sms', 'email', 'none')),
    occurrence text NOT NULL,           -- "visit_id:moves", or what else makes it one fact
    state int NOT NULL,                 -- enum message_state
    created_at bigint NOT NULL,         -- suite time, as all but the two below
    send_after bigint NOT NULL,
    deadline_at bigint NOT NULL,
    sent_at bigint NOT NULL DEFAULT 0,
    delivered_at bigint NOT NULL DEFAULT 0,
    look_again_at bigint NOT NULL,      -- machine time: next try, or when an answer is overdue
    attempts int NOT NULL DEFAULT 0,
    eta_at bigint NOT NULL DEFAULT 0,   -- words that only the fact knew
    part text NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '',   -- as rendered at the first try
    body text NOT NULL DEFAULT '',
    gateway_id text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',    -- why it failed, was dropped or is not known
    UNIQUE (work_order_id, template, occurrence, channel)
) WITH (fillfactor = 80);
CREATE INDEX message_waiting ON message (look_again_at) WHERE state IN (1, 2, 6);

ALTER TABLE partner ENABLE ROW LEVEL SECURITY;
ALTER TABLE partner FORCE ROW LEVEL SECURITY;
ALTER TABLE work_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE work_order FORCE ROW LEVEL SECURITY;
ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
ALTER TABLE visit FORCE ROW LEVEL SECURITY;
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON partner USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON work_order USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON visit USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON message USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
