SELECT a-- b;
+1;
SELECT a-(-1), 3 - -2;
