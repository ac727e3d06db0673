-- A music shop: plain tables in mixed case, as tools that come from elsewhere make them.
CREATE TABLE "Artist" ("ArtistId" integer NOT NULL, "Name" varchar(120), CONSTRAINT "PK_Artist" PRIMARY KEY ("ArtistId"));
CREATE TABLE "Album" (
  "AlbumId" integer NOT NULL, "Title" varchar(160) NOT NULL, "ArtistId" integer NOT NULL,
  CONSTRAINT "PK_Album" PRIMARY KEY ("AlbumId"),
  CONSTRAINT "FK_AlbumArtistId" FOREIGN KEY ("ArtistId") REFERENCES "Artist" ("ArtistId"));
CREATE INDEX "IFK_AlbumArtistId" ON "Album" ("ArtistId");
CREATE TABLE "Genre" ("GenreId" integer PRIMARY KEY, "Name" varchar(120));
CREATE TABLE "MediaType" ("MediaTypeId" integer PRIMARY KEY, "Name" varchar(120));
CREATE TABLE "Track" (
  "TrackId" integer NOT NULL PRIMARY KEY, "Name" varchar(200) NOT NULL,
  "AlbumId" integer REFERENCES "Album", "MediaTypeId" integer NOT NULL REFERENCES "MediaType",
  "GenreId" integer REFERENCES "Genre", "Composer" varchar(220), "Milliseconds" integer NOT NULL,
  "Bytes" integer, "UnitPrice" numeric(10,2) NOT NULL DEFAULT 0.99,
  "Seconds" integer GENERATED ALWAYS AS ("Milliseconds" / 1000) STORED);
CREATE INDEX "Track by, (odd) name" ON "Track" ("Name" varchar_pattern_ops, ("Milliseconds" / 60000));
CREATE TABLE "Playlist" ("PlaylistId" integer PRIMARY KEY, "Name" varchar(120));
CREATE TABLE "PlaylistTrack" (
  "PlaylistId" integer NOT NULL REFERENCES "Playlist" ON DELETE CASCADE,
  "TrackId" integer NOT NULL REFERENCES "Track", PRIMARY KEY ("PlaylistId", "TrackId"));
CREATE TABLE "Employee" (
  "EmployeeId" integer PRIMARY KEY, "LastName" varchar(20) NOT NULL, "FirstName" varchar(20) NOT NULL,
  "ReportsTo" integer REFERENCES "Employee", "BirthDate" timestamp, "HireDate" timestamp DEFAULT now());
CREATE TABLE "Customer" (
  "CustomerId" serial PRIMARY KEY, "FirstName" varchar(40) NOT NULL, "Email" varchar(60) NOT NULL,
  "SupportRepId" integer REFERENCES "Employee", CONSTRAINT "email ""form""" CHECK ("Email" LIKE '%@%'));
CREATE TABLE "Invoice" (
  "InvoiceId" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "CustomerId" integer NOT NULL REFERENCES "Customer",
  "InvoiceDate" timestamp NOT NULL, "Total" numeric(10,2) NOT NULL);
CREATE TABLE "InvoiceLine" (
  "InvoiceLineId" integer PRIMARY KEY, "InvoiceId" integer NOT NULL REFERENCES "Invoice" ON DELETE CASCADE,
  "TrackId" integer NOT NULL REFERENCES "Track", "UnitPrice" numeric(10,2) NOT NULL, "Quantity" integer NOT NULL DEFAULT 1);
CREATE TYPE "Department Kind" AS ENUM ('Sales', 'Stock');
CREATE TABLE "Department" ("Id" smallserial PRIMARY KEY, "Kind" "Department Kind" NOT NULL DEFAULT 'Sales', "Kinds" "Department Kind"[]);
CREATE TABLE "Salary" (
  "EmployeeId" integer NOT NULL REFERENCES "Employee" ON DELETE CASCADE, "From" date NOT NULL, "Until" date NOT NULL,
  "Amount" money NOT NULL, PRIMARY KEY ("EmployeeId", "From"), CHECK ("From" < "Until"));
CREATE TABLE "Works in" (
  "EmployeeId" integer REFERENCES "Employee", "DepartmentId" smallint REFERENCES "Department", "order" integer DEFAULT -1,
  UNIQUE ("EmployeeId", "DepartmentId"));
CREATE TABLE "Title" ("EmployeeId" integer NOT NULL, "Title" varchar(50) NOT NULL, "During" daterange NOT NULL DEFAULT '[2024-01-01,)');
CREATE VIEW "Best sold" AS SELECT "TrackId", sum("Quantity") AS "Sold" FROM "InvoiceLine" GROUP BY "TrackId" ORDER BY 2 DESC;
CREATE VIEW "Staff" AS
  WITH RECURSIVE below AS (
    SELECT "EmployeeId", 0 AS depth FROM "Employee" WHERE "ReportsTo" IS NULL
    UNION ALL SELECT e."EmployeeId", depth + 1 FROM "Employee" e JOIN below b ON b."EmployeeId" = e."ReportsTo")
  SELECT * FROM below;
CREATE FUNCTION "Total of"("Invoice") RETURNS numeric LANGUAGE sql STABLE
  AS $$ SELECT sum("UnitPrice" * "Quantity") FROM "InvoiceLine" l WHERE l."InvoiceId" = $1."InvoiceId" $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new."HireDate" := now(); RETURN new; END $$;
CREATE TRIGGER "Touch it" BEFORE UPDATE ON "Employee" FOR EACH ROW EXECUTE FUNCTION touch();
