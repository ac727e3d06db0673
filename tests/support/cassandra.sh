#!/usr/bin/env bash
# Apache Cassandra for the tests: plain processes on loopback addresses, with data that is thrown away.
#   cassandra.sh fetch VERSION             gets the server from Maven Central, once; kept outside the tree
#   cassandra.sh start DIR VERSION [NODES] starts what is not running yet (127.0.0.1 … 127.0.0.NODES), and writes DIR/urls (KEY=VALUE)
#   cassandra.sh join DIR VERSION NODE     begins to let one more node join the cluster of DIR, and lets it stay joining for a while
#   cassandra.sh stop DIR                  ends what this script started there, by process id, and removes the data
#   cassandra.sh stop-all DIR              the same for each folder in DIR
# One node asks for a password (cassandra, cassandra), knows roles and rights, and speaks TLS to those who want it; several nodes
# take anybody, because the table of passwords is of no use while nodes are stopped.
set -euo pipefail

action=${1:?fetch, start, join, stop or stop-all}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sterna/cassandra

fetch() {  # fetch VERSION : the folder of jars in $jars, or an end with code 3 where it cannot be had
  jars=$cache/$1
  if [ -f "$jars/complete" ]; then return; fi
  if ! command -v mvn >/dev/null || ! command -v java >/dev/null; then echo "Maven and Java are needed to get Cassandra" >&2; exit 3; fi
  mkdir -p "$cache"
  exec 8>"$cache/lock"
  flock 8
  if [ -f "$jars/complete" ]; then exec 8>&-; return; fi
  rm -rf "$jars"; mkdir -p "$jars"
  cat >"$jars/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sterna.test</groupId><artifactId>cassandra</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.cassandra</groupId><artifactId>cassandra-all</artifactId><version>$1</version></dependency>
  </dependencies>
</project>
POM
  if ! mvn -B -q -f "$jars/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$jars/lib" >"$jars/fetch.log" 2>&1; then
    echo "Cassandra $1 cannot be had from Maven Central: $(tail -n 1 "$jars/fetch.log")" >&2
    exit 3
  fi
  touch "$jars/complete"
  exec 8>&-
}

if [ "$action" = fetch ]; then fetch "${2:?version}"; echo "$jars"; exit 0; fi

if [ "$action" = stop-all ]; then
  for folder in "${2:?folder}"/*/; do if [ -d "$folder" ]; then "$0" stop "$folder"; fi; done
  exit 0
fi

dir=$(mkdir -p "${2:?folder}" && cd "$2" && pwd)

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo $((20000 + RANDOM)); }

# A process id may have been given to somebody else since: only a process that has this folder in its command line is ours.
alive() { [ -f "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$1")/cmdline" | grep -qF -- "$dir/"; }

# Certificates of two authorities: the server's holds for 127.0.0.1 and localhost; of the clients', the server trusts one.
make_certificates() {
  local tls=$dir/tls days=3650
  if [ -f "$tls/server.p12" ]; then return; fi
  rm -rf "$tls"; mkdir -p "$tls"
  key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tls/$1.key" 2>/dev/null; }
  authority() {
    key "$1"
    openssl req -x509 -new -key "$tls/$1.key" -subj "/CN=Sterna test $1" -days $days -out "$tls/$1.crt" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
  }
  certificate() {  # certificate AUTHORITY NAME EXTENSION
    key "$2"
    openssl req -new -key "$tls/$2.key" -subj "/CN=Sterna test $2" -out "$tls/$2.csr"
    openssl x509 -req -in "$tls/$2.csr" -CA "$tls/$1.crt" -CAkey "$tls/$1.key" -CAcreateserial -days $days \
      -extfile <(echo "$3") -out "$tls/$2.crt" 2>/dev/null
  }
  authority ca; authority other-ca
  certificate ca server "subjectAltName=DNS:localhost,IP:127.0.0.1"
  certificate ca client extendedKeyUsage=clientAuth
  certificate other-ca stranger extendedKeyUsage=clientAuth
  openssl pkcs12 -export -in "$tls/server.crt" -inkey "$tls/server.key" -name server -passout pass:sterna -out "$tls/server.p12"
  keytool -importcert -noprompt -alias ca -file "$tls/ca.crt" -keystore "$tls/trusted.p12" -storetype PKCS12 -storepass sterna 2>/dev/null
}

# What Java 17 hides and Cassandra uses (conf/jvm17-server.options of the distribution).
java_options() {
  local module
  for module in jdk.internal.misc java.lang.ref java.lang.reflect; do echo "--add-exports=java.base/$module=ALL-UNNAMED"; done
  for module in java.management.rmi/com.sun.jmx.remote.internal.rmi java.rmi/sun.rmi.registry java.rmi/sun.rmi.server java.rmi/sun.rmi.transport \
      java.rmi/sun.rmi.transport.tcp java.sql/java.sql jdk.unsupported/sun.misc; do echo "--add-exports=$module=ALL-UNNAMED"; done
  for module in java.lang.module jdk.internal.loader jdk.internal.ref jdk.internal.reflect jdk.internal.math jdk.internal.module \
      jdk.internal.util.jar sun.nio.ch java.io java.nio java.lang java.lang.reflect java.util java.util.concurrent java.util.concurrent.atomic; do
    echo "--add-opens=java.base/$module=ALL-UNNAMED"
  done
  echo "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED"
  echo "--add-opens=java.rmi/sun.rmi.transport.tcp=ALL-UNNAMED"
}

configure() {  # configure NODE
  local node=$dir/node$1 address=127.0.0.$1 seeds=127.0.0.1
  mkdir -p "$node"
  cat >"$node/logback.xml" <<XML
<configuration><appender name="OUT" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%-5level %date{HH:mm:ss.SSS} [%thread] %msg%n</pattern></encoder></appender>
<root level="INFO"><appender-ref ref="OUT"/></root></configuration>
XML
  cat >"$node/cassandra.yaml" <<YAML
cluster_name: sterna_test
num_tokens: 1
initial_token: $((($1 - 1) * 3074457345618258602))
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
listen_address: $address
rpc_address: $address
storage_port: $storage_port
ssl_storage_port: $((storage_port + 1))
native_transport_port: $native_port
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "$seeds:$storage_port"}]}]
auto_bootstrap: $bootstrap
data_file_directories: [$node/data]
commitlog_directory: $node/commitlog
cdc_raw_directory: $node/cdc
hints_directory: $node/hints
saved_caches_directory: $node/caches
commitlog_sync: periodic
commitlog_sync_period: 10000ms
auto_snapshot: false
cdc_enabled: true
memtable_allocation_type: heap_buffers
memtable_heap_space: 64MiB
concurrent_reads: 8
concurrent_writes: 8
concurrent_compactors: 1
key_cache_size: 0MiB
file_cache_size: 32MiB
materialized_views_enabled: true
sasi_indexes_enabled: true
user_defined_functions_enabled: true
drop_compact_storage_enabled: true
credentials_validity: 60s
roles_validity: 1s
permissions_validity: 1s
YAML
  if [ "$nodes" -eq 1 ]; then
    cat >>"$node/cassandra.yaml" <<YAML
authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
client_encryption_options: {enabled: true, optional: true, keystore: "$dir/tls/server.p12", keystore_password: sterna, store_type: PKCS12,
  truststore: "$dir/tls/trusted.p12", truststore_password: sterna, require_client_auth: false}
YAML
  fi
}

start_node() {  # start_node NODE
  local node=$dir/node$1 options
  if [ ! -f "$node/cassandra.yaml" ]; then configure "$1"; fi
  mapfile -t options < <(java_options)
  setsid java "${options[@]}" -javaagent:"$(ls "$jars"/lib/jamm-*.jar)" -Xms"$heap" -Xmx"$heap" -Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+PerfDisableSharedMem \
    -Djdk.attach.allowAttachSelf=true -Djava.security.manager=allow -Djava.io.tmpdir="$node" -Dcassandra.config="file://$node/cassandra.yaml" \
    -Dcassandra.storagedir="$node" -Dlogback.configurationFile="$node/logback.xml" -Dcassandra-foreground=yes -Djava.awt.headless=true \
    -Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.ring_delay_ms=$ring_delay -Dcassandra.gossip_quarantine_delay_ms=20000 -Dcassandra.failed_bootstrap_timeout_ms=15000 -Dcassandra.superuser_setup_delay_ms=0 -Dcassandra.auth_bcrypt_gensalt_log2_rounds=4 \
    -Dcassandra.load_ring_state=true -Dcassandra.consistent.rangemovement=false -Dcassandra.native.epoll.enabled=false \
    -cp "$node:$jars/lib/*" org.apache.cassandra.service.CassandraDaemon >>"$dir/node$1.log" 2>&1 </dev/null 9>&- &
  echo $! >"$dir/node$1.pid"
}

wait_for_node() {  # wait_for_node NODE : CQL is answered only when all of the start is done
  local i
  for i in $(seq 1 1200); do
    if (exec 3<>"/dev/tcp/127.0.0.$1/$native_port") 2>/dev/null; then
      if [ "$nodes" -gt 1 ] || grep -q "Created default superuser role\|superuser_exists" "$dir/node$1.log" "$dir/superuser_exists" 2>/dev/null; then return 0; fi
    fi
    [ "$i" -lt 20 ] || alive "$dir/node$1.pid" || break
    sleep 0.1
  done
  echo "Cassandra did not come up; its log:" >&2; tail -n 40 "$dir/node$1.log" >&2
  return 1
}

bootstrap=false ring_delay=60000  # as long a node tries to hear of another one when it starts
exec 9>"$dir/lock"
flock 9
case $action in
  start)
    version=${3:?version} nodes=${4:-1} heap=640m
    if [ "$nodes" -gt 1 ]; then heap=384m; fi
    fetch "$version"
    if [ ! -f "$dir/ports" ]; then echo "$(free_port) $(free_port)" >"$dir/ports"; fi
    read -r native_port storage_port <"$dir/ports"
    if [ "$nodes" -eq 1 ]; then make_certificates; fi
    started=()
    for i in $(seq 1 "$nodes"); do
      if ! alive "$dir/node$i.pid"; then
        start_node "$i"; started+=("$i")
        # The first node makes the tables of the cluster; the others learn of them.
        if [ ! -d "$dir/node$i/data/system" ]; then wait_for_node "$i"; fi
      fi
    done
    for i in "${started[@]}"; do wait_for_node "$i"; done
    touch "$dir/superuser_exists"
    if [ "$nodes" -eq 1 ]; then user=cassandra:cassandra@; else user=; fi
    {
      echo "CQL_URL=cassandra://${user}127.0.0.1:$native_port/?dc=datacenter1"
      echo "CQL_TLS=$dir/tls"
    } >"$dir/urls"
    ;;
  join)
    version=${3:?version} node=${4:?node} nodes=$4 heap=384m
    fetch "$version"
    read -r native_port storage_port <"$dir/ports"
    if alive "$dir/node$node.pid"; then echo "node $node runs already" >&2; exit 1; fi
    rm -rf "$dir/node$node"
    bootstrap=true ring_delay=45000  # it tells the others that it joins, and waits so long before it takes rows
    start_node "$node"
    ;;
  stop)
    rm -f "$dir/urls"
    for pid in "$dir"/node*.pid; do
      if alive "$pid"; then kill -KILL "$(cat "$pid")" 2>/dev/null || true; fi  # its data is thrown away
      rm -f "$pid"
    done
    rm -rf "$dir"/node[0-9] "$dir/tls" "$dir/ports" "$dir/superuser_exists"
    ;;
  *) echo "fetch, start, join, stop or stop-all?" >&2; exit 1 ;;
esac
