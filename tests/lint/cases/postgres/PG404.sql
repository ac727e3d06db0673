--- bad
CREATE TABLE a (id bigint PRIMARY KEY, code char(3));
--- bad
CREATE TABLE a (id bigint PRIMARY KEY, code character(3));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, code text, more character varying(3));
--- good
CREATE TABLE kinds (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind "char" NOT NULL);
