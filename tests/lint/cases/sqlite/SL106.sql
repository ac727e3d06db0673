--- bad version=33000
ALTER TABLE users DROP COLUMN age;
--- bad version=32000
ALTER TABLE users RENAME COLUMN age TO years;
--- good version=34000
ALTER TABLE users DROP COLUMN age;
