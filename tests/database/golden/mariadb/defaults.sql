-- create table defaults (15 columns)
CREATE TABLE `defaults` (
  `flag` tinyint(1) NOT NULL DEFAULT 1,
  `off` tinyint(1) NOT NULL DEFAULT 0,
  `number` int NOT NULL DEFAULT -5,
  `word` varchar(20) NOT NULL DEFAULT 'it''s \\ here',
  `body` text NOT NULL DEFAULT ('long'),
  `document` json NOT NULL DEFAULT ('{}'),
  `nothing` int DEFAULT NULL,
  `sum` int NOT NULL DEFAULT (1 + 1),
  `at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `at_3` timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `moment` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  `day` date NOT NULL DEFAULT (CURRENT_DATE),
  `clock` time NOT NULL DEFAULT (CURRENT_TIME),
  `deleted_at` timestamp NULL,
  `state` enum('new','old') NOT NULL DEFAULT 'new'
);

-- run INSERT INTO defaults (flag) VALUES (false)
INSERT INTO defaults (flag) VALUES (false);

-- defaults: change column number (default), change column word (default)
ALTER TABLE `defaults`
  ALTER COLUMN `number` SET DEFAULT 7,
  ALTER COLUMN `word` DROP DEFAULT;

