-- An order as lists and pages show it: names for ids, its newest visit. Behind the walls of whoever asks.
CREATE VIEW order_head WITH (security_invoker = true) AS
SELECT o.work_order_id, o.number, o.state, o.partner_reference, coalesce(s.name, o.service_id) AS service_name,
       coalesce(p.name, o.partner_id) AS partner_name, o.town, o.district, o.opened_at, o.contract_id, o.person_id, o.partner_id,
       v.technician_name, v.start_at, v.tolerance_ms, v.shown, v.eta_at
  FROM order_copy o
  LEFT JOIN partner_copy p ON p.partner_id = o.partner_id
  LEFT JOIN service_copy s ON s.partner_id = o.partner_id AND s.service_id = o.service_id
  LEFT JOIN LATERAL (SELECT * FROM visit_copy WHERE work_order_id = o.work_order_id
                      ORDER BY told DESC, start_at DESC LIMIT 1) v ON true;
