--- bad
PRAGMA journal_mode = WAL;
--- bad
PRAGMA synchronous = OFF;
--- good
PRAGMA user_version = 3;
