--- setup
CREATE TABLE places (id bigint NOT NULL PRIMARY KEY, at point NOT NULL);
--- bad
ALTER TABLE places ADD SPATIAL KEY places_at (at);
--- good
ALTER TABLE places ADD KEY places_id (id);
