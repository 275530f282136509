-- Which orders were a person's.
CREATE INDEX work_order_person ON work_order (person_id);
