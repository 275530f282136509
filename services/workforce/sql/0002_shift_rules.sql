-- Shifts by rules, hours on call, breaks and overtime; what a technician carries.
-- The version before reads weekdays and the two minutes alone: a pattern that it must not take for work of every such
-- weekday stands there with weekdays 0, which names no day, and has its own in other_weekdays.

ALTER TABLE shift_pattern
    DROP CONSTRAINT shift_pattern_weekdays_check,
    ADD CONSTRAINT shift_pattern_weekdays_check CHECK (weekdays BETWEEN 0 AND 127),
    ADD COLUMN other_weekdays int NOT NULL DEFAULT 0 CHECK (other_weekdays BETWEEN 0 AND 127),
    ADD COLUMN rrule text NOT NULL DEFAULT '',          -- RFC 5545
    ADD COLUMN starts_on int NOT NULL DEFAULT 0,        -- its first day, since 1970-01-01
    ADD COLUMN except_on text[] NOT NULL DEFAULT '{}',  -- 2026-12-24
    ADD COLUMN holidays int NOT NULL DEFAULT 0 CHECK (holidays BETWEEN 0 AND 2), -- enum on_holidays
    ADD COLUMN on_call boolean NOT NULL DEFAULT false,
    ADD COLUMN breaks text[] NOT NULL DEFAULT '{}',     -- 12:00-12:30
    ADD COLUMN overtime_ms bigint NOT NULL DEFAULT 0 CHECK (overtime_ms >= 0);

ALTER TABLE technician ADD COLUMN equipment text[] NOT NULL DEFAULT '{}';
