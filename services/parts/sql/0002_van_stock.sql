-- What lies in technicians' vans, which of it is kept for which order, and what was used of it. All of it is the technicians'
-- and no partner's; an order's own wall stands around work_order. The version before does not write here.

CREATE TABLE van (
    technician_id uuid PRIMARY KEY,
    version bigint NOT NULL,            -- one more with every change of its stock
    changed_at bigint NOT NULL
);

CREATE TABLE van_stock (
    technician_id uuid NOT NULL REFERENCES van,
    sku text NOT NULL REFERENCES catalogue_item,
    quantity bigint NOT NULL CHECK (quantity <= 10000),
    reserved bigint NOT NULL,           -- of these, kept for orders: as many rows of van_reservation
    PRIMARY KEY (technician_id, sku),
    -- The last word: nothing is promised that is not there.
    CONSTRAINT reserved_is_there CHECK (0 <= reserved AND reserved <= quantity)
);

-- An order has one at most, whatever is heard twice.
CREATE TABLE van_reservation (
    work_order_id uuid PRIMARY KEY REFERENCES work_order,
    technician_id uuid NOT NULL,
    sku text NOT NULL,
    needed_by bigint NOT NULL,          -- the visit's hour: when a van holds too little, the latest lose theirs
    reserved_at bigint NOT NULL,
    lost boolean NOT NULL DEFAULT false -- the van holds too little: the order needs another, or a purchase
);
CREATE INDEX van_reservation_of ON van_reservation (technician_id, sku) WHERE NOT lost;
CREATE INDEX van_reservation_lost ON van_reservation (needed_by) WHERE lost;

-- What a done visit used, once per visit and part: quantity = delivered + beyond + what was taken off the van's count.
CREATE TABLE van_use (
    visit_id text NOT NULL,
    sku text NOT NULL,
    work_order_id uuid NOT NULL,
    technician_id uuid NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    delivered bigint NOT NULL,          -- lay at the customer's, from a purchase
    beyond bigint NOT NULL,             -- more than the van's count had
    used_at bigint NOT NULL,
    PRIMARY KEY (visit_id, sku)
);
CREATE INDEX van_use_order ON van_use (work_order_id);
CREATE INDEX van_use_beyond ON van_use (used_at) WHERE beyond > 0;

ALTER TABLE work_order
    ADD COLUMN technician_id text NOT NULL DEFAULT '', -- of the planned visit; empty: none is known
    ADD COLUMN over_visit_id text NOT NULL DEFAULT '', -- the last visit that was done or missed …
    ADD COLUMN over_at bigint NOT NULL DEFAULT 0;      -- … and when that was told: what was told of it before is late news
