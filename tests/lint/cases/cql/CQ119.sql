--- setup
CREATE TABLE a (id uuid PRIMARY KEY);
--- bad
ALTER TABLE a WITH gc_grace_seconds = 0;
--- good
ALTER TABLE a WITH gc_grace_seconds = 864000;
