CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1};
CREATE TABLE k.t (id uuid, v vector<float, 3>, m map<text, frozen<list<int>>>, PRIMARY KEY ((id), v)) WITH comment = ';';
CREATE MATERIALIZED VIEW k.v AS SELECT * FROM k.t WHERE id IS NOT NULL PRIMARY KEY (id)
