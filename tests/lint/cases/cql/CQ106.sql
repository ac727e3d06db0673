--- setup
CREATE TABLE users (id uuid PRIMARY KEY, name text);
--- bad
CREATE CUSTOM INDEX ON users (name) USING 'org.apache.cassandra.index.sasi.SASIIndex';
--- good
CREATE CUSTOM INDEX ON users (name) USING 'StorageAttachedIndex';
