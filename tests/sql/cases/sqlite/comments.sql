--no space;
SELECT 1; /* no /* nesting; */ SELECT 2;
SELECT 3 --x;
