--- setup
CREATE DOMAIN email AS text;
--- bad
ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE '%@%');
--- good
ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (value LIKE '%@%') NOT VALID;
