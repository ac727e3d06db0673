--- bad
PRAGMA foreign_keys = OFF;
--- good
-- sterna:transaction none
PRAGMA foreign_keys = OFF;
PRAGMA foreign_keys = ON;
