-- Facts told again fill copies and cause nothing. Their sequence is their subject's current one, so several carry the same.
ALTER TABLE outbox ADD COLUMN retold boolean NOT NULL DEFAULT false;
ALTER TABLE outbox DROP CONSTRAINT outbox_topic_subject_sequence_key;
CREATE UNIQUE INDEX outbox_sequence ON outbox (topic, subject, sequence) WHERE NOT retold;

ALTER TABLE early ADD COLUMN retold boolean NOT NULL DEFAULT false;
ALTER TABLE parked ADD COLUMN retold boolean NOT NULL DEFAULT false;

-- When a fact of the subject was last heard, on the machine's clock: what nobody retold is older than the retelling.
ALTER TABLE heard ADD COLUMN moved_at bigint NOT NULL DEFAULT 0;
