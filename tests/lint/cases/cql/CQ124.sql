--- bad
TRUNCATE users;
--- good
CREATE TABLE users_2 (id uuid PRIMARY KEY);
