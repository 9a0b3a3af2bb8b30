-- Copyright 2024 Somebody
-- License: MIT

-- The tables of the shop.

CREATE SCHEMA IF NOT EXISTS shop;
CREATE EXTENSION IF NOT EXISTS hstore;
\i functions.sql

-- Who may buy.
CREATE TABLE shop.users (
    id serial PRIMARY KEY,  -- never shown
    "full name" varchar(20) NOT NULL DEFAULT 'a,b);',
    -- in euros
    balance numeric(10, 2) CHECK (balance > 0),
    CONSTRAINT named UNIQUE (id, balance),
    FOREIGN KEY (id) REFERENCES other (id)
);
CREATE UNIQUE INDEX CONCURRENTLY users_name ON shop.users USING btree ("full name");
CREATE INDEX ON shop.users (id);

CREATE OR REPLACE FUNCTION shop.total(who integer, since date DEFAULT now()) RETURNS TABLE (n int, s numeric(10, 2)) AS $body$
BEGIN
  CREATE TEMP TABLE not_me (a int);
  RETURN 1; -- '
END;
$body$ LANGUAGE plpgsql;

CREATE MATERIALIZED VIEW top AS SELECT 'CREATE TABLE no (a int)' FROM shop.users;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN postcode AS text CHECK (VALUE ~ '^\d{5}$');
CREATE SEQUENCE numbers START 1;
CREATE TRIGGER checked BEFORE UPDATE ON shop.users FOR EACH ROW EXECUTE FUNCTION f();
CREATE AGGREGATE longest(text) (SFUNC = f, STYPE = text);
ALTER FUNCTION f(int) OWNER TO me;
/* CREATE TABLE in_comment (a int); */
