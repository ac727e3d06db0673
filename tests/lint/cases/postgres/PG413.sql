--- bad
DELETE FROM a WHERE id NOT IN (SELECT a_id FROM b);
--- good
DELETE FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE a_id = a.id);
--- good
DELETE FROM a WHERE id NOT IN (1, 2);
