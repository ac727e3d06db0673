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
    made=()
    drop_made() {
      for one in "${made[@]}"; do "$STERNA_COMMAND" query "${one#* }" --url "${one%% *}" >/dev/null 2>&1 || true; done
    }
    trap drop_made EXIT
    # own VARIABLE URL KIND WITH: a database of its own on a server of the tests, unless VARIABLE names one
    own() {
      local name=designer_$$ kind=$3
      [ -z "${!1:-}" ] && [ -n "$2" ] || return 0
      "$STERNA_COMMAND" query "CREATE $kind $name $4" --url "$2" >/dev/null || return 0
      made+=("$2 DROP $kind $name")
      case "$2" in
        *\?*) local before=${2%%\?*} && export "$1=${before%/*}/$name?${2#*\?}" ;;
        *) export "$1=${2%/*}/$name" ;;
      esac
    }
    build=$(dirname "$3")
    if [ -f "$build/test-servers/urls" ]; then
      eval "$(../tests/support/servers.sh env "$build/test-servers")"
      own STERNA_TEST_POSTGRES_URL "${POSTGRES_URL:-}" DATABASE ""
      own STERNA_TEST_MYSQL_URL "${MYSQL_URL:-}" DATABASE ""
    fi
    if [ -f "$build/test-cassandra/5.0.6/urls" ]; then
      eval "$(sed 's/=\(.*\)/="\1"/' "$build/test-cassandra/5.0.6/urls")"
      own STERNA_TEST_CQL_URL "${CQL_URL:-}" KEYSPACE "WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
    fi
    command -v chromium >/dev/null || [ -n "${STERNA_CHROMIUM:-}" ] || skip "there is no Chromium"
    node --test --test-concurrency=1 tests/browser/*.test.mjs
    ;;
  *) echo "web.sh: checks or browser" && exit 2 ;;
esac
