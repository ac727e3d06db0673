// What doctor asks a MySQL or MariaDB server.
#include "database/mysql/connection.hpp"

namespace sterna::mysql {
namespace {

using Result = ServerFinding::Result;

std::string variable(Connection& connection, const std::string& name) {
  const Rows rows = connection.query("SHOW GLOBAL VARIABLES LIKE '" + name + "'");
  return rows.empty() ? std::string() : rows.front().get<std::string>(1);
}

ServerFinding writes(Connection& connection) {
  for (const char* name : {"super_read_only", "read_only"}) {
    if (variable(connection, name) != "ON") continue;
    return {"writes", std::string(name) + " is on: connect to the primary", Result::bad};
  }
  return {"writes", "taken"};
}

/// Those that said who they are (manual, "SHOW REPLICAS"); needs the right REPLICATION MASTER ADMIN
/// or REPLICATION SLAVE.
ServerFinding replicas(Connection& connection) {
  try {
    const Rows rows = connection.query("SHOW SLAVE HOSTS");
    return {"replicas", rows.empty() ? "none seen" : std::to_string(rows.size())};
  } catch (const Error&) {  // no right, or a server that knows SHOW REPLICAS alone
  }
  try {
    const Rows rows = connection.query("SHOW REPLICAS");
    return {"replicas", rows.empty() ? "none seen" : std::to_string(rows.size())};
  } catch (const Error&) {
    return {"replicas", "this user may not see them"};
  }
}

ServerFinding cluster(Connection& connection) {
  const Rows rows = connection.query("SHOW GLOBAL STATUS LIKE 'wsrep_cluster_size'");
  const std::string size = rows.empty() ? "0" : rows.front().get<std::string>(1);
  if (size == "0") return {"cluster", "no Galera"};
  const Rows ready = connection.query("SHOW GLOBAL STATUS LIKE 'wsrep_ready'");
  const bool good = !ready.empty() && ready.front().get<std::string>(1) == "ON";
  return {"cluster",
          "Galera of " + size + " nodes; definitions block all of them (wsrep_OSU_method=" +
              variable(connection, "wsrep_OSU_method") + ")",
          good ? Result::good : Result::bad};
}

/// A transaction that stays open holds back what ALTER TABLE waits for.
ServerFinding old_transactions(Connection& connection) {
  try {
    const Rows rows = connection.query(
        "SELECT COUNT(*), COALESCE(MAX(TIMESTAMPDIFF(SECOND, trx_started, NOW())), 0) FROM "
        "information_schema.innodb_trx WHERE trx_mysql_thread_id NOT IN (0, CONNECTION_ID()) AND "
        "trx_started < NOW() - INTERVAL 1 MINUTE");
    const auto count = rows.front().get<std::int64_t>(0);
    if (count == 0) return {"old transactions", "none"};
    return {"old transactions",
            std::to_string(count) + " open for more than a minute, the oldest for " +
                std::to_string(rows.front().get<std::int64_t>(1)) +
                " s: a change of a table that they have read waits for them "
                "(information_schema.innodb_trx)",
            Result::warning};
  } catch (const Error&) {  // no right PROCESS
    return {"old transactions", "this user may not see them (PROCESS)"};
  }
}

/// Of this session, which has the server's: Sterna sets none.
ServerFinding strictness(Connection& connection) {
  const std::string mode =
      connection.query("SELECT @@SESSION.sql_mode").front().get<std::string>(0);
  if (mode.find("STRICT_TRANS_TABLES") != std::string::npos ||
      mode.find("STRICT_ALL_TABLES") != std::string::npos)
    return {"sql_mode", "strict"};
  return {"sql_mode",
          "not strict: a value that does not fit is cut with a warning, also by a change of type; "
          "add STRICT_TRANS_TABLES",
          Result::warning};
}

}  // namespace

std::vector<ServerFinding> MysqlConnection::examine() {
  const double now = query("SELECT UNIX_TIMESTAMP(NOW(6)) + 0e0").front().get<double>(0);
  return {clock_finding(now), writes(*this),           replicas(*this),
          cluster(*this),     old_transactions(*this), strictness(*this)};
}

}  // namespace sterna::mysql
