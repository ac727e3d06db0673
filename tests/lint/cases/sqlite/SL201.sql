--- bad
VACUUM;
--- bad
-- sterna:transaction none
VACUUM;
--- good
PRAGMA optimize;
