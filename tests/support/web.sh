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
if [ ! -d node_modules ]; then npm ci --no-audit --no-fund || skip "the page's packages cannot be had"; fi
case "$1" in
  checks)
    npx tsc -b
    npx eslint . --max-warnings 0
    npx vitest run
    ;;
  browser)
    command -v chromium >/dev/null || [ -n "${STERNA_CHROMIUM:-}" ] || skip "there is no Chromium"
    export STERNA_COMMAND=$2 STERNA_PICTURES=$3
    exec node --test --test-concurrency=1 tests/browser/*.test.mjs
    ;;
  *) echo "web.sh: checks or browser" && exit 2 ;;
esac
