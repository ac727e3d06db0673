--- setup
CREATE TABLE events (at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--- bad
ALTER TABLE events DETACH PARTITION events_2026;
--- good
-- sterna:transaction none
ALTER TABLE events DETACH PARTITION events_2026 CONCURRENTLY;
--- good version=130000
ALTER TABLE events DETACH PARTITION events_2026;
