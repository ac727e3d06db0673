#!/usr/bin/env bash
# The tests that ask PostgreSQL what it has and make what it should have, on another version of it.
#   on_postgres.sh VERSION BUILD    ends with 77 (skipped) when that version cannot be fetched; fails instead under STERNA_REQUIRE_ALL=1
set -euo pipefail
. "$(dirname "$0")/on_version.sh"
on_version postgres PostgreSQL "${1:?version}" "${2:?build folder}"
run database 'Postgres*:*/postgres*-PostgresTls*:Servers/*:*Golden*'
run diff '*postgres*:*Postgres*'
run migration 'Engines/*/postgres:ConcurrentIndex.*-*Killed*'
run cli 'SearchPaths.*:*Confined*/postgres:*Squash*/postgres'
run program 'ExpandingColumns.*:CarryingOver.*'
summary
