-- Who goes along with the leader of a visit: he sees it, the leader tells its course.
CREATE TABLE course_mate (
    visit_id uuid NOT NULL,
    technician_id uuid NOT NULL,
    partner_id text NOT NULL,
    PRIMARY KEY (visit_id, technician_id)
);
CREATE INDEX course_mate_of_technician ON course_mate (technician_id);
ALTER TABLE course_mate ENABLE ROW LEVEL SECURITY;
ALTER TABLE course_mate FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON course_mate USING (may_see(partner_id) OR is_own_visit(technician_id)) WITH CHECK (may_see(partner_id));

ALTER POLICY wall ON course USING (may_see(partner_id) OR is_own_visit(technician_id)
    OR EXISTS (SELECT 1 FROM course_mate m WHERE m.visit_id = course.visit_id AND is_own_visit(m.technician_id)))
    WITH CHECK (may_see(partner_id));
