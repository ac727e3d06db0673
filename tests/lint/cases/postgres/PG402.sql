--- bad
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
--- bad
CREATE TABLE a (id integer, name text, CONSTRAINT a_pkey PRIMARY KEY (id));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, small int);
