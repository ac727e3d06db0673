--- setup
CREATE TABLE users (id uuid PRIMARY KEY);
--- bad
TRUNCATE users;
--- good
CREATE TABLE users_2 (id uuid PRIMARY KEY);
