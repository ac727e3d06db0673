-- create table m_stored (3 columns)
CREATE TABLE `m_stored` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `twice` int GENERATED ALWAYS AS (a * 2) STORED,
  PRIMARY KEY (`id`)
);

-- create table m_stored_required (3 columns)
CREATE TABLE `m_stored_required` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `twice` int GENERATED ALWAYS AS (a * 2) STORED,
  PRIMARY KEY (`id`)
);

-- create table m_virtual (3 columns)
CREATE TABLE `m_virtual` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `twice` int GENERATED ALWAYS AS (a * 2) VIRTUAL,
  PRIMARY KEY (`id`)
);

-- create table m_character (3 columns)
CREATE TABLE `m_character` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `word` varchar(20) CHARACTER SET utf8mb4 COLLATE `utf8mb4_bin` NOT NULL,
  PRIMARY KEY (`id`)
);

-- create table m_on_update (3 columns)
CREATE TABLE `m_on_update` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `at` timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (`id`)
);

-- create table m_comment (3 columns)
CREATE TABLE `m_comment` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `word` varchar(20) NOT NULL COMMENT 'what it''s for',
  PRIMARY KEY (`id`)
);

-- create table m_unsigned (3 columns)
CREATE TABLE `m_unsigned` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `n` int unsigned NOT NULL,
  PRIMARY KEY (`id`)
);

-- create table m_hidden (3 columns)
CREATE TABLE `m_hidden` (
  `id` int NOT NULL AUTO_INCREMENT,
  `a` int NOT NULL,
  `word` int NOT NULL DEFAULT 1 INVISIBLE,
  PRIMARY KEY (`id`)
);

-- m_comment: add column lead
ALTER TABLE `m_comment` ADD COLUMN `lead` varchar(20) NOT NULL COMMENT 'what it''s for' FIRST;

-- m_unsigned: add column z
ALTER TABLE `m_unsigned` ADD COLUMN `z` int NOT NULL AFTER `a`;

