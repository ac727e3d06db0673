SELECT 'a
\d not a command
';
