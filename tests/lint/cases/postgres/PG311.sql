--- bad
-- sterna:transaction none
SET CONSTRAINTS ALL DEFERRED;
--- good
SET CONSTRAINTS ALL DEFERRED;
