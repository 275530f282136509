-- name: save_person
WITH saved AS (
    INSERT INTO person.person (id, partner_id, first_name, last_name, phone, email, language, is_senior, created_at)
    VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9))
INSERT INTO person.address (person_id, partner_id, street, house, flat, postcode, town, district, lat, lon)
VALUES ($1::uuid, $2, $10, $11, $12, $13, $14, $15, $16, $17)
-- name: save_words
INSERT INTO person.words (key, person_id, partner_id, body) VALUES ($1::uuid, $2::uuid, $3, $4)
-- name: load_contact
SELECT first_name, phone, email, language, is_senior FROM person.person WHERE id = $1::uuid
-- name: load_customer
SELECT p.first_name, p.last_name, p.phone, a.street, a.house, a.flat, a.postcode, a.town, a.district, a.lat, a.lon
  FROM person.person p JOIN person.address a ON a.person_id = p.id WHERE p.id = $1::uuid
-- name: load_words
SELECT body FROM person.words WHERE key = $1::uuid
-- name: same_persons
SELECT o.id FROM person.person p JOIN person.person o ON lower(o.last_name) = lower(p.last_name)
   AND ((p.phone <> '' AND o.phone = p.phone) OR (p.email <> '' AND lower(o.email) = lower(p.email)))
 WHERE p.id = $1::uuid ORDER BY o.id
-- name: forget_persons
DELETE FROM person.person WHERE id = ANY ($1::uuid[])
-- name: forget_ownerless
DELETE FROM person.seal WHERE person_id IS NULL AND made_at < $1
