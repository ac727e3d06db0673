--- bad
-- sterna:transaction none
PRAGMA foreign_keys = OFF;
DELETE FROM a WHERE id = 1;
--- good
-- sterna:transaction none
PRAGMA foreign_keys = OFF;
DELETE FROM a WHERE id = 1;
PRAGMA foreign_keys = ON;
