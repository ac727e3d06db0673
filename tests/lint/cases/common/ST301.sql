--- bad
CREATE TABLE "UserAccounts" (id bigint PRIMARY KEY);
--- bad
ALTER TABLE a ADD COLUMN firstName text;
--- good
CREATE TABLE user_accounts (id bigint PRIMARY KEY);
