--- bad
SET search_path = app;
--- good
SET LOCAL search_path = app;
--- good
SET CONSTRAINTS ALL DEFERRED;
