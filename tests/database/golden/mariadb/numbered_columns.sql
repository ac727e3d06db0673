-- create table plain (1 column)
CREATE TABLE `plain` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- create table big (1 column)
CREATE TABLE `big` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- create table always (1 column)
-- refused: always.id: MariaDB numbers rows by default only; use .auto_increment()

-- create table elsewhere (2 columns)
CREATE TABLE `elsewhere` (
  `id` int NOT NULL AUTO_INCREMENT,
  `other` int NOT NULL,
  PRIMARY KEY (`id`, `other`)
);

-- create table keyless (1 column)
CREATE TABLE `keyless` (
  `a` int NOT NULL
);

-- keyless: add column n
ALTER TABLE `keyless` ADD COLUMN `n` int NOT NULL DEFAULT 1;

