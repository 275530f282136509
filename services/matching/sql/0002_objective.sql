-- What a search weighs: what the work needs, who was there before, how good somebody is, and the weights themselves.

ALTER TABLE order_copy
    ADD COLUMN equipment text NOT NULL DEFAULT '',           -- words, a space between them
    ADD COLUMN again_technician_id text NOT NULL DEFAULT ''; -- who was at this customer's last; '' nobody
CREATE INDEX order_person ON order_copy (person_id);

CREATE TABLE technician_score (
    technician_id uuid PRIMARY KEY,
    answers bigint NOT NULL,
    sum bigint NOT NULL
);

-- Each change of the weights is a row; the last one is in force. A packed matching.v1.Policy.
CREATE TABLE policy (
    version bigint PRIMARY KEY,
    policy bytea NOT NULL
);

-- What the engine decided: its input and result, packed matching.v1.DecisionInput and DecisionResult.
CREATE TABLE decision (
    decision_id uuid PRIMARY KEY,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    kind text NOT NULL,                 -- "engine", "chosen", "moved", "rebooked", "reassigned", "unstaffed"
    visit_id text NOT NULL,             -- '' when nobody could come
    at bigint NOT NULL,
    rule_version int NOT NULL,
    policy_version bigint NOT NULL,
    input_hash bytea NOT NULL CHECK (length(input_hash) = 32),
    input bytea NOT NULL,
    result bytea NOT NULL
);
CREATE INDEX decision_order ON decision (work_order_id, at);
CREATE INDEX decision_at ON decision (at);
ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE decision FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON decision USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
