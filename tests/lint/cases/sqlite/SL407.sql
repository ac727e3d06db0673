--- bad
CREATE TABLE a (id INTEGER PRIMARY KEY, state TEXT DEFAULT "new");
--- bad
UPDATE a SET state = "done" WHERE id = 1;
--- good
UPDATE "a" SET "state" = 'done' WHERE id = 1;
