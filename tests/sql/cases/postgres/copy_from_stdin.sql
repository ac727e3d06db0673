COPY public.users (id, name) FROM stdin;
1	O'Brien; -- not a comment
2	$$ /* \\.
3	\N
\.

SELECT pg_catalog.setval('public.users_id_seq', 3, true);
COPY t FROM STDIN WITH (FORMAT csv); -- data follow
a,"b;"
\.
SELECT 1;
