--- bad
ALTER TYPE mood RENAME VALUE 'ok' TO 'good';
--- good
ALTER TYPE mood ADD VALUE 'better';
