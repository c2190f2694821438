-- The two roles, the extensions and the database of one deployment. Run by psql as superuser, with
-- :owner_password and :app_password set; may be run again. The private cluster and the container
-- of docker-compose.yml are made by this one file.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I', role)
FROM unnest(ARRAY['wangge_owner', 'wangge_app']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec
ALTER ROLE wangge_owner WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
    PASSWORD :'owner_password';
ALTER ROLE wangge_app WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
    PASSWORD :'app_password';

-- C.UTF-8: under plain C pg_trgm is blind to Chinese, and other locales may not be generated.
SELECT 'CREATE DATABASE wangge_template TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'wangge_template')
\gexec
\connect wangge_template
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;

\connect postgres
SELECT 'CREATE DATABASE wangge OWNER wangge_owner TEMPLATE wangge_template STRATEGY FILE_COPY'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'wangge')
\gexec
