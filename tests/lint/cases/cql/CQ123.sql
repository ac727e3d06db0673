--- setup
CREATE TYPE address (street text);
--- bad
ALTER TYPE address ADD country text;
--- good
CREATE TYPE place (street text);
