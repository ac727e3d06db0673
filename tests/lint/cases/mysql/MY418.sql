--- bad
GRANT SELECT ON app.* TO 'app'@'%';
--- bad
GRANT ALL PRIVILEGES ON app.* TO 'app'@'10.0.0.1';
--- good
GRANT SELECT ON app.* TO 'app'@'10.0.0.1';
