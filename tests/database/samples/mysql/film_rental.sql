-- Shops that lend films: countries and customers, stock and rentals, payments by year, prices that are looked up,
-- counted and kept. What MySQL 8 and MariaDB 10.6 both have.

CREATE TABLE country (
  country_id smallint unsigned NOT NULL AUTO_INCREMENT,
  name varchar(60) NOT NULL,
  iso char(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 3166-1 alpha-2',
  last_update timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (country_id),
  UNIQUE KEY country_iso (iso)
) COMMENT = 'Where people live';

CREATE TABLE city (
  city_id int unsigned NOT NULL AUTO_INCREMENT,
  name varchar(80) NOT NULL,
  country_id smallint unsigned NOT NULL,
  centre point NOT NULL,
  PRIMARY KEY (city_id),
  KEY city_country (country_id),
  SPATIAL KEY city_centre (centre),
  CONSTRAINT city_country_fk FOREIGN KEY (country_id) REFERENCES country (country_id) ON UPDATE CASCADE
);

CREATE TABLE address (
  address_id int unsigned NOT NULL AUTO_INCREMENT,
  line1 varchar(120) NOT NULL,
  line2 varchar(120),
  district varchar(40) NOT NULL DEFAULT '',
  city_id int unsigned NOT NULL,
  postal_code varchar(12),
  phone varchar(24) NOT NULL DEFAULT '''none'' \\ unknown',
  PRIMARY KEY (address_id),
  KEY address_city (city_id),
  KEY address_line (line1(20), district DESC),
  CONSTRAINT address_city_fk FOREIGN KEY (city_id) REFERENCES city (city_id)
);

CREATE TABLE language (
  language_id tinyint unsigned NOT NULL AUTO_INCREMENT,
  name char(20) NOT NULL,
  PRIMARY KEY (language_id)
);

CREATE TABLE category (
  category_id tinyint unsigned NOT NULL AUTO_INCREMENT,
  name varchar(25) NOT NULL,
  parent_id tinyint unsigned,
  PRIMARY KEY (category_id),
  UNIQUE KEY category_name (name),
  KEY category_parent (parent_id),
  CONSTRAINT category_parent_fk FOREIGN KEY (parent_id) REFERENCES category (category_id) ON DELETE SET NULL
);

CREATE TABLE actor (
  actor_id int unsigned NOT NULL AUTO_INCREMENT,
  first_name varchar(45) NOT NULL,
  last_name varchar(45) NOT NULL,
  full_name varchar(91) GENERATED ALWAYS AS (concat(first_name, ' ', last_name)) VIRTUAL,
  born year,
  PRIMARY KEY (actor_id),
  KEY actor_last_name (last_name, first_name) COMMENT 'lists go by last name'
);

CREATE TABLE film (
  film_id int unsigned NOT NULL AUTO_INCREMENT,
  title varchar(255) NOT NULL,
  description text,
  release_year year,
  language_id tinyint unsigned NOT NULL,
  original_language_id tinyint unsigned,
  rental_days tinyint unsigned NOT NULL DEFAULT 3,
  rental_rate decimal(4,2) NOT NULL DEFAULT 4.99,
  length smallint unsigned,
  replacement_cost decimal(5,2) NOT NULL DEFAULT 19.99,
  rating enum('G','PG','PG-13','R','NC-17','film''s own') DEFAULT 'G',
  special_features set('Trailers','Commentaries','Deleted Scenes'),
  digest binary(16),
  attributes json,
  cost_per_day decimal(8,4) GENERATED ALWAYS AS (rental_rate / rental_days) STORED,
  available boolean NOT NULL DEFAULT true,
  internal_note varchar(200) DEFAULT 'none' /*M!100303 INVISIBLE */ /*!80023 INVISIBLE */,
  PRIMARY KEY (film_id),
  KEY film_title (title),
  KEY film_language (language_id),
  KEY film_original_language (original_language_id),
  FULLTEXT KEY film_words (title, description),
  CONSTRAINT film_length CHECK (length IS NULL OR length BETWEEN 1 AND 900),
  CONSTRAINT film_costs CHECK (rental_rate >= 0 AND replacement_cost >= rental_rate),
  CONSTRAINT film_language_fk FOREIGN KEY (language_id) REFERENCES language (language_id),
  CONSTRAINT film_original_fk FOREIGN KEY (original_language_id) REFERENCES language (language_id)
) ROW_FORMAT = DYNAMIC COMMENT = 'One line for each film, not for each copy; see inventory';

CREATE TABLE film_actor (
  actor_id int unsigned NOT NULL,
  film_id int unsigned NOT NULL,
  role varchar(80),
  PRIMARY KEY (film_id, actor_id),
  KEY film_actor_actor (actor_id),
  CONSTRAINT film_actor_actor_fk FOREIGN KEY (actor_id) REFERENCES actor (actor_id) ON DELETE CASCADE,
  CONSTRAINT film_actor_film_fk FOREIGN KEY (film_id) REFERENCES film (film_id) ON DELETE CASCADE
);

CREATE TABLE film_category (
  film_id int unsigned NOT NULL,
  category_id tinyint unsigned NOT NULL,
  PRIMARY KEY (film_id, category_id),
  KEY film_category_category (category_id),
  CONSTRAINT film_category_film_fk FOREIGN KEY (film_id) REFERENCES film (film_id) ON DELETE CASCADE,
  CONSTRAINT film_category_category_fk FOREIGN KEY (category_id) REFERENCES category (category_id)
);

-- A shop has a manager, who works in a shop.
CREATE TABLE staff (
  staff_id smallint unsigned NOT NULL AUTO_INCREMENT,
  first_name varchar(45) NOT NULL,
  last_name varchar(45) NOT NULL,
  address_id int unsigned NOT NULL,
  picture mediumblob,
  email varchar(120),
  shop_id smallint unsigned,
  active bit(1) NOT NULL DEFAULT b'1',
  user_name varchar(16) CHARACTER SET latin1 COLLATE latin1_general_cs NOT NULL,
  secret varbinary(64),
  working_hours time(3) NOT NULL DEFAULT '08:00:00.000',
  PRIMARY KEY (staff_id),
  UNIQUE KEY staff_user (user_name),
  KEY staff_address (address_id),
  KEY staff_shop (shop_id),
  CONSTRAINT staff_address_fk FOREIGN KEY (address_id) REFERENCES address (address_id)
);

CREATE TABLE shop (
  shop_id smallint unsigned NOT NULL AUTO_INCREMENT,
  manager_id smallint unsigned NOT NULL,
  address_id int unsigned NOT NULL,
  opened date NOT NULL /*M!100201 DEFAULT (CURRENT_DATE) */ /*!80023 DEFAULT (CURRENT_DATE) */,
  PRIMARY KEY (shop_id),
  UNIQUE KEY shop_manager (manager_id),
  KEY shop_address (address_id),
  CONSTRAINT shop_manager_fk FOREIGN KEY (manager_id) REFERENCES staff (staff_id),
  CONSTRAINT shop_address_fk FOREIGN KEY (address_id) REFERENCES address (address_id)
);

ALTER TABLE staff ADD CONSTRAINT staff_shop_fk FOREIGN KEY (shop_id) REFERENCES shop (shop_id) ON DELETE SET NULL;

CREATE TABLE customer (
  customer_id int unsigned NOT NULL AUTO_INCREMENT,
  shop_id smallint unsigned NOT NULL,
  first_name varchar(45) NOT NULL,
  last_name varchar(45) COLLATE utf8mb4_bin NOT NULL,
  email varchar(120),
  email_lower varchar(120) GENERATED ALWAYS AS (lower(email)) STORED,
  address_id int unsigned NOT NULL,
  active boolean NOT NULL DEFAULT 1,
  created_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  valid_until date /*M!100201 DEFAULT (CURRENT_DATE + INTERVAL 1 YEAR) */ /*!80023 DEFAULT (CURRENT_DATE + INTERVAL 1 YEAR) */,
  last_update timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (customer_id),
  UNIQUE KEY customer_email (email_lower),
  KEY customer_shop (shop_id),
  KEY customer_address (address_id),
  CONSTRAINT customer_shop_fk FOREIGN KEY (shop_id) REFERENCES shop (shop_id),
  CONSTRAINT customer_address_fk FOREIGN KEY (address_id) REFERENCES address (address_id)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE inventory (
  inventory_id int unsigned NOT NULL AUTO_INCREMENT,
  film_id int unsigned NOT NULL,
  shop_id smallint unsigned NOT NULL,
  `condition` enum('new','used','worn') NOT NULL DEFAULT 'new',
  PRIMARY KEY (inventory_id),
  KEY inventory_film (film_id),
  KEY inventory_shop_film (shop_id, film_id),
  CONSTRAINT inventory_film_fk FOREIGN KEY (film_id) REFERENCES film (film_id),
  CONSTRAINT inventory_shop_fk FOREIGN KEY (shop_id) REFERENCES shop (shop_id)
);

CREATE TABLE rental (
  rental_id bigint NOT NULL AUTO_INCREMENT,
  rented_at datetime NOT NULL,
  inventory_id int unsigned NOT NULL,
  customer_id int unsigned NOT NULL,
  returned_at datetime,
  staff_id smallint unsigned NOT NULL,
  PRIMARY KEY (rental_id),
  UNIQUE KEY rental_once (rented_at, inventory_id, customer_id),
  KEY rental_inventory (inventory_id),
  KEY rental_customer (customer_id),
  KEY rental_staff (staff_id),
  CONSTRAINT rental_times CHECK (returned_at IS NULL OR returned_at >= rented_at),
  CONSTRAINT rental_inventory_fk FOREIGN KEY (inventory_id) REFERENCES inventory (inventory_id) ON UPDATE CASCADE,
  CONSTRAINT rental_customer_fk FOREIGN KEY (customer_id) REFERENCES customer (customer_id) ON UPDATE CASCADE,
  CONSTRAINT rental_staff_fk FOREIGN KEY (staff_id) REFERENCES staff (staff_id)
);

CREATE TABLE payment (
  payment_id bigint unsigned NOT NULL AUTO_INCREMENT,
  customer_id int unsigned NOT NULL,
  rental_id bigint,
  amount decimal(7,2) NOT NULL,
  paid_at datetime NOT NULL,
  PRIMARY KEY (payment_id, paid_at),
  KEY payment_customer (customer_id)
)
PARTITION BY RANGE COLUMNS (paid_at) (
  PARTITION before_2025 VALUES LESS THAN ('2025-01-01'),
  PARTITION in_2025 VALUES LESS THAN ('2026-01-01') COMMENT = 'closed',
  PARTITION later VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE visit (
  shop_id smallint unsigned NOT NULL,
  happened_at datetime NOT NULL,
  visitors int unsigned zerofill NOT NULL DEFAULT 0,
  temperature float,
  PRIMARY KEY (shop_id, happened_at)
)
PARTITION BY HASH (shop_id) PARTITIONS 4;

CREATE TABLE film_text (
  film_id int unsigned NOT NULL,
  title varchar(255) NOT NULL,
  description mediumtext,
  PRIMARY KEY (film_id)
) ENGINE = MyISAM DEFAULT CHARACTER SET latin1;

CREATE TABLE `odd ``name`` of a table` (
  `select` int NOT NULL,
  `a "column", with (signs)` varchar(10) DEFAULT 'a;b',
  `größe` double DEFAULT 1.5,
  PRIMARY KEY (`select`),
  KEY `an index, too` (`a "column", with (signs)`, `größe`)
);

CREATE FUNCTION balance_of(p_customer int unsigned) RETURNS decimal(7,2)
  READS SQL DATA
BEGIN
  DECLARE owed decimal(7,2) DEFAULT 0;
  SELECT coalesce(sum(film.rental_rate), 0) INTO owed
    FROM rental JOIN inventory USING (inventory_id) JOIN film USING (film_id)
   WHERE rental.customer_id = p_customer;
  RETURN owed - (SELECT coalesce(sum(amount), 0) FROM payment WHERE payment.customer_id = p_customer);
END;

CREATE FUNCTION initials(first varchar(45), last varchar(45)) RETURNS varchar(4) CHARSET ascii
  DETERMINISTIC NO SQL SQL SECURITY INVOKER
  COMMENT 'J. D.'
  RETURN concat(left(first, 1), '.', left(last, 1), '.');

CREATE PROCEDURE film_in_stock(IN p_film int unsigned, IN p_shop smallint unsigned, OUT p_count int)
  READS SQL DATA
BEGIN
  SELECT count(*) INTO p_count FROM inventory WHERE film_id = p_film AND shop_id = p_shop;
END;

-- A view on a view whose name comes before it.
CREATE VIEW z_film_languages AS
  SELECT film.film_id, film.title, language.name AS language FROM film JOIN language ON language.language_id = film.language_id;

CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW a_film_list AS
  SELECT l.film_id, l.title, l.language, f.rating FROM z_film_languages l JOIN film f ON f.film_id = l.film_id
   WHERE f.available = 1;

CREATE VIEW customer_list AS
  SELECT c.customer_id, initials(c.first_name, c.last_name) AS initials, a.line1, city.name AS city, balance_of(c.customer_id) AS owes
    FROM customer c JOIN address a ON a.address_id = c.address_id JOIN city ON city.city_id = a.city_id;

CREATE VIEW active_customer AS
  SELECT customer_id, shop_id, first_name, last_name, address_id, active FROM customer WHERE active = 1
  WITH LOCAL CHECK OPTION;

CREATE ALGORITHM = TEMPTABLE VIEW sales_by_category AS
  SELECT category.name AS category, sum(payment.amount) AS total
    FROM payment
    JOIN rental ON rental.rental_id = payment.rental_id
    JOIN inventory ON inventory.inventory_id = rental.inventory_id
    JOIN film_category ON film_category.film_id = inventory.film_id
    JOIN category ON category.category_id = film_category.category_id
   WHERE category.category_id IN (SELECT fc.category_id FROM film_category fc)
   GROUP BY category.name HAVING sum(payment.amount) > 10;

CREATE TRIGGER film_added AFTER INSERT ON film FOR EACH ROW
BEGIN
  INSERT INTO film_text (film_id, title, description) VALUES (new.film_id, new.title, new.description);
END;

CREATE TRIGGER film_changed AFTER UPDATE ON film FOR EACH ROW
  UPDATE film_text SET title = new.title, description = new.description WHERE film_id = old.film_id;

CREATE TRIGGER customer_named BEFORE INSERT ON customer FOR EACH ROW SET new.first_name = trim(new.first_name);

CREATE TRIGGER customer_checked BEFORE INSERT ON customer FOR EACH ROW FOLLOWS customer_named
BEGIN
  IF new.email NOT LIKE '%@%' THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no mail address; "@" is missing';
  END IF;
END;

CREATE TRIGGER customer_first BEFORE INSERT ON customer FOR EACH ROW PRECEDES customer_named
  SET new.created_at = coalesce(new.created_at, now(6));

CREATE EVENT forget_visits ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00'
  ON COMPLETION PRESERVE DISABLE
  COMMENT 'nightly'
  DO DELETE FROM visit WHERE happened_at < now() - INTERVAL 1 YEAR;

CREATE EVENT count_once ON SCHEDULE AT '2035-06-01 00:00:00' DO
BEGIN
  UPDATE visit SET visitors = 0;
  DELETE FROM film_text WHERE film_id = 0;
END;
