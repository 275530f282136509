-- One survey a closed visit, its answers, and exact sums of them.

-- Questions are data: a set per partner, '*' for all that have none of their own.
CREATE TABLE question_set (
    partner_id text PRIMARY KEY,
    version int NOT NULL,
    changed_at bigint NOT NULL
);
CREATE TABLE question (
    partner_id text NOT NULL REFERENCES question_set,
    position int NOT NULL,
    key text NOT NULL,
    text text NOT NULL,             -- Polish
    scale text NOT NULL,            -- domain/score_survey.h
    PRIMARY KEY (partner_id, position),
    UNIQUE (partner_id, key)
);
INSERT INTO question_set VALUES ('*', 1, 0);
INSERT INTO question VALUES
    ('*', 0, 'card_offered', 'Czy technik zaproponował płatność kartą?', 'yes_no'),
    ('*', 1, 'left_clean', 'Czy technik zostawił po sobie porządek?', 'yes_no'),
    ('*', 2, 'recommend', 'Czy polecisz nas znajomym? (1 – na pewno nie, 6 – na pewno tak)', '1_6'),
    ('*', 3, 'satisfaction', 'Jak oceniasz wizytę? (1 – bardzo źle, 6 – znakomicie)', '1_6');

CREATE TABLE survey (
    survey_id uuid PRIMARY KEY,
    ordinal bigint GENERATED ALWAYS AS IDENTITY,  -- a later survey of the same order has a higher one
    visit_id uuid NOT NULL UNIQUE,
    work_order_id uuid NOT NULL,
    partner_id text NOT NULL,
    technician_id uuid NOT NULL,
    technician_name text NOT NULL,
    person_id text NOT NULL,
    number text NOT NULL,
    set_version int NOT NULL,
    opened_at bigint NOT NULL,
    first_answered_at bigint NOT NULL DEFAULT 0,  -- 0: not answered
    answered_at bigint NOT NULL DEFAULT 0,        -- of the answer that stands
    answers bigint NOT NULL DEFAULT 0,            -- those that count in the mean
    sum bigint NOT NULL DEFAULT 0
);
CREATE INDEX survey_of_order ON survey (work_order_id, ordinal);

-- The questions as they were asked: a set may change meanwhile.
CREATE TABLE survey_question (
    survey_id uuid NOT NULL REFERENCES survey,
    position int NOT NULL,
    partner_id text NOT NULL,
    key text NOT NULL,
    text text NOT NULL,
    scale text NOT NULL,
    value int,                      -- the answer that stands
    PRIMARY KEY (survey_id, position)
);

-- The customer's own words: never in facts.
CREATE TABLE survey_comment (
    survey_id uuid PRIMARY KEY REFERENCES survey,
    partner_id text NOT NULL,
    body text NOT NULL,
    at bigint NOT NULL
);

-- Whole sums, so that means are exact: of a technician's visits for one partner …
CREATE TABLE score (
    technician_id uuid NOT NULL,
    partner_id text NOT NULL,
    surveys bigint NOT NULL,
    answers bigint NOT NULL,
    sum bigint NOT NULL,
    PRIMARY KEY (technician_id, partner_id)
);
-- … and of all his visits; it names no partner, so there is no wall around it.
CREATE TABLE technician_score (
    technician_id uuid PRIMARY KEY,
    surveys bigint NOT NULL,
    answers bigint NOT NULL,
    sum bigint NOT NULL
);

ALTER TABLE question_set ENABLE ROW LEVEL SECURITY;
ALTER TABLE question_set FORCE ROW LEVEL SECURITY;
ALTER TABLE question ENABLE ROW LEVEL SECURITY;
ALTER TABLE question FORCE ROW LEVEL SECURITY;
ALTER TABLE survey ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_question FORCE ROW LEVEL SECURITY;
ALTER TABLE survey_comment ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_comment FORCE ROW LEVEL SECURITY;
ALTER TABLE score ENABLE ROW LEVEL SECURITY;
ALTER TABLE score FORCE ROW LEVEL SECURITY;
CREATE POLICY wall ON question_set USING (partner_id = '*' OR may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON question USING (partner_id = '*' OR may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON survey USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON survey_question USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON survey_comment USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
CREATE POLICY wall ON score USING (may_see(partner_id)) WITH CHECK (may_see(partner_id));
