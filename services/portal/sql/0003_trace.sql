-- An order's whole trace: who told each fact and as which of his, caused by which, under which trace. A fact that is told
-- again with the same number changes nothing.
ALTER TABLE event_log
    ADD COLUMN fact_id text NOT NULL DEFAULT '',    -- empty, as the next five: noted before this
    ADD COLUMN source text NOT NULL DEFAULT '',
    ADD COLUMN subject text NOT NULL DEFAULT '',
    ADD COLUMN sequence bigint NOT NULL DEFAULT 0,
    ADD COLUMN trace text NOT NULL DEFAULT '',
    ADD COLUMN cause text NOT NULL DEFAULT '',      -- fact_id of what the teller had heard
    ADD COLUMN is_story boolean NOT NULL DEFAULT true; -- false: of the trace alone
UPDATE event_log SET is_story = false WHERE type = 'LinkIssued';
CREATE UNIQUE INDEX event_log_fact ON event_log (source, subject, sequence) WHERE sequence > 0;
