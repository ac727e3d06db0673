/* outer /* inner; */ still; */ SELECT 1;
SELECT /* a /* b /* c; */ */ ; */ 2;
SELECT 3 /* trailing; */ ; /* alone; */
-- end;
