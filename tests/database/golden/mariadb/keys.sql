-- create table users (3 columns)
CREATE TABLE `users` (
  `id` int NOT NULL AUTO_INCREMENT,
  `email` varchar(190) NOT NULL,
  `tenant` int NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `users_email_unique` UNIQUE (`email`),
  CONSTRAINT `users_whole` UNIQUE (`id`, `tenant`),
  INDEX `users_tenant_index` (`tenant`)
);

-- create table posts (6 columns)
CREATE TABLE `posts` (
  `a` int NOT NULL,
  `b` int NOT NULL,
  `author_id` int,
  `editor_id` int,
  `tenant` int,
  `score` int NOT NULL,
  PRIMARY KEY (`a`, `b`),
  CONSTRAINT `posts_author_id_foreign` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT `posts_editor` FOREIGN KEY (`editor_id`, `tenant`) REFERENCES `users` (`id`, `tenant`) ON DELETE SET NULL,
  CONSTRAINT `posts_score_check` CHECK (score >= 0),
  CHECK (score < 1000)
);

-- posts: drop foreign key posts_author_id_foreign, drop check posts_score_check, drop primary key
ALTER TABLE `posts`
  DROP FOREIGN KEY `posts_author_id_foreign`,
  DROP CONSTRAINT `posts_score_check`,
  DROP PRIMARY KEY;

-- posts: add primary key on b, a, add unique on score, add foreign key on author_id to users, add check posts_score_check
ALTER TABLE `posts`
  ADD PRIMARY KEY (`b`, `a`),
  ADD CONSTRAINT `posts_score_unique` UNIQUE (`score`),
  ADD CONSTRAINT `posts_author_id_foreign` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT,
  ADD CONSTRAINT `posts_score_check` CHECK (score > 0);

-- posts: drop unique posts_score_unique
ALTER TABLE `posts` DROP INDEX `posts_score_unique`;

-- posts: add foreign key on editor_id to users
-- refused: posts.posts_editor_id_foreign: MariaDB checks constraints at every row; leave out .deferrable()

-- posts: add foreign key posts_late to users
-- refused: posts.posts_late: MariaDB checks the rows there are at once; leave out .not_valid() and validate

-- posts: validate constraint posts_late
-- refused: posts.posts_late: MariaDB checks the rows there are at once; leave out .not_valid() and validate

-- posts: add foreign key posts_full to users
-- refused: posts.posts_full: MariaDB reads MATCH and then ignores ON DELETE and ON UPDATE; leave out .match()

-- posts: add foreign key posts_fallback to users
-- refused: posts.posts_fallback: MariaDB has no SET DEFAULT for foreign keys (InnoDB); use set_null or a trigger

-- posts: add unique posts_deferred
-- refused: posts.posts_deferred: MariaDB checks constraints at every row; leave out .deferrable()

-- posts: add unique posts_nulls
-- refused: posts.posts_nulls: MariaDB counts NULLs as distinct; make the columns NOT NULL or index a generated column

-- posts: add check posts_not_valid
-- refused: posts.posts_not_valid: MariaDB checks the rows there are at once; leave out .not_valid() and validate

-- posts: add check posts_not_enforced
-- refused: posts.posts_not_enforced: MariaDB enforces every check; leave it out

-- posts: add exclusion
-- refused: posts.posts_int4range_a_b_exclude: MariaDB has no exclusion constraints; use a trigger

-- posts: drop exclusion
-- refused: posts.posts_int4range_a_b_exclude: MariaDB has no exclusion constraints; use a trigger

-- posts: drop check posts_none
ALTER TABLE `posts` DROP CONSTRAINT IF EXISTS `posts_none`;

