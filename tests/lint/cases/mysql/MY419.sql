--- bad
CREATE USER 'app'@'10.0.0.1';
--- good
GRANT SELECT ON app.* TO 'app'@'10.0.0.1';
