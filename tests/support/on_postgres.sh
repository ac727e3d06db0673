#!/usr/bin/env bash
# The tests that ask PostgreSQL what it has and make what it should have, on another version of it.
#   on_postgres.sh VERSION BUILD    ends with 77 (skipped) when that version cannot be fetched; fails instead under STERNA_REQUIRE_ALL=1
set -euo pipefail
version=${1:?version} build=${2:?build folder}
here=$(cd "$(dirname "$0")" && pwd)
servers=$build/test-servers-postgres-$version
trap '"$here/servers.sh" stop "$servers"' EXIT
"$here/servers.sh" start-postgres "$servers" "$version"
if missing=$(grep '^POSTGRES_MISSING=' "$servers/urls"); then
  echo "${missing#*=}"
  [ "${STERNA_REQUIRE_ALL:-}" = 1 ] && exit 1
  exit 77
fi
export STERNA_TEST_SERVERS=$servers

failed=()
run() {  # run ROOM FILTER
  echo "== $1 tests on PostgreSQL $version"
  "$build/tests/sterna_$1_tests" --gtest_brief=1 --gtest_filter="$2" || failed+=("$1")
}
run database 'Postgres*:*/postgres*-PostgresTls*:Servers/*:*Golden*'
run diff '*postgres*:*Postgres*'
run migration 'Engines/*/postgres:ConcurrentIndex.*-*Killed*'
[ "${#failed[@]}" -eq 0 ] || { echo "failed on PostgreSQL $version: ${failed[*]}" >&2; exit 1; }
