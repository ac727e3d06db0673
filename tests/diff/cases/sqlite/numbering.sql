-- from
CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, name text);
CREATE TABLE plain (id INTEGER CONSTRAINT plain_key PRIMARY KEY, name text);
CREATE TABLE moved (id INTEGER PRIMARY KEY AUTOINCREMENT, code integer, name text);
CREATE TABLE words (word text NOT NULL PRIMARY KEY, n integer NOT NULL);
CREATE TABLE child (id INTEGER PRIMARY KEY, counted_id integer REFERENCES counted (id) ON DELETE CASCADE);
CREATE INDEX counted_name ON counted (name);
-- rows
INSERT INTO counted VALUES (3, 'c');
INSERT INTO plain VALUES (4, 'd');
INSERT INTO moved VALUES (5, 55, 'e');
INSERT INTO words VALUES ('w', 6);
INSERT INTO child VALUES (1, 3);
-- to
CREATE TABLE counted (id INTEGER PRIMARY KEY, name text);
CREATE TABLE plain (id INTEGER CONSTRAINT plain_key PRIMARY KEY AUTOINCREMENT, name text);
CREATE TABLE moved (id integer NOT NULL, code INTEGER PRIMARY KEY AUTOINCREMENT, name text);
CREATE TABLE words (word text NOT NULL, n integer NOT NULL, PRIMARY KEY (word, n)) WITHOUT ROWID;
CREATE TABLE child (id INTEGER PRIMARY KEY, counted_id integer REFERENCES counted (id) ON DELETE CASCADE);
CREATE INDEX counted_name ON counted (name);
-- check
SELECT (SELECT id = 3 AND name = 'c' FROM counted) AND (SELECT id = 4 FROM plain) AND (SELECT code = 55 AND id = 5 FROM moved) AND (SELECT word = 'w' FROM words) AND (SELECT counted_id = 3 FROM child)
