--- bad
CREATE TABLE users (id uuid PRIMARY KEY, tags set<text>);
--- bad
CREATE TABLE users (id uuid PRIMARY KEY); ALTER TABLE users ADD notes map<text, text>;
--- good
CREATE TABLE users (id uuid PRIMARY KEY, tags frozen<set<text>>);
