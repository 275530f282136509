-- name: save_catalogue_item
INSERT INTO catalogue_item (sku, name, supplier_id, price_grosz, lead_time_ms, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (sku) DO UPDATE SET name = excluded.name, supplier_id = excluded.supplier_id, price_grosz = excluded.price_grosz,
    lead_time_ms = excluded.lead_time_ms, entered_at = excluded.entered_at
-- name: load_catalogue_item
SELECT sku, name, supplier_id, price_grosz, lead_time_ms FROM catalogue_item WHERE sku = $1

-- name: save_work_order
INSERT INTO work_order (id, number, partner_id, person_id, part_sku, town, district) VALUES ($1::uuid, $2, $3, $4, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, person_id = excluded.person_id, part_sku = excluded.part_sku,
    town = excluded.town, district = excluded.district
-- name: drop_work_orders
DELETE FROM work_order w WHERE id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM purchase p WHERE p.work_order_id = w.id)
   AND NOT EXISTS (SELECT 1 FROM part_question q WHERE q.work_order_id = w.id)
-- name: save_place
UPDATE work_order SET town = $2, district = $3 WHERE id = $1::uuid
-- name: save_visit
UPDATE work_order SET visit_id = $2, needed_by = $3 WHERE id = $1::uuid
-- name: save_ended
UPDATE work_order SET ended = true WHERE id = $1::uuid
-- name: load_work_order
SELECT id, number, partner_id, person_id, part_sku, town, district, visit_id, needed_by, ended FROM work_order WHERE id = $1::uuid

-- name: save_purchase
INSERT INTO purchase (id, work_order_id, partner_id, supplier_id, sku, name, quantity, price_grosz, state, ordered_at, promised_by, needed_by)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
-- name: update_purchase
UPDATE purchase SET state = $2, promised_by = $3, needed_by = $4, delivered_at = $5, late_promised_by = $6, late_needed_by = $7,
    overdue_promised_by = $8
 WHERE id = $1::uuid
-- name: load_living_purchase
SELECT p.id, p.work_order_id, p.partner_id, p.supplier_id, p.sku, p.name, p.quantity, p.price_grosz, p.state, p.ordered_at, p.promised_by,
       p.needed_by, p.delivered_at, p.late_promised_by, p.late_needed_by, p.overdue_promised_by, w.person_id, w.number, w.town, w.district
  FROM purchase p JOIN work_order w ON w.id = p.work_order_id WHERE p.work_order_id = $1::uuid AND p.state <> 6
-- name: list_purchases_of_order
SELECT p.id, p.work_order_id, p.partner_id, p.supplier_id, p.sku, p.name, p.quantity, p.price_grosz, p.state, p.ordered_at, p.promised_by,
       p.needed_by, p.delivered_at, p.late_promised_by, p.late_needed_by, p.overdue_promised_by, w.person_id, w.number, w.town, w.district
  FROM purchase p JOIN work_order w ON w.id = p.work_order_id WHERE p.work_order_id = $1::uuid ORDER BY p.ordered_at, p.id
-- name: list_open_purchases
SELECT p.id, p.work_order_id, p.partner_id, p.supplier_id, p.sku, p.name, p.quantity, p.price_grosz, p.state, p.ordered_at, p.promised_by,
       p.needed_by, p.delivered_at, p.late_promised_by, p.late_needed_by, p.overdue_promised_by, w.person_id, w.number, w.town, w.district
  FROM purchase p JOIN work_order w ON w.id = p.work_order_id
 WHERE p.state IN (1, 2, 3, 5) AND ($1 = '' OR p.supplier_id = $1) ORDER BY p.ordered_at, p.id LIMIT 500
-- name: save_purchase_event
INSERT INTO purchase_event (purchase_id, partner_id, supplier_id, state, promised_by, at, entered_at, reference, by_kind, by_id)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: save_question
INSERT INTO part_question (work_order_id, partner_id, number, sku, asked_at) VALUES ($1::uuid, $2, $3, $4, $5)
ON CONFLICT (work_order_id) DO UPDATE SET closed_at = 0
-- name: close_question
UPDATE part_question SET closed_at = $2 WHERE work_order_id = $1::uuid AND closed_at = 0
-- name: list_questions
SELECT work_order_id, number, sku, asked_at FROM part_question WHERE closed_at = 0 ORDER BY asked_at, work_order_id LIMIT 500

-- name: due_overdue
SELECT work_order_id::text FROM purchase
 WHERE state IN (1, 2, 3, 5) AND promised_by <= $1 AND promised_by > 0 AND overdue_promised_by <> promised_by ORDER BY promised_by LIMIT 500
-- name: due_answered
SELECT q.work_order_id::text FROM part_question q JOIN catalogue_item c ON c.sku = q.sku WHERE q.closed_at = 0 LIMIT 500

-- ---- figures ----
-- name: figures
SELECT unnest(ARRAY['majster_purchases_open', 'majster_purchases_overdue']), '',
       unnest(ARRAY[count(*), count(*) FILTER (WHERE promised_by BETWEEN 1 AND $1::bigint)])::float8
  FROM purchase WHERE state IN (1, 2, 3, 5) AND $2::bigint > 0
