--- bad repeatable
CREATE VIEW v AS SELECT 1 AS a;
--- good repeatable
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;
--- good repeatable
DROP VIEW IF EXISTS v;
CREATE VIEW v AS SELECT 1 AS a;
--- good
CREATE VIEW v AS SELECT 1 AS a;
