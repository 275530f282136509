-- Work that takes several at once.
ALTER TABLE covered_service ADD COLUMN technicians bigint NOT NULL DEFAULT 1;
ALTER TABLE work_order ADD COLUMN technicians bigint NOT NULL DEFAULT 1; -- as the contract said when it was opened
