-- A partner's step on the way to hours of ours, and the path each order took.

ALTER TABLE partner ADD COLUMN adoption text NOT NULL DEFAULT 'live' CHECK (adoption IN ('mail', 'shadow', 'trial', 'live'));
-- Of a trial: what is live; 0 and none ask nothing. domain/adoption.h
ALTER TABLE partner ADD COLUMN trial_permille int NOT NULL DEFAULT 0 CHECK (trial_permille BETWEEN 0 AND 1000);
ALTER TABLE partner ADD COLUMN trial_services text[] NOT NULL DEFAULT '{}';
ALTER TABLE partner ADD COLUMN trial_towns text[] NOT NULL DEFAULT '{}';

ALTER TABLE work_order ADD COLUMN adoption text NOT NULL DEFAULT 'live' CHECK (adoption IN ('mail', 'shadow', 'live'));
