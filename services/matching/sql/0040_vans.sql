-- Which part an order needs, and what lies in whose van: a technician who has it with him costs less. The version before does not
-- write here; the orders that it copied need none until intake tells them again.

ALTER TABLE order_copy ADD COLUMN part_sku text NOT NULL DEFAULT ''; -- '' none is known to be needed

CREATE TABLE technician_van (
    technician_id uuid PRIMARY KEY,
    version bigint NOT NULL,
    van bytea NOT NULL              -- packed parts.v1.VanStock
);
