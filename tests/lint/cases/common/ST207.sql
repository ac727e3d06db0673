--- bad
DELETE FROM a WHERE current_database() = 'test' AND id > 0;
--- bad on=mysql
UPDATE a SET b = 1 WHERE @@hostname = 'db1';
--- good
DELETE FROM a WHERE kind = 'test';
