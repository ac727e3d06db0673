--
-- PostgreSQL database dump
--

\restrict 7fGh2k

-- Dumped from database version 15.14
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  return new;
end $$;

ALTER FUNCTION public.f() OWNER TO app;

CREATE FUNCTION public.g(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT (g.a + 1);
END;

SET default_tablespace = '';

CREATE TABLE public.users (
    id integer NOT NULL,
    name text
);

CREATE VIEW public.v AS
 SELECT users.id,
        CASE
            WHEN (users.name = ';'::text) THEN 1
            ELSE 2
        END AS x
   FROM public.users;

COPY public.users (id, name) FROM stdin;
1	a;b
2	c
\.

CREATE RULE r AS
    ON INSERT TO public.v DO INSTEAD ( INSERT INTO public.users (id)
  VALUES (new.id);
 INSERT INTO public.users (id)
  VALUES ((new.id + 1));
);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE TRIGGER t BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.f();

COMMENT ON TABLE public.users IS 'people; -- and birds';

--
-- PostgreSQL database dump complete
--

\unrestrict 7fGh2k
