-- name: load_price_list
SELECT version, content FROM price_list WHERE id = $1
-- name: load_price_lists_summary
SELECT coalesce(max(version), 0), coalesce(bool_or(valid_from = $1), false), EXISTS (SELECT 1 FROM cost_line) FROM price_list
-- name: save_price_list
INSERT INTO price_list (id, version, valid_from, published_at, content) VALUES ($1, $2, $3, $4, $5)
-- name: save_price_items
INSERT INTO price_item (price_list_id, item, name, unit, price_grosz, vat_percent)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
-- name: load_price
SELECT l.id, i.price_grosz FROM price_item i JOIN price_list l ON l.id = i.price_list_id
 WHERE i.item = $1 AND l.valid_from <= $2 ORDER BY l.valid_from DESC LIMIT 1

-- name: save_work_order
INSERT INTO work_order (id, number, partner_id, partner_reference) VALUES ($1::uuid, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET number = excluded.number, partner_reference = excluded.partner_reference
-- name: drop_work_orders
DELETE FROM work_order w WHERE id::text = ANY ($1::text[])
   AND NOT EXISTS (SELECT 1 FROM cost_line l WHERE l.work_order_id = w.id)
-- name: close_work_order
UPDATE work_order SET closed_at = $2 WHERE id = $1::uuid AND closed_at = 0

-- name: has_cost_line
SELECT 1 FROM cost_line WHERE line_id = $1::uuid
-- name: save_cost_line
INSERT INTO cost_line (line_id, work_order_id, visit_id, partner_id, technician_id, item, quantity, price_list_id, price_grosz, total_grosz,
                       partner_grosz, customer_grosz, booked_at)
VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
-- name: list_cost_lines
SELECT c.line_id, c.work_order_id, c.visit_id, c.partner_id, c.technician_id, c.item, c.quantity, c.price_list_id, c.price_grosz,
       c.total_grosz, c.partner_grosz, c.customer_grosz, c.booked_at, coalesce(s.id::text, ''), coalesce(s.made_at, 0)
  FROM cost_line c LEFT JOIN settlement_line l ON l.line_id = c.line_id LEFT JOIN settlement s ON s.id = l.settlement_id
 WHERE c.work_order_id = $1::uuid ORDER BY c.booked_at, c.line_id

-- name: list_unsettled
SELECT c.line_id, w.number, w.partner_reference, greatest(w.closed_at, c.booked_at), c.item, i.name, i.unit, i.vat_percent, c.quantity,
       c.price_grosz, c.total_grosz, c.partner_grosz, c.customer_grosz
  FROM cost_line c JOIN work_order w ON w.id = c.work_order_id
  LEFT JOIN price_item i ON i.price_list_id = c.price_list_id AND i.item = c.item
 WHERE c.partner_id = $1 AND w.closed_at > 0 AND greatest(w.closed_at, c.booked_at) >= $2 AND greatest(w.closed_at, c.booked_at) < $3
   AND NOT EXISTS (SELECT 1 FROM settlement_line s WHERE s.line_id = c.line_id)
 ORDER BY w.number, c.booked_at, c.line_id
-- name: save_settlement
INSERT INTO settlement (id, partner_id, from_at, until_at, orders, lines, total_grosz, sha256, made_at, made_by)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10)
-- name: save_settlement_lines
INSERT INTO settlement_line (line_id, settlement_id, partner_id) SELECT line_id::uuid, $1::uuid, $2 FROM unnest($3::text[]) AS l (line_id)
-- name: load_settlement
SELECT partner_id, sha256 FROM settlement WHERE id = $1::uuid
