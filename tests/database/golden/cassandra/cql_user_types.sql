-- create type address (3 fields)
CREATE TYPE "address" (
  "street" text,
  "zip" int,
  "Odd" frozen<list<text>>
);

-- create type address (3 fields)
CREATE TYPE IF NOT EXISTS "address" (
  "street" text,
  "zip" int,
  "Odd" frozen<list<text>>
);

-- create type person (2 fields)
CREATE TYPE "person" (
  "name" text,
  "home" frozen<"address">
);

-- create type loose (1 field)
-- refused: loose.home: Cassandra nests a user type in another one as one value; put frozen() around it

-- create type empty (0 fields)
-- refused: empty: Cassandra has no types without fields; add one

-- type address: add field city, rename field zip to code
ALTER TYPE "address" ADD "city" text;
ALTER TYPE "address" RENAME "zip" TO "code";

-- drop type person
DROP TYPE "person";

-- drop type person
DROP TYPE IF EXISTS "person";

-- drop type address
DROP TYPE "address";

