-- Who is there and has not finished is counted every few seconds.
CREATE INDEX course_there ON course (there_at) WHERE state = 3;
