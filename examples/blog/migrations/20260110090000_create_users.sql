-- sterna:description People who write
-- sterna:up
CREATE TABLE users (
  id integer PRIMARY KEY,
  email varchar(255) NOT NULL UNIQUE,
  name varchar(100) NOT NULL
);

-- sterna:down
DROP TABLE users;
