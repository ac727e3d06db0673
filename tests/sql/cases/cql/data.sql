INSERT INTO t JSON '{"id": 1, "note": "a;b"}' IF NOT EXISTS USING TTL 60 AND TIMESTAMP 1;
UPDATE t USING TTL 10 SET m['k;'] = {'a': 1, 'b;': 2}, l = l + [';'] WHERE id = 1 IF v = 2;
BEGIN BATCH
  INSERT INTO t (id, v) VALUES (1, $$begin batch; apply batch;$$); // not the end; APPLY BATCH
  DELETE m['x'] FROM t WHERE id = 2 IF EXISTS;
/* APPLY BATCH; */
APPLY BATCH;
TRUNCATE t; USE "Other;Space";
SELECT * FROM t WHERE token(id) > -9223372036854775808 AND d = 1h30m AND p = P3DT4H ALLOW FILTERING
