-- Of partners who try us in the shadow: the hour we would have promised when the order came, and the one that was agreed.
CREATE TABLE shadow_hour (
    work_order_id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    at bigint NOT NULL,
    would_start_at bigint,              -- NULL: nobody could come
    would_day int,                      -- local
    would_technician_id uuid,
    added_travel_ms bigint NOT NULL DEFAULT 0, -- what the choice was made by: domain/book_day.h, slot_score
    score_ms bigint NOT NULL DEFAULT 0,
    agreed_at bigint,                   -- when; NULL: no hour yet
    agreed_start_at bigint,
    agreed_day int,
    agreed_technician_id uuid,
    agreed_by text NOT NULL DEFAULT ''
);
CREATE INDEX shadow_hour_partner ON shadow_hour (partner_id, at);
ALTER TABLE shadow_hour ENABLE ROW LEVEL SECURITY;
ALTER TABLE shadow_hour FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON shadow_hour USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
