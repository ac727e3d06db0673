--- bad
ALTER SEQUENCE users_id_seq RESTART WITH 1;
--- bad
SELECT setval('users_id_seq', 1);
--- good
ALTER SEQUENCE users_id_seq CACHE 10;
