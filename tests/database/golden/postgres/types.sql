-- create table type_native (1 column)
CREATE TABLE "type_native" (
  "c" varchar(7) NOT NULL
);

-- create table type_boolean (1 column)
CREATE TABLE "type_boolean" (
  "c" boolean NOT NULL
);

-- create table type_tiny_integer (1 column)
CREATE TABLE "type_tiny_integer" (
  "c" smallint NOT NULL
);

-- create table type_small_integer (1 column)
CREATE TABLE "type_small_integer" (
  "c" smallint NOT NULL
);

-- create table type_medium_integer (1 column)
CREATE TABLE "type_medium_integer" (
  "c" integer NOT NULL
);

-- create table type_integer (1 column)
CREATE TABLE "type_integer" (
  "c" integer NOT NULL
);

-- create table type_big_integer (1 column)
CREATE TABLE "type_big_integer" (
  "c" bigint NOT NULL
);

-- create table type_big_unsigned (1 column)
CREATE TABLE "type_big_unsigned" (
  "c" bigint NOT NULL CONSTRAINT "type_big_unsigned_c_unsigned" CHECK ("c" >= 0)
);

-- create table type_decimal (1 column)
CREATE TABLE "type_decimal" (
  "c" numeric(10,2) NOT NULL
);

-- create table type_real (1 column)
CREATE TABLE "type_real" (
  "c" real NOT NULL
);

-- create table type_double_precision (1 column)
CREATE TABLE "type_double_precision" (
  "c" double precision NOT NULL
);

-- create table type_char (1 column)
CREATE TABLE "type_char" (
  "c" char(2) NOT NULL
);

-- create table type_string (1 column)
CREATE TABLE "type_string" (
  "c" varchar(200) NOT NULL
);

-- create table type_text (1 column)
CREATE TABLE "type_text" (
  "c" text NOT NULL
);

-- create table type_tiny_text (1 column)
CREATE TABLE "type_tiny_text" (
  "c" text NOT NULL
);

-- create table type_medium_text (1 column)
CREATE TABLE "type_medium_text" (
  "c" text NOT NULL
);

-- create table type_long_text (1 column)
CREATE TABLE "type_long_text" (
  "c" text NOT NULL
);

-- create table type_binary (1 column)
CREATE TABLE "type_binary" (
  "c" bytea NOT NULL
);

-- create table type_binary_16 (1 column)
CREATE TABLE "type_binary_16" (
  "c" bytea NOT NULL
);

-- create table type_uuid (1 column)
CREATE TABLE "type_uuid" (
  "c" uuid NOT NULL
);

-- create table type_json (1 column)
CREATE TABLE "type_json" (
  "c" json NOT NULL
);

-- create table type_jsonb (1 column)
CREATE TABLE "type_jsonb" (
  "c" jsonb NOT NULL
);

-- create table type_date (1 column)
CREATE TABLE "type_date" (
  "c" date NOT NULL
);

-- create table type_time (1 column)
CREATE TABLE "type_time" (
  "c" time NOT NULL
);

-- create table type_time_3 (1 column)
CREATE TABLE "type_time_3" (
  "c" time(3) NOT NULL
);

-- create table type_timestamp (1 column)
CREATE TABLE "type_timestamp" (
  "c" timestamp NOT NULL
);

-- create table type_timestamp_zoned (1 column)
CREATE TABLE "type_timestamp_zoned" (
  "c" timestamp(3) with time zone NOT NULL
);

-- create table type_datetime_6 (1 column)
CREATE TABLE "type_datetime_6" (
  "c" timestamp(6) NOT NULL
);

-- create table type_interval (1 column)
CREATE TABLE "type_interval" (
  "c" interval NOT NULL
);

-- create table type_year (1 column)
CREATE TABLE "type_year" (
  "c" smallint NOT NULL
);

-- create table type_enumeration (1 column)
CREATE TYPE "type_enumeration_c" AS ENUM ('red', 'it''s', E'back\\slash');
CREATE TABLE "type_enumeration" (
  "c" "type_enumeration_c" NOT NULL
);

-- create table type_enumeration_named (1 column)
DO $sterna$ BEGIN CREATE TYPE "colour_of_car" AS ENUM ('red', 'it''s', E'back\\slash'); EXCEPTION WHEN duplicate_object THEN IF ARRAY(SELECT enumlabel::text FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype('"colour_of_car"') ORDER BY enumsortorder) <> ARRAY['red', 'it''s', E'back\\slash']::text[] THEN RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = 'type colour_of_car is there with other values', HINT = 'give the enumeration of column c a name of its own, or change the type first'; END IF; END $sterna$;
CREATE TABLE "type_enumeration_named" (
  "c" "colour_of_car" NOT NULL
);

-- create table type_set_of_values (1 column)
-- refused: type_set_of_values.c: PostgreSQL has no SET; use a join table, or an array where there are some

-- create table type_inet (1 column)
CREATE TABLE "type_inet" (
  "c" inet NOT NULL
);

-- create table type_cidr (1 column)
CREATE TABLE "type_cidr" (
  "c" cidr NOT NULL
);

-- create table type_mac_address (1 column)
CREATE TABLE "type_mac_address" (
  "c" macaddr NOT NULL
);

-- create table type_array (1 column)
CREATE TABLE "type_array" (
  "c" integer[] NOT NULL
);

-- create table type_array_of_string (1 column)
CREATE TABLE "type_array_of_string" (
  "c" varchar(20)[] NOT NULL
);

-- create table type_range (1 column)
CREATE TABLE "type_range" (
  "c" int4range NOT NULL
);

-- create table type_timeuuid (1 column)
-- refused: type_timeuuid.c: PostgreSQL has no timeuuid, a CQL type; use uuid()

-- create table type_counter (1 column)
-- refused: type_counter.c: PostgreSQL has no counter, a CQL type; use big_integer()

-- create table type_list (1 column)
-- refused: type_list.c: PostgreSQL has no list, a CQL type; use json() or a child table

-- create table type_set (1 column)
-- refused: type_set.c: PostgreSQL has no set, a CQL type; use json() or a child table

-- create table type_map (1 column)
-- refused: type_map.c: PostgreSQL has no map, a CQL type; use json() or a child table

-- create table type_tuple (1 column)
-- refused: type_tuple.c: PostgreSQL has no tuple, a CQL type; use json() or one column for each part

-- create table type_frozen (1 column)
-- refused: type_frozen.c: PostgreSQL has no frozen, a CQL type; use json()

-- create table type_user_type (1 column)
-- refused: type_user_type.c: PostgreSQL has no CQL user types; use json() or one column for each field

-- create table type_vector (1 column)
-- refused: type_vector.c: PostgreSQL has no vector type of its own; use type("vector(n)") where the server has one (pgvector), or json()

-- create table type_varint (1 column)
-- refused: type_varint.c: PostgreSQL has no varint, a CQL type; use decimal(38, 0)

-- create table type_duration (1 column)
-- refused: type_duration.c: PostgreSQL has no duration, a CQL type; use big_integer() with a unit in the column's name

-- create table type_ascii (1 column)
-- refused: type_ascii.c: PostgreSQL has no ascii, a CQL type; use string()

