-- A shop that sells recordings: catalogue, customers, invoices, play lists, staff and a search index.

CREATE TABLE artists (
  artist_id INTEGER PRIMARY KEY AUTOINCREMENT,
  name      VARCHAR(120) NOT NULL COLLATE NOCASE,
  country   CHAR(2),
  founded   SMALLINT CHECK (founded BETWEEN 1000 AND 2999),
  CONSTRAINT artists_name_key UNIQUE (name)
);

CREATE TABLE genres (
  genre_id INTEGER NOT NULL PRIMARY KEY,
  name     TEXT UNIQUE ON CONFLICT IGNORE
) STRICT;

CREATE TABLE media_types (
  code        TEXT PRIMARY KEY,
  description TEXT NOT NULL DEFAULT 'it''s unknown'
) WITHOUT ROWID;

CREATE TABLE albums (
  album_id  INTEGER PRIMARY KEY,
  title     VARCHAR(160) NOT NULL,
  artist_id INTEGER NOT NULL REFERENCES artists ON DELETE CASCADE ON UPDATE CASCADE,
  released  DATE,
  price     DECIMAL(10, 2) NOT NULL DEFAULT 9.99,
  UNIQUE (artist_id, title)
);

CREATE TABLE tracks (
  track_id     INTEGER PRIMARY KEY,
  album_id     INTEGER,
  media_type   TEXT NOT NULL DEFAULT 'mp3',
  genre_id     INTEGER,
  name         VARCHAR(200) NOT NULL,
  composer     VARCHAR(220),
  milliseconds INTEGER NOT NULL,
  bytes        INT,
  unit_price   NUMERIC NOT NULL DEFAULT (0.99),
  minutes      REAL GENERATED ALWAYS AS (milliseconds / 60000.0) VIRTUAL,
  label        TEXT AS (name || ' (' || coalesce(composer, 'unknown') || ')') STORED,
  CONSTRAINT tracks_album FOREIGN KEY (album_id) REFERENCES albums (album_id) ON DELETE SET NULL,
  CONSTRAINT tracks_media FOREIGN KEY (media_type) REFERENCES media_types (code)
    DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (genre_id) REFERENCES genres,
  CONSTRAINT tracks_positive CHECK (milliseconds > 0 AND (bytes IS NULL OR bytes > 0))
);
CREATE INDEX tracks_album_index ON tracks (album_id, name COLLATE NOCASE DESC);
CREATE INDEX tracks_by_composer ON tracks (lower(composer)) WHERE composer IS NOT NULL;
CREATE INDEX tracks_long ON tracks (milliseconds DESC) WHERE milliseconds > 600000;

CREATE TABLE employees (
  employee_id INTEGER PRIMARY KEY,
  last_name   VARCHAR(20) NOT NULL,
  first_name  VARCHAR(20) NOT NULL,
  title       VARCHAR(30) DEFAULT NULL,
  reports_to  INTEGER REFERENCES employees (employee_id) ON DELETE SET NULL,
  birth_date  DATETIME,
  hired_at    DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  email       VARCHAR(60) CONSTRAINT employees_email UNIQUE
);

CREATE TABLE customers (
  customer_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  first_name  VARCHAR(40) NOT NULL,
  last_name   VARCHAR(20) NOT NULL,
  company     VARCHAR(80),
  email       VARCHAR(60) NOT NULL COLLATE NOCASE,
  support_rep INTEGER REFERENCES employees,
  active      BOOLEAN NOT NULL DEFAULT TRUE,
  note        TEXT DEFAULT 'a "quoted" word; and a semicolon'
);
CREATE UNIQUE INDEX customers_email ON customers (email);
CREATE UNIQUE INDEX customers_one_name ON customers (last_name, first_name) WHERE company IS NULL;

CREATE TABLE addresses (
  customer_id INTEGER NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('billing', 'shipping')),
  street      VARCHAR(70) NOT NULL,
  city        VARCHAR(40),
  postal_code VARCHAR(10),
  country     VARCHAR(40) NOT NULL DEFAULT 'Utopia',
  CONSTRAINT addresses_key PRIMARY KEY (customer_id, kind) ON CONFLICT REPLACE,
  FOREIGN KEY (customer_id) REFERENCES customers ON DELETE CASCADE
);

CREATE TABLE invoices (
  invoice_id  INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL,
  invoiced_on DATE NOT NULL DEFAULT CURRENT_DATE,
  paid_at     DATETIME,
  total       NUMERIC NOT NULL DEFAULT 0,
  CONSTRAINT invoices_customer FOREIGN KEY (customer_id) REFERENCES customers (customer_id)
    ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX invoices_customer_index ON invoices (customer_id);

CREATE TABLE invoice_lines (
  invoice_id INTEGER NOT NULL REFERENCES invoices ON DELETE CASCADE,
  line       INTEGER NOT NULL,
  track_id   INTEGER NOT NULL REFERENCES tracks,
  unit_price NUMERIC NOT NULL,
  quantity   INTEGER NOT NULL DEFAULT 1 CHECK (quantity > 0),
  amount     NUMERIC GENERATED ALWAYS AS (unit_price * quantity) STORED,
  PRIMARY KEY (invoice_id, line DESC)
) WITHOUT ROWID;

CREATE TABLE playlists (
  playlist_id INTEGER PRIMARY KEY DESC,
  name        VARCHAR(120) NOT NULL ON CONFLICT ROLLBACK,
  owner       INTEGER REFERENCES customers ON DELETE CASCADE
);

CREATE TABLE playlist_tracks (
  playlist_id INTEGER NOT NULL,
  position    INTEGER NOT NULL DEFAULT -1,
  track_id    INTEGER NOT NULL,
  PRIMARY KEY (playlist_id, position),
  UNIQUE (playlist_id, track_id) ON CONFLICT IGNORE,
  FOREIGN KEY (playlist_id) REFERENCES playlists ON DELETE CASCADE,
  FOREIGN KEY (track_id) REFERENCES tracks ON DELETE CASCADE
);

CREATE TABLE reviews (
  review_id   INTEGER PRIMARY KEY,
  album_id    INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,
  customer_id INTEGER REFERENCES customers ON DELETE SET NULL,
  stars       TINYINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
  body        TEXT,
  extra       BLOB DEFAULT x'00ff',
  written_at  DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- Two that name each other.
CREATE TABLE bands (
  band_id   INTEGER PRIMARY KEY,
  artist_id INTEGER REFERENCES artists,
  leader_id INTEGER REFERENCES members (member_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE members (
  member_id INTEGER PRIMARY KEY,
  band_id   INTEGER NOT NULL REFERENCES bands ON DELETE CASCADE,
  name      "odd type" NOT NULL,
  part      TEXT,
  anything
);

CREATE TABLE settings (
  "key"   ANY PRIMARY KEY,
  "value" ANY,
  changes INT NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  audit_id  INTEGER PRIMARY KEY AUTOINCREMENT,
  what      UNSIGNED BIG INT,
  "group"   TEXT,
  [select]  TEXT,
  at_second INTEGER DEFAULT (CAST(strftime('%s', 'now') AS INTEGER))
);

CREATE VIRTUAL TABLE track_search USING fts5(name, composer, content='tracks', content_rowid='track_id');

CREATE VIEW album_lengths AS
SELECT a.album_id, a.title, count(*) AS tracks, sum(t.milliseconds) AS milliseconds
FROM albums a
JOIN tracks t ON t.album_id = a.album_id
GROUP BY a.album_id, a.title;

CREATE VIEW long_albums (title, hours) AS
SELECT title, milliseconds / 3600000.0 -- in hours
FROM album_lengths WHERE milliseconds > 3600000;

CREATE VIEW customer_totals AS
WITH paid AS (SELECT customer_id, sum(total) AS total FROM invoices WHERE paid_at IS NOT NULL GROUP BY customer_id)
SELECT c.customer_id, c.last_name, coalesce(p.total, 0) AS total
FROM customers c LEFT JOIN paid p USING (customer_id);

CREATE TRIGGER tracks_searchable AFTER INSERT ON tracks
BEGIN
  INSERT INTO track_search (rowid, name, composer) VALUES (new.track_id, new.name, new.composer);
END;

CREATE TRIGGER tracks_renamed AFTER UPDATE OF name, composer ON tracks
FOR EACH ROW WHEN old.name <> new.name
BEGIN
  INSERT INTO track_search (track_search, rowid, name, composer)
  VALUES ('delete', old.track_id, old.name, old.composer);
  INSERT INTO audit (what, "group") VALUES (new.track_id, 'tracks');
END;

CREATE TRIGGER invoice_total AFTER INSERT ON invoice_lines
BEGIN
  UPDATE invoices SET total = total + new.unit_price * new.quantity WHERE invoice_id = new.invoice_id;
END;

CREATE TRIGGER album_lengths_insert INSTEAD OF INSERT ON album_lengths
BEGIN
  INSERT INTO albums (album_id, title, artist_id) VALUES (new.album_id, new.title, 1);
END;
