-- Keys of sealed bytes: raw mails and requests, parked facts, photos. Who deletes the row has forgotten the bytes.
CREATE TABLE seal (
    id uuid PRIMARY KEY,
    service text NOT NULL DEFAULT current_user,          -- whose bytes they are
    person_id uuid REFERENCES person ON DELETE CASCADE,  -- NULL: not known (yet)
    wrapped_key bytea NOT NULL,
    made_at bigint NOT NULL                              -- machine time
);
CREATE INDEX seal_person ON seal (person_id);
CREATE INDEX seal_ownerless ON seal (made_at) WHERE person_id IS NULL;

ALTER TABLE seal ENABLE ROW LEVEL SECURITY;
ALTER TABLE seal FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON seal USING (service = current_user) WITH CHECK (service = current_user);
-- Intake forgets for all of them.
CREATE POLICY forget ON seal FOR DELETE TO intake USING (true);
CREATE POLICY find ON seal FOR SELECT TO intake USING (true);

GRANT SELECT, INSERT, DELETE ON seal TO intake, workforce, matching, routing, visits, parts, notifications, surveys, billing, portal;
GRANT UPDATE (person_id) ON seal TO intake, workforce, matching, routing, visits, parts, notifications, surveys, billing, portal;
