--- bad
-- nothing yet
--- good
SELECT 1;
