#!/bin/sh
# Run once by the postgres image on an empty volume: the login of the processes, which may do what yima_app may and owns nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$YIMA_DB_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
create role yima_app nologin;
create role yima login password :'password';
grant yima_app to yima;
SQL
