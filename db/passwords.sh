#!/usr/bin/env bash
# Gives the roles their passwords and the database its owner, once, when a container's database is made: see docker-compose.yml.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" \
    -v owner="$OWNER_PASSWORD" -v service="$SERVICE_PASSWORD" -v reader="$READER_PASSWORD" -v database="$POSTGRES_DB" <<'SQL'
alter role longhaul_owner password :'owner';
alter role longhaul_service password :'service';
alter role longhaul_reader password :'reader';
alter database :"database" owner to longhaul_owner;
SQL
