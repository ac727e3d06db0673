--- bad
PRAGMA writable_schema = ON;
--- bad
UPDATE sqlite_master SET sql = 'x' WHERE name = 'a';
--- good
UPDATE sqlite_sequence SET seq = 10 WHERE name = 'a';
