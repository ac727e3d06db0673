--- bad
LOCK TABLES users WRITE;
--- good
UNLOCK TABLES;
