--- bad
CREATE TABLE users (id uuid PRIMARY KEY, log list<text>);
--- good
CREATE TABLE users (id uuid PRIMARY KEY, log set<text>);
