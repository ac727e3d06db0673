--- setup
CREATE TABLE bookings (id bigint PRIMARY KEY, during tstzrange);
--- bad
ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);
--- good
CREATE TABLE visits (id bigint PRIMARY KEY, during tstzrange, EXCLUDE USING gist (during WITH &&));
