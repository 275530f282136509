-- An order's number is intake's to tell and stands in order_copy: what matching and visits say of it is a copy of a copy,
-- wrong whenever their own was lost. Nobody reads this one any more, it is written for the version before; it goes with the one after next
-- (docs/decisions/0012-a-version-beside-the-next.md).
ALTER TABLE visit_copy ALTER COLUMN number SET DEFAULT '';
