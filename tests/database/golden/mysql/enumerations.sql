-- create table stories (2 columns)
CREATE TABLE `stories` (
  `id` int NOT NULL AUTO_INCREMENT,
  `status` enum('draft','live') NOT NULL DEFAULT 'draft',
  PRIMARY KEY (`id`)
);

-- run INSERT INTO stories (status) VALUES ('live')
INSERT INTO stories (status) VALUES ('live');

-- stories: change column status (type)
ALTER TABLE `stories` MODIFY COLUMN `status` enum('draft','live','old') NOT NULL DEFAULT 'draft';

-- stories: change column status (type, default)
ALTER TABLE `stories` MODIFY COLUMN `status` varchar(20) NOT NULL DEFAULT 'x';

-- stories: change column status (type, default)
ALTER TABLE `stories` MODIFY COLUMN `status` enum('draft','live') NOT NULL DEFAULT 'draft';

-- stories: add column mood
ALTER TABLE `stories` ADD COLUMN `mood` enum('happy','sad');

-- stories: drop column mood
ALTER TABLE `stories` DROP COLUMN `mood`;

-- drop table stories
DROP TABLE `stories`;

-- create table stories (2 columns)
CREATE TABLE IF NOT EXISTS `stories` (
  `id` int NOT NULL AUTO_INCREMENT,
  `status` enum('draft','live') NOT NULL DEFAULT 'draft',
  PRIMARY KEY (`id`)
);

-- create table tasks (2 columns)
CREATE TABLE `tasks` (
  `id` int NOT NULL AUTO_INCREMENT,
  `phase` enum('open','done') NOT NULL,
  PRIMARY KEY (`id`)
);

-- create table bugs (2 columns)
CREATE TABLE `bugs` (
  `id` int NOT NULL AUTO_INCREMENT,
  `phase` enum('open','done') NOT NULL,
  PRIMARY KEY (`id`)
);

-- drop table tasks
DROP TABLE `tasks`;

-- drop table bugs
DROP TABLE `bugs`;

-- create enum weather (sun, rain)
-- refused: enum weather: MySQL has no enum types of their own; use enum_() in each table, and .alter() to add values

-- enum weather: add value snow
-- refused: enum weather: MySQL has no enum types of their own; use enum_() in each table, and .alter() to add values

-- drop enum weather
-- refused: enum weather: MySQL has no enum types of their own; use enum_() in each table, and .alter() to add values

