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
    # Where the tests' PostgreSQL runs, the same way is gone on it, in a database of its own.
    servers=$(dirname "$3")/test-servers
    if [ -z "${STERNA_TEST_POSTGRES_URL:-}" ] && [ -f "$servers/urls" ] && eval "$(../tests/support/servers.sh env "$servers")" && [ -n "${POSTGRES_URL:-}" ]; then
      database=designer_$$
      "$2" query "CREATE DATABASE $database" --url "$POSTGRES_URL" >/dev/null 2>&1 && export STERNA_TEST_POSTGRES_URL="${POSTGRES_URL%/*}/$database"
      trap '"$2" query "DROP DATABASE $database" --url "$POSTGRES_URL" >/dev/null 2>&1 || true' EXIT
    fi
    command -v chromium >/dev/null || [ -n "${STERNA_CHROMIUM:-}" ] || skip "there is no Chromium"
    export STERNA_COMMAND=$2 STERNA_PICTURES=$3
    node --test --test-concurrency=1 tests/browser/*.test.mjs
    ;;
  *) echo "web.sh: checks or browser" && exit 2 ;;
esac
