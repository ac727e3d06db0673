-- create table pages (5 columns)
CREATE TABLE `pages` (
  `id` int NOT NULL AUTO_INCREMENT,
  `title` varchar(100) NOT NULL,
  `body` text NOT NULL,
  `author_id` int NOT NULL,
  `deleted_at` timestamp NULL,
  PRIMARY KEY (`id`)
);

-- pages: add index on author_id
ALTER TABLE `pages` ADD INDEX `pages_author_id_index` (`author_id`);

-- pages: add index on title, author_id
ALTER TABLE `pages` ADD UNIQUE INDEX `pages_title_author_id_unique` (`title`, `author_id`);

-- pages: add index pages_desc
ALTER TABLE `pages` ADD INDEX `pages_desc` (`author_id` DESC);

-- pages: add index pages_nulls
-- refused: index pages_nulls: MariaDB sorts NULLs first always; leave out the order of NULLs

-- pages: add index on (lower(title))
-- refused: index pages_lower_title_index: MariaDB has no indexes over expressions; index a generated column

-- pages: add index pages_partial
-- refused: index pages_partial: MariaDB has no partial indexes; use a generated column or leave out .where()

-- pages: add index pages_include
-- refused: index pages_include: MariaDB has no INCLUDE; add the columns to the index, or leave out .include()

-- pages: add index pages_hash
ALTER TABLE `pages` ADD INDEX `pages_hash` USING hash (`author_id`);

-- pages: add index pages_brin
-- refused: index pages_brin: MariaDB has no index method brin; use btree or hash, or .full_text() or .spatial()

-- pages: add index pages_pattern
-- refused: index pages_pattern: MariaDB has no operator classes; leave it out

-- pages: add index pages_prefix
ALTER TABLE `pages` ADD INDEX `pages_prefix` (`body`(20));

-- pages: add index pages_collated
-- refused: index pages_collated: MariaDB takes an index's collation from the column; give the column a .collate()

-- pages: add index pages_distinct
-- refused: index pages_distinct: MariaDB counts NULLs as distinct; make the columns NOT NULL or index a generated column

-- pages: add index pages_storage
-- refused: index pages_storage: MariaDB takes no storage parameters for an index; leave them out

-- pages: add index on title, body
ALTER TABLE `pages` ADD FULLTEXT INDEX `pages_title_body_fulltext` (`title`, `body`);

-- pages: add index pages_german
ALTER TABLE `pages` ADD FULLTEXT INDEX `pages_german` (`body`);

-- pages: add index pages_ngram
ALTER TABLE `pages` ADD FULLTEXT INDEX `pages_ngram` (`title`, `body`) WITH PARSER ngram;

-- pages: add index pages_commented
ALTER TABLE `pages` ADD INDEX `pages_commented` (`title`) COMMENT 'for the front page';

-- create table places (1 column)
CREATE TABLE `places` (
  `at` point NOT NULL
);

-- places: add index on at
ALTER TABLE `places` ADD SPATIAL INDEX `places_at_spatial` (`at`);

-- pages: add index pages_slow
ALTER TABLE `pages` ADD INDEX `pages_slow` (`author_id`);

-- pages: add index pages_slow
ALTER TABLE `pages` ADD INDEX IF NOT EXISTS `pages_slow` (`author_id`);

-- pages: rename index pages_slow to pages_fast
ALTER TABLE `pages` RENAME INDEX `pages_slow` TO `pages_fast`;

-- pages: drop index pages_fast
ALTER TABLE `pages` DROP INDEX `pages_fast`;

-- pages: drop index
ALTER TABLE `pages` DROP INDEX `pages_title_author_id_unique`;

-- pages: drop index pages_gone
ALTER TABLE `pages` DROP INDEX IF EXISTS `pages_gone`;

