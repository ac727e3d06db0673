#!/usr/bin/env bash
# web.sh checks                     types, lint and unit tests of the designer's page
# web.sh browser COMMAND PICTURES   the page in Chromium, served by COMMAND
# Ends with 77 (skipped) where the page's packages cannot be had, and fails then with STERNA_REQUIRE_ALL=1.
set -euo pipefail
cd "$(dirname "$0")/../../web"
skip() {
  echo "$1"
  [ "${STERNA_REQUIRE_ALL:-}" = 1 ] && exit 1
  exit 77
}
node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' || skip "Node.js 20.19 is needed"
if [ ! -d node_modules ]; then npm ci --no-audit --no-fund || skip "the page's packages cannot be had"; fi
case "$1" in
  checks)
    npx tsc -b
    npx eslint . --max-warnings 0
    npx vitest run
    ;;
  browser)
    export STERNA_COMMAND=$2 STERNA_PICTURES=$3
    build=$(dirname "$3")
    made=()
    drop_made() {
      for one in "${made[@]}"; do "$STERNA_COMMAND" query "${one#* }" --url "${one%% *}" >/dev/null 2>&1 || true; done
    }
    trap drop_made EXIT
    # without SERVER WHY: the ways on this server are left out, or all of it fails where everything is required
    without() {
      echo "$1 is left out: ${2:-its server did not start}"
      [ "${STERNA_REQUIRE_ALL:-}" != 1 ] || exit 1
    }
    # own VARIABLE SERVER URL WHY-MISSING KIND [WITH]: a database of its own on a server of the tests, unless VARIABLE names one
    own() {
      local name=designer_$$ url=$3 told
      if [ -n "${!1:-}" ]; then return; fi
      if [ -z "$url" ]; then without "$2" "$4"; return; fi
      if ! told=$("$STERNA_COMMAND" query "CREATE $5 $name ${6:-}" --url "$url" 2>&1); then without "$2" "$told"; return; fi
      made+=("$url DROP $5 $name")
      case "$url" in
        *\?*) local before=${url%%\?*} && export "$1=${before%/*}/$name?${url#*\?}" ;;
        *) export "$1=${url%/*}/$name" ;;
      esac
    }
    if [ -z "${STERNA_TEST_POSTGRES_URL:-}" ] || [ -z "${STERNA_TEST_MYSQL_URL:-}" ]; then
      ../tests/support/servers.sh start "$build/test-servers"
      eval "$(../tests/support/servers.sh env "$build/test-servers")"
    fi
    own STERNA_TEST_POSTGRES_URL PostgreSQL "${POSTGRES_URL:-}" "${POSTGRES_MISSING:-}" DATABASE
    own STERNA_TEST_MYSQL_URL MariaDB "${MYSQL_URL:-}" "${MYSQL_MISSING:-}" DATABASE
    if [ -z "${STERNA_TEST_CQL_URL:-}" ]; then
      # The version that the other tests use first, so that both share one server.
      version=$(sed -nE 's/.*cassandra_versions\(\) \{ return \{"([^"]+)".*/\1/p' ../tests/support/databases.cpp)
      cassandra=$build/test-cassandra/$version
      mkdir -p "$cassandra"
      if why=$(../tests/support/cassandra.sh start "$cassandra" "$version" 2>&1); then eval "$(sed 's/=\(.*\)/="\1"/' "$cassandra/urls")"; fi
      own STERNA_TEST_CQL_URL Cassandra "${CQL_URL:-}" "${why:-}" KEYSPACE "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
    fi
    command -v chromium >/dev/null || [ -n "${STERNA_CHROMIUM:-}" ] || skip "there is no Chromium"
    node --test --test-concurrency=1 tests/browser/*.test.mjs
    ;;
  *) echo "web.sh: checks or browser" && exit 2 ;;
esac
