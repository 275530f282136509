-- The one place of personal data. Intake writes; notifications, visits and portal read the columns granted here.

CREATE FUNCTION may_see(partner text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT partner = current_setting('app.partner', true)
        OR current_setting('app.actor', true) IN ('consultant', 'timer', 'engine')
$$;

CREATE TABLE person (
    id uuid PRIMARY KEY,
    partner_id text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    phone text NOT NULL,            -- E.164 or empty
    email text NOT NULL,
    language text NOT NULL,
    is_senior boolean NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE address (
    person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
    partner_id text NOT NULL,
    street text NOT NULL,
    house text NOT NULL,
    flat text NOT NULL,
    postcode text NOT NULL,
    town text NOT NULL,
    district text NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL
);

-- The customer's own words, by key; events carry the key.
CREATE TABLE words (
    key uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    partner_id text NOT NULL,
    body text NOT NULL
);
CREATE INDEX words_person ON words (person_id);

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
ALTER TABLE address ENABLE ROW LEVEL SECURITY;
ALTER TABLE address FORCE ROW LEVEL SECURITY;
ALTER TABLE words ENABLE ROW LEVEL SECURITY;
ALTER TABLE words FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON person USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON address USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON words USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));

GRANT SELECT, INSERT, UPDATE, DELETE ON person, address, words TO intake;
GRANT SELECT (id, partner_id, first_name, phone, email, language, is_senior) ON person TO notifications, portal;
GRANT SELECT (id, partner_id, first_name, last_name, phone, language) ON person TO visits;
GRANT SELECT ON address TO visits, portal;
GRANT SELECT (person_id, partner_id, town) ON address TO notifications;
GRANT SELECT ON words TO visits;
GRANT EXECUTE ON FUNCTION may_see TO intake, notifications, visits, portal;
