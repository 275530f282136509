-- Links that were minted, by the hash of their token: what was told of them can be told again.
CREATE TABLE link (
    sha256 text PRIMARY KEY,            -- hex
    link_id uuid NOT NULL,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    person_id text NOT NULL,
    purpose text NOT NULL,
    issued_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX link_order ON link (work_order_id);
CREATE INDEX link_expires ON link (expires_at);
ALTER TABLE link ENABLE ROW LEVEL SECURITY;
ALTER TABLE link FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON link USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
