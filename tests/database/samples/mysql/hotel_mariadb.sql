-- A hotel whose rooms, prices and stays have a past: what MariaDB 10.6 has and MySQL has not.

CREATE SEQUENCE bill_numbers START WITH 1000 INCREMENT BY 10 MAXVALUE 999990 CACHE 20 CYCLE;
CREATE SEQUENCE visitors;

CREATE TABLE room (
  room_id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  beds int NOT NULL CHECK (beds > 0),
  floor int NOT NULL DEFAULT 0,
  place point REF_SYSTEM_ID=4326 NOT NULL,
  description varchar(2000) COMPRESSED,
  extras json DEFAULT '{"tv": true}',
  wishes json CHECK (json_length(wishes) < 10),
  price decimal(8,2) NOT NULL COMMENT 'a night' CHECK (price >= 0),
  last_seen int WITHOUT SYSTEM VERSIONING,
  INDEX floors (floor) IGNORED
) WITH SYSTEM VERSIONING;

CREATE TABLE price (
  room_id int NOT NULL,
  amount decimal(8,2) NOT NULL,
  made_at timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE,
  gone_at timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE,
  PERIOD FOR SYSTEM_TIME (made_at, gone_at),
  PRIMARY KEY (room_id, gone_at)
) WITH SYSTEM VERSIONING
PARTITION BY SYSTEM_TIME LIMIT 10000 (PARTITION past HISTORY, PARTITION now CURRENT);

CREATE TABLE stay (
  room_id int NOT NULL,
  guest_id uuid NOT NULL DEFAULT uuid(),
  arrival date NOT NULL,
  departure date NOT NULL,
  address inet6 DEFAULT '::1',
  PERIOD FOR nights (arrival, departure),
  PRIMARY KEY (room_id, nights WITHOUT OVERLAPS),
  UNIQUE guest_once (guest_id, nights WITHOUT OVERLAPS)
);

CREATE TABLE bill (
  bill_id bigint NOT NULL DEFAULT (NEXT VALUE FOR bill_numbers),
  text_hash text UNIQUE,
  state enum('open', 'paid') NOT NULL DEFAULT 'open',
  paid_on date,
  PRIMARY KEY (bill_id)
) PAGE_COMPRESSED=1;

CREATE TABLE region (code varchar(3) NOT NULL, name varchar(20))
PARTITION BY LIST COLUMNS (code) (
  PARTITION north VALUES IN ('a', 'b'),
  PARTITION south VALUES IN ('c'),
  PARTITION elsewhere DEFAULT
);

CREATE TABLE log_2024 (id int, line varchar(100)) ENGINE=MyISAM;
CREATE TABLE log_2025 (id int, line varchar(100)) ENGINE=MyISAM;
CREATE TABLE log_all (id int, line varchar(100)) ENGINE=MERGE UNION=(log_2024, log_2025) INSERT_METHOD=LAST;
CREATE TABLE cache (k varchar(20) NOT NULL PRIMARY KEY, v varchar(200), INDEX by_value (v) USING BTREE) ENGINE=MEMORY;
CREATE TABLE notes (id int NOT NULL PRIMARY KEY COMMENT 'x', note text DEFAULT 'none', more blob DEFAULT 'b', words varchar(40) DEFAULT concat('a', 'b')) ENGINE=Aria TRANSACTIONAL=1;

CREATE AGGREGATE FUNCTION longest(line varchar(100)) RETURNS varchar(100)
BEGIN
  DECLARE best varchar(100) DEFAULT '';
  DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN best;
  LOOP
    FETCH GROUP NEXT ROW;
    IF length(line) > length(best) THEN SET best = line; END IF;
  END LOOP;
END;

CREATE VIEW prices_ever AS SELECT room_id, amount FROM price FOR SYSTEM_TIME ALL;
CREATE VIEW longest_lines AS SELECT longest(line) AS line FROM log_all;
