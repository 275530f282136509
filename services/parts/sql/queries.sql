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
   AND NOT EXISTS (SELECT 1 FROM van_reservation r WHERE r.work_order_id = w.id)
-- name: save_place
UPDATE work_order SET town = $2, district = $3 WHERE id = $1::uuid
-- name: save_visit
UPDATE work_order SET visit_id = $2, technician_id = $3, needed_by = $4 WHERE id = $1::uuid
-- name: save_over
UPDATE work_order SET over_visit_id = $2, over_at = $3 WHERE id = $1::uuid
-- name: save_ended
UPDATE work_order SET ended = true WHERE id = $1::uuid
-- name: load_work_order
SELECT id, number, partner_id, person_id, part_sku, town, district, visit_id, technician_id, needed_by, over_visit_id, over_at, ended
  FROM work_order WHERE id = $1::uuid

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

-- name: was_shipped
SELECT 1 FROM purchase_event WHERE purchase_id = $1::uuid AND state = 3 LIMIT 1

-- ---- vans ----
-- name: find_unknown_skus
-- Numbered as they stand in the list, from 1.
SELECT n FROM unnest($1::text[]) WITH ORDINALITY AS l (sku, n) WHERE NOT EXISTS (SELECT 1 FROM catalogue_item c WHERE c.sku = l.sku) ORDER BY n
-- name: load_van
SELECT version, changed_at FROM van WHERE technician_id = $1::uuid
-- name: next_van_version
INSERT INTO van (technician_id, version, changed_at) VALUES ($1::uuid, 1, $2)
ON CONFLICT (technician_id) DO UPDATE SET version = van.version + 1, changed_at = excluded.changed_at RETURNING version
-- name: load_van_stock
SELECT s.sku, c.name, s.quantity, s.reserved,
       ARRAY(SELECT r.work_order_id::text FROM van_reservation r
              WHERE r.technician_id = s.technician_id AND r.sku = s.sku AND NOT r.lost ORDER BY r.needed_by, r.work_order_id)
  FROM van_stock s JOIN catalogue_item c USING (sku) WHERE s.technician_id = $1::uuid ORDER BY s.sku
-- name: load_van_count
SELECT quantity, reserved FROM van_stock WHERE technician_id = $1::uuid AND sku = $2
-- name: save_van_count
INSERT INTO van_stock (technician_id, sku, quantity, reserved) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (technician_id, sku) DO UPDATE SET quantity = excluded.quantity, reserved = excluded.reserved
-- name: drop_van_count
DELETE FROM van_stock WHERE technician_id = $1::uuid AND sku = $2
-- name: load_reservation
SELECT technician_id::text, sku, reserved_at, lost FROM van_reservation WHERE work_order_id = $1::uuid
-- name: save_reservation
INSERT INTO van_reservation (work_order_id, technician_id, sku, needed_by, reserved_at) VALUES ($1::uuid, $2::uuid, $3, $4, $5)
ON CONFLICT (work_order_id) DO UPDATE SET needed_by = excluded.needed_by
-- name: drop_reservation
DELETE FROM van_reservation WHERE work_order_id = $1::uuid
-- name: lose_reservations
UPDATE van_reservation SET lost = true
 WHERE work_order_id IN (SELECT work_order_id FROM van_reservation WHERE technician_id = $1::uuid AND sku = $2 AND NOT lost
                          ORDER BY needed_by DESC, work_order_id DESC LIMIT $3)
-- name: due_lost
SELECT work_order_id::text FROM van_reservation WHERE lost AND $1::bigint > 0 ORDER BY needed_by LIMIT 500
-- name: count_at_customer
-- Delivered to the order's address, less what its earlier visits used of it.
SELECT coalesce((SELECT sum(quantity) FROM purchase WHERE work_order_id = $1::uuid AND sku = $2 AND state = 4), 0)::bigint
     - coalesce((SELECT sum(delivered) FROM van_use WHERE work_order_id = $1::uuid AND sku = $2), 0)::bigint
-- name: has_use
SELECT 1 FROM van_use WHERE visit_id = $1 AND sku = $2
-- name: save_use
INSERT INTO van_use (visit_id, sku, work_order_id, technician_id, quantity, delivered, beyond, used_at)
VALUES ($1, $2, $3::uuid, $4::uuid, $5, $6, $7, $8)

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
UNION ALL SELECT 'majster_van_parts_reserved', '', count(*) FROM van_reservation WHERE NOT lost
UNION ALL SELECT 'majster_van_parts_lost', '', count(*) FROM van_reservation WHERE lost
UNION ALL SELECT 'majster_van_parts_beyond', '', coalesce(sum(beyond), 0) FROM van_use WHERE beyond > 0 AND used_at > $1 - 2592000000
