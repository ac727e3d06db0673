// Batches on MySQL and MariaDB.
#include "database/bulk.hpp"
#include "base/text.hpp"
#include "database/mysql/engine.hpp"
#include "database/mysql/quiet.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sterna::mysql {
namespace {

Statement plain(std::string sql) { return {std::move(sql), {}, {}, {}}; }

/// What this server, as a replica, is behind the one it copies from. Nothing on a primary, which
/// does not know its replicas' positions. A replica whose threads have stopped says NULL: nobody
/// knows then how far it falls behind.
double own_lag(Connection& connection) {
  const bool mariadb = connection.server().product == "MariaDB";
  const Rows rows = connection.query(
      mariadb || connection.server().version < 80022 ? "SHOW SLAVE STATUS" : "SHOW REPLICA STATUS");
  double lag = -1;
  for (const Row& row : rows) {
    for (const char* column : {"Seconds_Behind_Source", "Seconds_Behind_Master"}) {
      if (!row.has(column)) continue;
      lag = std::max(lag, row[column].is_null() ? std::numeric_limits<double>::infinity()
                                                : row.get<double>(column));
    }
  }
  return lag;
}

/// The values in a list are looked up in an index, one by one.
std::string compare_one(const KeyPart& part, const std::string& op, const std::string& value) {
  if (part.order.empty()) return part.column + " " + op + " " + value;
  const auto at = std::find(part.order.begin(), part.order.end(), value);
  if (at == part.order.end())
    throw Error(ErrorKind::schema, value + " is no value of column " + part.column)
        .suggest("its type was changed meanwhile: run again");
  const bool behind = op.front() == '>', itself = op.back() == '=';
  std::vector<std::string> values(behind ? at + (itself ? 0 : 1) : part.order.begin(),
                                  behind ? part.order.end() : at + (itself ? 1 : 0));
  return values.empty() ? "FALSE" : part.column + " IN (" + join(values, ", ") + ")";
}

std::string catalog_row(const Dialect& dialect, const model::Name& table) {
  return "table_schema = " +
         (table.schema.empty() ? "DATABASE()" : dialect.literal(Value(table.schema))) +
         " AND table_name = " + dialect.literal(Value(table.name));
}

class Words final : public BulkWords {
 public:
  std::string differs(const std::string& left, const std::string& right) const override {
    return "NOT (" + left + " <=> (" + right + "\n))";
  }

  // A SET is ordered by its number, of which there are too many to be listed.
  bool can_order(const model::Type& type) const override {
    return type.kind != model::TypeKind::set_of_values;
  }

  std::string type_out_of_order(const Dialect& dialect, const model::Name& table,
                                const std::string& column) const override {
    return "SELECT column_type FROM information_schema.columns WHERE " +
           catalog_row(dialect, table) + " AND column_name = " + dialect.literal(Value(column)) +
           " AND data_type IN ('enum', 'set', 'float')";
  }

  // ENUMs are sorted by their place in the list and compared as texts (manual, "The ENUM Type"). A
  // FLOAT is shown with less digits than it has; in an expression it has all of them.
  KeyPart key_part(const Dialect& dialect, std::string column,
                   const model::Type& type) const override {
    KeyPart part{column, type.kind == model::TypeKind::real ? column + " + 0e0" : column};
    if (type.kind != model::TypeKind::enumeration) return part;
    const std::string none = dialect.literal(Value(""));  // what is no value of it comes first
    for (const std::string& value : type.values)
      part.order.push_back(dialect.literal(Value(value)));
    if (std::find(part.order.begin(), part.order.end(), none) == part.order.end())
      part.order.insert(part.order.begin(), none);
    return part;
  }

  // Row comparisons are not looked up in an index (manual, "Row Constructor Expression
  // Optimization"): the same, spelt out.
  std::string compare(const std::vector<KeyPart>& key, std::string_view op,
                      const std::vector<std::string>& values) const override {
    const std::string_view strict = op.substr(0, 1);
    std::vector<std::string> ways;
    std::string equal;
    for (std::size_t i = 0; i < key.size(); ++i) {
      const std::string sign(i + 1 == key.size() ? op : strict);
      ways.push_back(equal + compare_one(key[i], sign, values[i]));
      equal += key[i].column + " = " + values[i] + " AND ";
    }
    return ways.size() == 1 ? ways.front() : "((" + join(ways, ") OR (") + "))";
  }

  std::int64_t rows_about(Connection& connection, const model::Name& table) const override {
    const Dialect& dialect = connection.dialect();
    // In its catalogs, MySQL 8 keeps an old number for a day; others know no such variable.
    connection.execute(
        "SET /*!80000 SESSION information_schema_stats_expiry = 0, */ @sterna_statistics = 0");
    const Rows rows = connection.query("SELECT table_rows FROM information_schema.tables WHERE " +
                                       catalog_row(dialect, table));
    const std::int64_t known =
        rows.empty() || rows.front()[0].is_null() ? 0 : rows.front().get<std::int64_t>(0);
    if (known > 0) return known;
    return connection.query("SELECT count(*) FROM " + dialect.quote(table))
        .front()
        .get<std::int64_t>(0);
  }

  std::vector<Statement> batch_settings(const Dialect& dialect,
                                        double lock_timeout) const override {
    return dialect.timeouts(0, lock_timeout, true);
  }

  ServerLoad load(Connection& connection) const override {
    ServerLoad load;
    try {
      load.replica_lag = own_lag(connection);
      // What once was a replica and is the primary now.
      if (std::isinf(load.replica_lag)) load.replica_lag = -1;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::permission) throw;
    }
    const Rows rows = connection.query("SHOW GLOBAL STATUS LIKE 'Threads_running'");
    if (!rows.empty()) load.running = std::max(0, rows.front().get<int>(1) - 1);
    return load;
  }

  double replica_lag(Connection& replica) const override { return own_lag(replica); }

  std::string refuses(const model::Table& table) const override {
    const std::string engine = to_lower(table.engine);
    if (engine != "myisam" && engine != "aria" && engine != "memory" && engine != "csv" &&
        engine != "archive")
      return {};
    return "its engine " + table.engine + " has no transactions";
  }

  std::vector<Statement> make_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    std::string body;
    for (const SyncTrigger::Value& value : trigger.values) {
      const std::string column = "NEW." + dialect.quote(value.column);
      std::string assigned = value.of_new;
      if (!trigger.condition_of_new.empty())
        assigned =
            "IF((" + trigger.condition_of_new + "\n), (" + value.of_new + "\n), " + column + ")";
      body += (body.empty() ? " SET " : ", ") + column + " = " + assigned;
    }
    std::vector<Statement> statements = drop_sync(dialect, trigger);
    statements.push_back(plain("CREATE TRIGGER " + dialect.quote(trigger.name + "_i") +
                               " BEFORE INSERT ON " + trigger.table + " FOR EACH ROW" + body));
    statements.push_back(plain("CREATE TRIGGER " + dialect.quote(trigger.name + "_u") +
                               " BEFORE UPDATE ON " + trigger.table + " FOR EACH ROW" + body));
    return statements;
  }

  std::vector<Statement> drop_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    return quietly(drop_sync_pair(dialect, trigger));
  }
};

}  // namespace

const BulkWords& bulk() {
  static const Words words;
  return words;
}

}  // namespace sterna::mysql
