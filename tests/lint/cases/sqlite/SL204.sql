--- bad
ATTACH DATABASE 'other.db' AS other;
--- good
DETACH DATABASE other;
