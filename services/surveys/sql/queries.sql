-- Statements of surveys. A survey's columns stand in the order of read_survey in store.c.

-- name: load_set
SELECT partner_id, version FROM question_set WHERE partner_id IN ($1, '*') ORDER BY partner_id = '*' LIMIT 1
-- name: load_set_questions
SELECT key, text, scale FROM question WHERE partner_id = $1 ORDER BY position
-- name: save_set
INSERT INTO question_set AS s (partner_id, version, changed_at) VALUES ($1, 1, $2)
ON CONFLICT (partner_id) DO UPDATE SET version = s.version + 1, changed_at = excluded.changed_at RETURNING version
-- name: forget_set_questions
DELETE FROM question WHERE partner_id = $1
-- name: save_set_question
INSERT INTO question (partner_id, position, key, text, scale) VALUES ($1, $2, $3, $4, $5)

-- name: open_survey
INSERT INTO survey (survey_id, visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, number,
                    set_version, opened_at)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5::uuid, $6, $7, $8, $9, $10)
ON CONFLICT (visit_id) DO NOTHING RETURNING survey_id
-- name: save_survey_question
INSERT INTO survey_question (survey_id, position, partner_id, key, text, scale) VALUES ($1::uuid, $2, $3, $4, $5, $6)
-- name: load_survey
SELECT survey_id, visit_id, work_order_id, partner_id, technician_id, technician_name, person_id, number, opened_at,
       first_answered_at, answered_at, answers, sum
  FROM survey WHERE work_order_id = $1::uuid ORDER BY ordinal DESC LIMIT 1
-- name: load_survey_questions
SELECT key, text, scale, value FROM survey_question WHERE survey_id = $1::uuid ORDER BY position
-- name: save_answer
UPDATE survey_question SET value = $3 WHERE survey_id = $1::uuid AND key = $2
-- name: save_answered
UPDATE survey SET first_answered_at = $2, answered_at = $3, answers = $4, sum = $5 WHERE survey_id = $1::uuid

-- name: save_comment
INSERT INTO survey_comment (survey_id, partner_id, body, at) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (survey_id) DO UPDATE SET body = excluded.body, at = excluded.at
-- name: forget_comments
DELETE FROM survey_comment WHERE survey_id IN (SELECT survey_id FROM survey WHERE work_order_id = $1::uuid)
-- name: load_comment
SELECT body, at FROM survey_comment WHERE survey_id = $1::uuid

-- name: add_score
INSERT INTO score AS s (technician_id, partner_id, surveys, answers, sum) VALUES ($1::uuid, $2, $3, $4, $5)
ON CONFLICT (technician_id, partner_id) DO UPDATE SET surveys = s.surveys + excluded.surveys,
    answers = s.answers + excluded.answers, sum = s.sum + excluded.sum
-- name: add_technician_score
INSERT INTO technician_score AS s (technician_id, surveys, answers, sum) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (technician_id) DO UPDATE SET surveys = s.surveys + excluded.surveys,
    answers = s.answers + excluded.answers, sum = s.sum + excluded.sum
RETURNING surveys, answers, sum
-- name: load_scores
SELECT technician_id::text, partner_id, surveys, answers, sum FROM score ORDER BY technician_id, partner_id LIMIT 20000
-- name: load_partner_scores
SELECT '', partner_id, sum(surveys)::bigint, sum(answers)::bigint, sum(sum)::bigint FROM score GROUP BY partner_id ORDER BY partner_id
