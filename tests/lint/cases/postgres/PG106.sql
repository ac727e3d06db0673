--- setup
CREATE TABLE users (id bigint NOT NULL, email text);
CREATE UNIQUE INDEX users_email ON users (email);
--- bad
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
--- bad
ALTER TABLE users ADD UNIQUE (email);
--- good
ALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email;
