-- Who is the same person: the same name with the same phone or e-mail.
CREATE INDEX person_phone ON person (phone) WHERE phone <> '';
CREATE INDEX person_email ON person (lower(email)) WHERE email <> '';
