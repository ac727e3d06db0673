--- bad
ALTER TYPE address ADD country text;
--- good
CREATE TYPE address (street text);
