--- setup
CREATE TYPE mood AS ENUM ('good');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);
--- bad
ALTER TYPE mood ADD VALUE 'great';
UPDATE people SET mood = 'great' WHERE id = 1;
--- good
ALTER TYPE mood ADD VALUE 'great';
UPDATE people SET mood = 'good' WHERE id = 1;
--- good
-- sterna:transaction none
ALTER TYPE mood ADD VALUE 'great';
UPDATE people SET mood = 'great' WHERE id = 1;
