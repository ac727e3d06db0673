--- bad
COPY users FROM '/srv/users.csv';
--- bad
COPY users TO PROGRAM 'gzip > /srv/users.gz';
--- good
INSERT INTO users (id) VALUES (1);
