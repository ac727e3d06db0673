-- Films, their copies in several stores, and who has rented them.

CREATE TABLE "language" ("language_id" INTEGER NOT NULL PRIMARY KEY, "name" CHAR(20) NOT NULL, "last_update" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE `category` (`category_id` INTEGER PRIMARY KEY, `name` VARCHAR(25) NOT NULL UNIQUE, `parent_id` SMALLINT, FOREIGN KEY (`parent_id`) REFERENCES `category` (`category_id`) ON DELETE NO ACTION);
CREATE TABLE [country] ([country_id] INTEGER PRIMARY KEY, [country] VARCHAR(50) NOT NULL COLLATE RTRIM);

CREATE TABLE city (
  city_id     integer,
  city        varchar(50) NOT NULL,
  country_id  smallint NOT NULL,
  last_update timestamp DEFAULT (datetime('now', 'localtime')),
  CONSTRAINT pk_city PRIMARY KEY (city_id),
  CONSTRAINT fk_city_country FOREIGN KEY (country_id) REFERENCES country ON DELETE NO ACTION ON UPDATE CASCADE
);
CREATE INDEX idx_fk_country_id ON city (country_id);

CREATE TABLE address (
  address_id  integer PRIMARY KEY,
  address     varchar(50) NOT NULL,
  address2    varchar(50) DEFAULT '',
  district    varchar(20) NOT NULL,
  city_id     integer NOT NULL CONSTRAINT fk_address_city REFERENCES city (city_id) ON UPDATE CASCADE,
  postal_code varchar(10) CONSTRAINT short_code CHECK (length(postal_code) <= 10),
  phone       varchar(20) NOT NULL DEFAULT ('-'),
  location    blob
);

CREATE TABLE actor (
  actor_id   integer PRIMARY KEY AUTOINCREMENT,
  first_name varchar(45) NOT NULL CHECK (first_name <> ''),
  last_name  varchar(45) NOT NULL CHECK (last_name <> ''),
  full_name  text GENERATED ALWAYS AS (first_name || ' ' || last_name)
);
CREATE INDEX idx_actor_last_name ON actor (last_name COLLATE NOCASE, first_name);
CREATE INDEX idx_actor_full ON actor (full_name);

CREATE TABLE film (
  film_id              integer PRIMARY KEY,
  title                varchar(255) NOT NULL,
  description          text DEFAULT NULL,
  release_year         varchar(4),
  language_id          smallint NOT NULL,
  original_language_id smallint DEFAULT NULL,
  rental_duration      smallint NOT NULL DEFAULT 3,
  rental_rate          decimal(4,2) NOT NULL DEFAULT 4.99,
  length               smallint DEFAULT NULL,
  replacement_cost     decimal(5,2) NOT NULL DEFAULT 19.99,
  rating               varchar(10) DEFAULT 'G',
  special_features     varchar(100),
  CONSTRAINT check_features CHECK (special_features IS NULL OR special_features LIKE '%Trailers%' OR special_features LIKE '%Commentaries%'),
  CONSTRAINT check_rating CHECK (rating IN ('G', 'PG', 'PG-13', 'R', 'NC-17')),
  CONSTRAINT fk_film_language FOREIGN KEY (language_id) REFERENCES language (language_id),
  CONSTRAINT fk_film_original FOREIGN KEY (original_language_id) REFERENCES language (language_id) DEFERRABLE
);
CREATE INDEX idx_film_recent ON film (release_year DESC, title) WHERE release_year > '2000';
CREATE INDEX idx_film_words ON film (substr(title, 1, instr(title || ' ', ' ') - 1), length DESC);

CREATE TABLE film_actor (
  actor_id integer NOT NULL REFERENCES actor ON DELETE CASCADE,
  film_id  integer NOT NULL REFERENCES film ON DELETE CASCADE,
  PRIMARY KEY (actor_id, film_id)
) WITHOUT ROWID;
CREATE TABLE film_category (
  film_id     integer NOT NULL,
  category_id smallint NOT NULL,
  PRIMARY KEY (film_id, category_id),
  FOREIGN KEY (film_id) REFERENCES film (film_id) ON DELETE CASCADE,
  FOREIGN KEY (category_id) REFERENCES category (category_id) ON DELETE SET DEFAULT
);
CREATE TABLE film_text (film_id integer PRIMARY KEY, title any, words blob, score real DEFAULT 0.5) STRICT;

CREATE TABLE store (
  store_id         integer PRIMARY KEY,
  manager_staff_id smallint NOT NULL REFERENCES staff (staff_id) DEFERRABLE INITIALLY DEFERRED,
  address_id       integer NOT NULL REFERENCES address
);
CREATE UNIQUE INDEX store_manager ON store (manager_staff_id);
CREATE TABLE staff (
  staff_id   integer PRIMARY KEY,
  name       varchar(45) NOT NULL,
  address_id integer NOT NULL REFERENCES address,
  picture    blob DEFAULT NULL,
  email      varchar(50) CONSTRAINT email_key UNIQUE CONSTRAINT email_form CHECK (email LIKE '%_@_%'),
  store_id   integer NOT NULL REFERENCES store DEFERRABLE INITIALLY DEFERRED,
  active     boolean NOT NULL DEFAULT true,
  username   varchar(16) NOT NULL,
  password   varchar(40),
  UNIQUE (username COLLATE NOCASE)
);
CREATE TABLE customer (
  customer_id integer PRIMARY KEY,
  store_id    integer NOT NULL REFERENCES store,
  first_name  varchar(45) NOT NULL,
  last_name   varchar(45) NOT NULL,
  email       varchar(50) CONSTRAINT email_key UNIQUE,
  address_id  integer NOT NULL REFERENCES address ON UPDATE CASCADE,
  active      char(1) NOT NULL DEFAULT 'Y',
  create_date datetime NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE inventory (
  inventory_id integer PRIMARY KEY,
  film_id      integer NOT NULL REFERENCES film,
  store_id     integer NOT NULL REFERENCES store,
  shelf        "shelf code" DEFAULT 'A-1'
);
CREATE INDEX idx_inventory ON inventory (store_id, film_id);
CREATE TABLE rental (
  rental_id    integer PRIMARY KEY,
  rental_date  datetime NOT NULL,
  inventory_id integer NOT NULL REFERENCES inventory,
  customer_id  integer NOT NULL REFERENCES customer,
  return_date  datetime,
  staff_id     smallint NOT NULL REFERENCES staff,
  UNIQUE (rental_date, inventory_id, customer_id),
  CHECK (return_date IS NULL OR return_date >= rental_date)
);
CREATE TABLE payment (
  payment_id   integer PRIMARY KEY,
  customer_id  integer NOT NULL REFERENCES customer,
  staff_id     smallint NOT NULL REFERENCES staff,
  rental_id    integer DEFAULT NULL REFERENCES rental ON DELETE SET NULL,
  amount       decimal(5,2) NOT NULL,
  payment_date datetime NOT NULL,
  payment_day  date AS (date(payment_date)) STORED
);
CREATE INDEX idx_payment_day ON payment (payment_day, staff_id DESC);

CREATE VIEW customer_list (id, name, address, city, country) AS
SELECT cu.customer_id, cu.first_name || ' ' || cu.last_name, a.address, city.city, country.country
FROM customer AS cu JOIN address AS a ON cu.address_id = a.address_id JOIN city ON a.city_id = city.city_id JOIN country ON city.country_id = country.country_id;

CREATE VIEW film_list AS
SELECT film.film_id AS fid, film.title, category.name AS category, group_concat(actor.full_name, ', ') AS actors
FROM category LEFT JOIN film_category USING (category_id) LEFT JOIN film USING (film_id)
  JOIN film_actor ON film.film_id = film_actor.film_id JOIN actor ON film_actor.actor_id = actor.actor_id
GROUP BY film.film_id, category.name;

CREATE VIEW overdue AS SELECT * FROM rental, customer_list WHERE rental.customer_id = customer_list.id AND return_date IS NULL;

CREATE TRIGGER customer_dated AFTER INSERT ON customer
BEGIN
  UPDATE customer SET create_date = datetime('now') WHERE rowid = new.rowid;
END;
CREATE TRIGGER film_words AFTER UPDATE OF title ON film
BEGIN
  INSERT OR REPLACE INTO film_text (film_id, title) VALUES (new.film_id, new.title);
END;
CREATE TRIGGER film_no_delete BEFORE DELETE ON film WHEN EXISTS (SELECT 1 FROM inventory WHERE film_id = old.film_id)
BEGIN
  SELECT RAISE(ABORT, 'there are copies; remove them first');
END;
CREATE TRIGGER customer_list_rename INSTEAD OF UPDATE OF name ON customer_list
BEGIN
  UPDATE customer SET last_name = CASE WHEN new.name IS NULL THEN last_name ELSE new.name END WHERE customer_id = old.id;
END;
CREATE VIRTUAL TABLE store_area USING rtree(store_id, west, east, south, north);
