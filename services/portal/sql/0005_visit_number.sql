-- An order's number is intake's to tell and stands in order_copy: what matching and visits say of it is a copy of a copy,
-- wrong whenever their own was lost.
DROP VIEW order_head;
ALTER TABLE visit_copy DROP COLUMN number;
CREATE VIEW order_head WITH (security_invoker = true) AS
SELECT o.work_order_id, o.number, o.state, o.partner_reference, coalesce(s.name, o.service_id) AS service_name,
       coalesce(p.name, o.partner_id) AS partner_name, o.town, o.district, o.opened_at, o.contract_id, o.person_id, o.partner_id,
       v.technician_name, v.start_at, v.tolerance_ms, v.shown, v.eta_at
  FROM order_copy o
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
  LEFT JOIN LATERAL (SELECT technician_name, start_at, tolerance_ms, shown, eta_at FROM visit_copy
                      WHERE work_order_id = o.work_order_id ORDER BY told DESC, start_at DESC LIMIT 1) v ON true;
