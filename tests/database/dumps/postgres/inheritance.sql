-- base
CREATE TABLE parent (id int NOT NULL DEFAULT 1, x text, CHECK (id > 0));
CREATE TABLE aunt (id int NOT NULL);
CREATE TABLE child (own int) INHERITS (parent);
-- change: default of an inherited column
ALTER TABLE child ALTER id SET DEFAULT 5;
-- change: NOT NULL of an inherited column
ALTER TABLE child ALTER x SET NOT NULL;
-- change: a column of the parent
ALTER TABLE parent ADD COLUMN z int DEFAULT 3;
-- change: a check that is not inherited
ALTER TABLE parent ADD CONSTRAINT lonely CHECK (z > 2) NO INHERIT;
-- change: a second parent
ALTER TABLE child INHERIT aunt;
-- change: one parent less
ALTER TABLE child NO INHERIT parent;
