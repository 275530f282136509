-- What the work needs in the technician's van: words that technicians name, too. The version before writes none.
ALTER TABLE covered_service ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';
ALTER TABLE work_order ADD COLUMN equipment text[] NOT NULL DEFAULT '{}'; -- as the contract said when it was opened
