--- bad
-- sterna:allow ST101
DROP TABLE a;
--- good
-- sterna:allow ST101 nothing has asked for it since March
DROP TABLE a;
