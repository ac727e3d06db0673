-- create table strict_native (1 column)
CREATE TABLE "strict_native" (
  "c" text NOT NULL
) STRICT;

-- create table strict_boolean (1 column)
CREATE TABLE "strict_boolean" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_tiny_integer (1 column)
CREATE TABLE "strict_tiny_integer" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_small_integer (1 column)
CREATE TABLE "strict_small_integer" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_medium_integer (1 column)
CREATE TABLE "strict_medium_integer" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_integer (1 column)
CREATE TABLE "strict_integer" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_big_integer (1 column)
CREATE TABLE "strict_big_integer" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_big_unsigned (1 column)
CREATE TABLE "strict_big_unsigned" (
  "c" integer NOT NULL CHECK ("c" >= 0)
) STRICT;

-- create table strict_decimal (1 column)
CREATE TABLE "strict_decimal" (
  "c" any NOT NULL
) STRICT;

-- create table strict_real (1 column)
CREATE TABLE "strict_real" (
  "c" real NOT NULL
) STRICT;

-- create table strict_double_precision (1 column)
CREATE TABLE "strict_double_precision" (
  "c" real NOT NULL
) STRICT;

-- create table strict_char (1 column)
CREATE TABLE "strict_char" (
  "c" text NOT NULL
) STRICT;

-- create table strict_string (1 column)
CREATE TABLE "strict_string" (
  "c" text NOT NULL
) STRICT;

-- create table strict_text (1 column)
CREATE TABLE "strict_text" (
  "c" text NOT NULL
) STRICT;

-- create table strict_tiny_text (1 column)
CREATE TABLE "strict_tiny_text" (
  "c" text NOT NULL
) STRICT;

-- create table strict_medium_text (1 column)
CREATE TABLE "strict_medium_text" (
  "c" text NOT NULL
) STRICT;

-- create table strict_long_text (1 column)
CREATE TABLE "strict_long_text" (
  "c" text NOT NULL
) STRICT;

-- create table strict_binary (1 column)
CREATE TABLE "strict_binary" (
  "c" blob NOT NULL
) STRICT;

-- create table strict_binary_16 (1 column)
CREATE TABLE "strict_binary_16" (
  "c" blob NOT NULL
) STRICT;

-- create table strict_uuid (1 column)
CREATE TABLE "strict_uuid" (
  "c" text NOT NULL
) STRICT;

-- create table strict_json (1 column)
CREATE TABLE "strict_json" (
  "c" text NOT NULL
) STRICT;

-- create table strict_jsonb (1 column)
CREATE TABLE "strict_jsonb" (
  "c" text NOT NULL
) STRICT;

-- create table strict_date (1 column)
CREATE TABLE "strict_date" (
  "c" text NOT NULL
) STRICT;

-- create table strict_time (1 column)
CREATE TABLE "strict_time" (
  "c" text NOT NULL
) STRICT;

-- create table strict_time_3 (1 column)
CREATE TABLE "strict_time_3" (
  "c" text NOT NULL
) STRICT;

-- create table strict_timestamp (1 column)
CREATE TABLE "strict_timestamp" (
  "c" text NOT NULL
) STRICT;

-- create table strict_timestamp_zoned (1 column)
CREATE TABLE "strict_timestamp_zoned" (
  "c" text NOT NULL
) STRICT;

-- create table strict_datetime_6 (1 column)
CREATE TABLE "strict_datetime_6" (
  "c" text NOT NULL
) STRICT;

-- create table strict_interval (1 column)
-- refused: strict_interval.c: SQLite has no intervals; use big_integer() with a unit in the column's name

-- create table strict_year (1 column)
CREATE TABLE "strict_year" (
  "c" integer NOT NULL
) STRICT;

-- create table strict_enumeration (1 column)
CREATE TABLE "strict_enumeration" (
  "c" text NOT NULL CHECK ("c" IN ('red', 'it''s', 'back\slash'))
) STRICT;

-- create table strict_enumeration_named (1 column)
CREATE TABLE "strict_enumeration_named" (
  "c" text NOT NULL CHECK ("c" IN ('red', 'it''s', 'back\slash'))
) STRICT;

-- create table strict_set_of_values (1 column)
-- refused: strict_set_of_values.c: SQLite has no SET; use a join table, or an array where there are some

-- create table strict_inet (1 column)
CREATE TABLE "strict_inet" (
  "c" text NOT NULL
) STRICT;

-- create table strict_cidr (1 column)
CREATE TABLE "strict_cidr" (
  "c" text NOT NULL
) STRICT;

-- create table strict_mac_address (1 column)
CREATE TABLE "strict_mac_address" (
  "c" text NOT NULL
) STRICT;

-- create table strict_array (1 column)
-- refused: strict_array.c: SQLite has no arrays; use json() or a child table

-- create table strict_array_of_string (1 column)
-- refused: strict_array_of_string.c: SQLite has no arrays; use json() or a child table

-- create table strict_range (1 column)
-- refused: strict_range.c: SQLite has no ranges; use two columns with a check between them

-- create table strict_timeuuid (1 column)
-- refused: strict_timeuuid.c: SQLite has no timeuuid, a CQL type; use uuid()

-- create table strict_counter (1 column)
-- refused: strict_counter.c: SQLite has no counter, a CQL type; use big_integer()

-- create table strict_list (1 column)
-- refused: strict_list.c: SQLite has no list, a CQL type; use json() or a child table

-- create table strict_set (1 column)
-- refused: strict_set.c: SQLite has no set, a CQL type; use json() or a child table

-- create table strict_map (1 column)
-- refused: strict_map.c: SQLite has no map, a CQL type; use json() or a child table

-- create table strict_tuple (1 column)
-- refused: strict_tuple.c: SQLite has no tuple, a CQL type; use json() or one column for each part

-- create table strict_frozen (1 column)
-- refused: strict_frozen.c: SQLite has no frozen, a CQL type; use json()

-- create table strict_user_type (1 column)
-- refused: strict_user_type.c: SQLite has no CQL user types; use json() or one column for each field

-- create table strict_vector (1 column)
-- refused: strict_vector.c: SQLite has no vector type of its own; use type("vector(n)") where the server has one (pgvector), or json()

-- create table strict_varint (1 column)
-- refused: strict_varint.c: SQLite has no varint, a CQL type; use decimal(38, 0)

-- create table strict_duration (1 column)
-- refused: strict_duration.c: SQLite has no duration, a CQL type; use big_integer() with a unit in the column's name

-- create table strict_ascii (1 column)
-- refused: strict_ascii.c: SQLite has no ascii, a CQL type; use string()

