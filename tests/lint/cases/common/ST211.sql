--- bad
CREATE VIEW v AS SELECT * FROM a;
--- bad
CREATE VIEW v AS SELECT a.* FROM a;
--- good
CREATE VIEW v AS SELECT id, 2 * b AS c FROM a;
--- good
CREATE VIEW v AS SELECT count(*) AS rows FROM a;
