COPY t FROM 'stdin';
COPY (SELECT 'a' FROM stdin) TO '/tmp/x';
COPY t FROM PROGRAM 'cat stdin';
COPY t TO stdout;
SELECT 1;
