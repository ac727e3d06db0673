# Tests on another version of a server; read by on_postgres.sh and on_mysql.sh.
#   on_version NAME PRODUCT VERSION BUILD  starts it as servers.sh start-NAME does, and ends it with this script; the script ends with 77
#                                          (skipped) when that version cannot be fetched, and fails instead under STERNA_REQUIRE_ALL=1
#   run ROOM FILTER                        the tests of a room
#   summary                                fails when one of them did
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failed=()

on_version() {
  product="$2 $3" build=$4 servers=$4/test-servers-$1-$3
  local missing
  trap '"$here/servers.sh" stop "$servers"' EXIT
  "$here/servers.sh" "start-$1" "$servers" "$3"
  if missing=$(grep "^${1^^}_MISSING=" "$servers/urls"); then
    echo "${missing#*=}"
    [ "${STERNA_REQUIRE_ALL:-}" = 1 ] && exit 1
    exit 77
  fi
  export STERNA_TEST_SERVERS=$servers
}

run() {
  echo "== $1 tests on $product"
  "$build/tests/sterna_$1_tests" --gtest_brief=1 --gtest_filter="$2" || failed+=("$1")
}

summary() {
  [ "${#failed[@]}" -eq 0 ] || { echo "failed on $product: ${failed[*]}" >&2; exit 1; }
}
