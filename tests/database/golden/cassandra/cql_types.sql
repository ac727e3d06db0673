-- create type address (2 fields)
CREATE TYPE "address" (
  "street" text,
  "zips" frozen<set<int>>
);

-- create table of_ascii (2 columns)
CREATE TABLE "of_ascii" (
  "id" uuid,
  "c" ascii,
  PRIMARY KEY ("id")
);

-- create table of_bigint (2 columns)
CREATE TABLE "of_bigint" (
  "id" uuid,
  "c" bigint,
  PRIMARY KEY ("id")
);

-- create table of_blob (2 columns)
CREATE TABLE "of_blob" (
  "id" uuid,
  "c" blob,
  PRIMARY KEY ("id")
);

-- create table of_boolean (2 columns)
CREATE TABLE "of_boolean" (
  "id" uuid,
  "c" boolean,
  PRIMARY KEY ("id")
);

-- create table of_date (2 columns)
CREATE TABLE "of_date" (
  "id" uuid,
  "c" date,
  PRIMARY KEY ("id")
);

-- create table of_decimal (2 columns)
CREATE TABLE "of_decimal" (
  "id" uuid,
  "c" decimal,
  PRIMARY KEY ("id")
);

-- create table of_double (2 columns)
CREATE TABLE "of_double" (
  "id" uuid,
  "c" double,
  PRIMARY KEY ("id")
);

-- create table of_duration (2 columns)
CREATE TABLE "of_duration" (
  "id" uuid,
  "c" duration,
  PRIMARY KEY ("id")
);

-- create table of_float (2 columns)
CREATE TABLE "of_float" (
  "id" uuid,
  "c" float,
  PRIMARY KEY ("id")
);

-- create table of_inet (2 columns)
CREATE TABLE "of_inet" (
  "id" uuid,
  "c" inet,
  PRIMARY KEY ("id")
);

-- create table of_int (2 columns)
CREATE TABLE "of_int" (
  "id" uuid,
  "c" int,
  PRIMARY KEY ("id")
);

-- create table of_smallint (2 columns)
CREATE TABLE "of_smallint" (
  "id" uuid,
  "c" smallint,
  PRIMARY KEY ("id")
);

-- create table of_text (2 columns)
CREATE TABLE "of_text" (
  "id" uuid,
  "c" text,
  PRIMARY KEY ("id")
);

-- create table of_time (2 columns)
CREATE TABLE "of_time" (
  "id" uuid,
  "c" time,
  PRIMARY KEY ("id")
);

-- create table of_timestamp (2 columns)
CREATE TABLE "of_timestamp" (
  "id" uuid,
  "c" timestamp,
  PRIMARY KEY ("id")
);

-- create table of_timeuuid (2 columns)
CREATE TABLE "of_timeuuid" (
  "id" uuid,
  "c" timeuuid,
  PRIMARY KEY ("id")
);

-- create table of_tinyint (2 columns)
CREATE TABLE "of_tinyint" (
  "id" uuid,
  "c" tinyint,
  PRIMARY KEY ("id")
);

-- create table of_uuid (2 columns)
CREATE TABLE "of_uuid" (
  "id" uuid,
  "c" uuid,
  PRIMARY KEY ("id")
);

-- create table of_varint (2 columns)
CREATE TABLE "of_varint" (
  "id" uuid,
  "c" varint,
  PRIMARY KEY ("id")
);

-- create table of_list (2 columns)
CREATE TABLE "of_list" (
  "id" uuid,
  "c" list<text>,
  PRIMARY KEY ("id")
);

-- create table of_set (2 columns)
CREATE TABLE "of_set" (
  "id" uuid,
  "c" set<int>,
  PRIMARY KEY ("id")
);

-- create table of_map (2 columns)
CREATE TABLE "of_map" (
  "id" uuid,
  "c" map<text, frozen<list<int>>>,
  PRIMARY KEY ("id")
);

-- create table of_frozen_map (2 columns)
CREATE TABLE "of_frozen_map" (
  "id" uuid,
  "c" frozen<map<text, int>>,
  PRIMARY KEY ("id")
);

-- create table of_tuple (2 columns)
CREATE TABLE "of_tuple" (
  "id" uuid,
  "c" tuple<text, frozen<set<int>>>,
  PRIMARY KEY ("id")
);

-- create table of_user_type (2 columns)
CREATE TABLE "of_user_type" (
  "id" uuid,
  "c" "address",
  PRIMARY KEY ("id")
);

-- create table of_frozen_user_type (2 columns)
CREATE TABLE "of_frozen_user_type" (
  "id" uuid,
  "c" frozen<"address">,
  PRIMARY KEY ("id")
);

-- create table of_list_of_user_type (2 columns)
CREATE TABLE "of_list_of_user_type" (
  "id" uuid,
  "c" list<frozen<"address">>,
  PRIMARY KEY ("id")
);

-- create table of_vector (2 columns)
CREATE TABLE "of_vector" (
  "id" uuid,
  "c" vector<float, 3>,
  PRIMARY KEY ("id")
);

-- create table no_nested (2 columns)
-- refused: no_nested.c: Cassandra keeps a collection or user type inside another collection only as one value; put frozen() around the inner one

-- create table no_nested_type (2 columns)
-- refused: no_nested_type.c: Cassandra keeps a collection or user type inside another collection only as one value; put frozen() around the inner one

-- create table no_counters (2 columns)
-- refused: no_counters.c: Cassandra has counters as columns alone; use big_integer() within a type

-- create table no_frozen_text (2 columns)
-- refused: no_frozen_text.c: Cassandra freezes collections, tuples and user types; leave out frozen()

-- create table no_array (2 columns)
-- refused: no_array.c: Cassandra has no arrays; use list(), or frozen() around one

-- create table no_range (2 columns)
-- refused: no_range.c: Cassandra has no ranges; use two columns

-- create table no_cidr (2 columns)
-- refused: no_cidr.c: Cassandra has no such address type; use inet() or text()

-- create table no_microseconds (2 columns)
-- refused: no_microseconds.c: Cassandra keeps timestamps in milliseconds; leave out the precision, or use timeuuid()

-- create table no_unsigned (2 columns)
-- refused: no_unsigned.c: Cassandra has no unsigned numbers; use the next larger integer, or types::varint()

-- create table no_enumeration (2 columns)
-- refused: no_enumeration.c: Cassandra has no enumerations and no checks; use text() and check the value in the program

