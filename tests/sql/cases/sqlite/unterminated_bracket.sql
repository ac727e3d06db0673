SELECT [open; FROM t;
