-- Orders whose last visit has left work: what they keep of a guarantee sum stays theirs. The version before does not write it.
ALTER TABLE work_order ADD COLUMN continues text NOT NULL DEFAULT ''; -- that visit; '': none
