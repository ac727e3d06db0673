#!/usr/bin/env bash
# The tests that ask MySQL what it has and make what it should have, on MySQL itself; all others of this kind run on MariaDB.
#   on_mysql.sh VERSION BUILD    ends with 77 (skipped) when that version cannot be fetched; fails instead under STERNA_REQUIRE_ALL=1
set -euo pipefail
. "$(dirname "$0")/on_version.sh"
on_version mysql MySQL "${1:?version}" "${2:?build folder}"
run database 'Mysql*:*/mysql*:*_mysql-MysqlTls*'
run diff '*mysql*:*Mysql*'
run migration 'Engines/*/mysql:*Mysql*'
run lint '*Mysql*'
run bulk '*/mysql:OnlineChange.*'
run cli '*Schema*/mysql:*Squash*/mysql:*Confined*/mysql:MysqlDoctor*'
run ops '*mysql*:*Mysql*'
summary
