INSERT INTO ks.t (id, "Odd;Name") VALUES (1, 'it''s; fine');
SELECT "with ""quotes;""" FROM t; // comment; here
-- comment; too
SELECT 0xff, 1e-5, 5b6962dd-3f90-4c93-8f61-eabfa4a803e2 FROM t;
/* block; */ SELECT :name, ? FROM t;
