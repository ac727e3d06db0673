--- bad
CREATE TABLE a (id bigint PRIMARY KEY, at timestamp(3) NOT NULL DEFAULT now());
--- bad
ALTER TABLE a ADD COLUMN at timestamp without time zone;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz, b timestamp(3) with time zone);
