-- sterna:up
CREATE TABLE notes (id integer PRIMARY KEY, text varchar(200) NOT NULL);

-- sterna:down
DROP TABLE notes;
