--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
--- bad
INSERT OR REPLACE INTO users (id, email) VALUES (1, 'a');
--- bad
REPLACE INTO users (id, email) VALUES (1, 'a');
--- good
INSERT INTO users (id, email) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET email = excluded.email;
