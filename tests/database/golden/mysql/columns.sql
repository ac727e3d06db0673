-- create table articles (3 columns)
CREATE TABLE `articles` (
  `id` int NOT NULL AUTO_INCREMENT,
  `title` varchar(100) NOT NULL,
  `base` int NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`)
);

-- articles: add column slug, add column views, add column seen_at
ALTER TABLE `articles`
  ADD COLUMN `slug` varchar(80),
  ADD COLUMN `views` int NOT NULL DEFAULT 0,
  ADD COLUMN `seen_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- run INSERT INTO articles (title, slug) VALUES ('12', 'x')
INSERT INTO articles (title, slug) VALUES ('12', 'x');

-- articles: add column twice
ALTER TABLE `articles` ADD COLUMN `twice` int GENERATED ALWAYS AS (base * 2) VIRTUAL;

-- articles: add column thrice
ALTER TABLE `articles` ADD COLUMN `thrice` int GENERATED ALWAYS AS (base * 3) STORED;

-- articles: change column title (type, nullability)
ALTER TABLE `articles` MODIFY COLUMN `title` varchar(300);

-- articles: change column title (default)
ALTER TABLE `articles` ALTER COLUMN `title` SET DEFAULT 'none';

-- articles: change column title (type, default)
-- refused: articles.title: MySQL converts values by itself; leave out the USING expression, and UPDATE the rows before

-- articles: add column n
ALTER TABLE `articles` ADD COLUMN `n` int unsigned;

-- articles: change column n (type)
ALTER TABLE `articles` MODIFY COLUMN `n` bigint;

-- articles: change column n (type)
ALTER TABLE `articles` MODIFY COLUMN `n` bigint unsigned;

-- articles: rename column slug to path, rename column views to hits, drop column hits
ALTER TABLE `articles` RENAME COLUMN `slug` TO `path`;
ALTER TABLE `articles` RENAME COLUMN `views` TO `hits`;
ALTER TABLE `articles` DROP COLUMN `hits`;

-- articles: add column x, drop column x
ALTER TABLE `articles` ADD COLUMN `x` int NOT NULL;
ALTER TABLE `articles` DROP COLUMN `x`;

-- articles: add column again
-- refused: articles.again: MySQL has no IF NOT EXISTS for columns; ask schema.has_column() before

-- articles: drop column again
-- refused: articles.again: MySQL has no IF EXISTS for columns; ask schema.has_column() before

-- articles: change column path (position)
ALTER TABLE `articles` MODIFY COLUMN `path` varchar(80) FIRST;

-- create table numbers (2 columns)
CREATE TABLE `numbers` (
  `id` int NOT NULL AUTO_INCREMENT,
  `k` int NOT NULL,
  PRIMARY KEY (`id`)
);

