#!/bin/sh
# Run once by the PostGIS image on an empty volume: the roles, the extensions and the database, by
# the same SQL as the private cluster's. Passwords travel on standard input, as no command line
# shows them.
set -eu

{
    printf "\\\\set owner_password '%s'\n" "$(cat /secrets/database/owner_password)"
    printf "\\\\set app_password '%s'\n" "$(cat /secrets/database/app_password)"
    cat /wangge/cluster_roles.sql
} | psql --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname postgres
