-- What rental.sql has besides on version 15 and later.
CREATE FUNCTION films_of(who actor) RETURNS SETOF film LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT f.* FROM film f JOIN film_actor fa USING (film_id) WHERE fa.actor_id = (who).actor_id;
  END;
ALTER TABLE actor ADD CONSTRAINT one_of_a_name UNIQUE NULLS NOT DISTINCT (last_name, first_name);
ALTER TABLE film ALTER COLUMN details SET COMPRESSION pglz;
CREATE STATISTICS film_words_used ON lower(title), (rental_days * 2) FROM film;
CREATE TABLE customer_of_staff (staff_id integer, customer_id integer, PRIMARY KEY (staff_id, customer_id));
ALTER TABLE rental_2024 ADD CONSTRAINT cleared FOREIGN KEY (staff_id, customer_id)
  REFERENCES customer_of_staff ON DELETE SET NULL (staff_id);
