--- bad
CREATE TYPE mood AS ENUM ('good', 'bad');
--- good
CREATE TYPE pair AS (a int, b int);
