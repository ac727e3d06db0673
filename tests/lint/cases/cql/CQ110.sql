--- bad
CREATE TABLE events (device uuid, at timestamp, value double, PRIMARY KEY (device, at));
--- good
CREATE TABLE events (device uuid, at timestamp, value double, PRIMARY KEY (device, at)) WITH default_time_to_live = 86400;
--- good
CREATE TABLE events (device uuid, name text, value double, PRIMARY KEY (device, name));
