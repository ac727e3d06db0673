-- create table notes (2 columns)
CREATE TABLE `notes` (
  `id` int NOT NULL AUTO_INCREMENT,
  `body` text NOT NULL COMMENT 'as typed',
  PRIMARY KEY (`id`),
  INDEX `notes_id` (`id`)
) COMMENT = 'what people it''s from wrote';

-- create table notes (2 columns)
CREATE TABLE IF NOT EXISTS `notes` (
  `id` int NOT NULL AUTO_INCREMENT,
  `body` text NOT NULL COMMENT 'as typed',
  PRIMARY KEY (`id`),
  INDEX `notes_id` (`id`)
) COMMENT = 'what people it''s from wrote';

-- notes: set the comment
ALTER TABLE `notes` COMMENT = 'new words';

-- notes: remove the comment
ALTER TABLE `notes` COMMENT = '';

-- create table engine (1 column)
CREATE TABLE `engine` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
) ENGINE = InnoDB;

-- create table charset (1 column)
CREATE TABLE `charset` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

-- create table row_format (1 column)
CREATE TABLE `row_format` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
) ROW_FORMAT = DYNAMIC;

-- create table without_rowid (1 column)
-- refused: without_rowid: MySQL has no WITHOUT ROWID; leave out .without_rowid()

-- create table scratch (1 column)
CREATE TEMPORARY TABLE `scratch` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- create table xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (2 columns)
CREATE TABLE `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` (
  `id` int NOT NULL AUTO_INCREMENT,
  `second_column` int NOT NULL,
  CONSTRAINT `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_ca31bf45` PRIMARY KEY (`id`),
  INDEX `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_24ea3a0e` (`second_column`)
);

-- create table app.users (1 column)
CREATE TABLE `app`.`users` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`),
  CONSTRAINT `users_id_foreign` FOREIGN KEY (`id`) REFERENCES `app`.`people` (`id`),
  INDEX `users_id_index` (`id`)
);

-- app.users: add index again, drop index again
ALTER TABLE `app`.`users` ADD INDEX `again` (`id`);
ALTER TABLE `app`.`users` DROP INDEX `again`;

-- rename table app.users to members
ALTER TABLE `app`.`users` RENAME TO `app`.`members`;

-- notes: set engine = InnoDB
ALTER TABLE `notes` ENGINE = InnoDB;

-- notes: set charset = utf8mb4
ALTER TABLE `notes` DEFAULT CHARACTER SET = utf8mb4;

-- notes: set row_format = DYNAMIC
ALTER TABLE `notes` ROW_FORMAT = DYNAMIC;

-- rename table notes to remarks
ALTER TABLE `notes` RENAME TO `remarks`;

-- drop table remarks
DROP TABLE `remarks`;

-- drop table remarks
DROP TABLE IF EXISTS `remarks`;

-- drop table without_rowid
-- refused: without_rowid: MySQL reads CASCADE and does nothing; drop the foreign keys or views that depend on it first

