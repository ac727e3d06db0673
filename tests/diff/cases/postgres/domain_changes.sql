-- from
CREATE DOMAIN email AS varchar(80) DEFAULT 'nobody@example.org' CONSTRAINT at_sign CHECK (VALUE LIKE '%@%') CONSTRAINT short CHECK (length(VALUE) < 70);
CREATE DOMAIN amount AS numeric(10,2) NOT NULL;
CREATE DOMAIN plain AS integer;
CREATE TABLE users (id int PRIMARY KEY, mail email, paid amount DEFAULT 1, n plain);
CREATE VIEW mails AS SELECT mail, paid FROM users;
CREATE FUNCTION own_mail(m email) RETURNS email LANGUAGE sql IMMUTABLE AS 'SELECT m';
-- rows
INSERT INTO users VALUES (1, 'a@b.c', 7, 3);
-- to
CREATE DOMAIN email AS varchar(80) DEFAULT 'someone@example.org' NOT NULL CONSTRAINT at_sign CHECK (VALUE LIKE '_%@_%') CONSTRAINT lower CHECK (VALUE = lower(VALUE));
CREATE DOMAIN amount AS numeric(10,2);
CREATE DOMAIN plain AS integer DEFAULT 4 CONSTRAINT positive CHECK (VALUE > 0);
COMMENT ON DOMAIN plain IS 'a number';
CREATE TABLE users (id int PRIMARY KEY, mail email, paid amount DEFAULT 1, n plain);
CREATE VIEW mails AS SELECT mail, paid FROM users;
CREATE FUNCTION own_mail(m email) RETURNS email LANGUAGE sql IMMUTABLE AS 'SELECT m';
-- check
SELECT mail = 'a@b.c' AND paid = 7 AND n = 3 FROM users
