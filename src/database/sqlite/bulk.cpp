// Batches on SQLite.
#include "database/bulk.hpp"
#include "base/text.hpp"
#include "database/sqlite/engine.hpp"

namespace sterna::sqlite {
namespace {

Statement plain(std::string sql) { return {std::move(sql), {}, {}, {}}; }

class Words final : public BulkWords {
 public:
  std::string differs(const std::string& left, const std::string& right) const override {
    return left + " IS NOT (" + right + "\n)";
  }

  std::int64_t rows_about(Connection& connection, const model::Name& table) const override {
    return connection.query("SELECT count(*) FROM " + connection.dialect().quote(table))
        .front()
        .get<std::int64_t>(0);
  }

  std::vector<Statement> batch_settings(const Dialect& /*dialect*/,
                                        double /*lock_timeout*/) const override {
    return {};
  }
  ServerLoad load(Connection& /*connection*/) const override { return {}; }
  double replica_lag(Connection& /*replica*/) const override { return -1; }

  // NEW cannot be assigned to: the row is updated behind itself, found by its key.
  std::vector<Statement> make_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    std::vector<std::string> assignments, conditions, inputs;
    for (const SyncTrigger::Value& value : trigger.values)
      assignments.push_back(dialect.quote(value.column) + " = (" + value.of_new + "\n)");
    for (const std::string& column : trigger.key)
      conditions.push_back(dialect.quote(column) + " = NEW." + dialect.quote(column));
    for (const std::string& column : trigger.inputs) inputs.push_back(dialect.quote(column));
    const std::string when = trigger.condition_of_new.empty()
                                 ? std::string()
                                 : " WHEN (" + trigger.condition_of_new + "\n)";
    const std::string body = when + " BEGIN UPDATE " + trigger.table + " SET " +
                             join(assignments, ", ") + " WHERE " + join(conditions, " AND ") +
                             "; END";
    const std::string columns = inputs.empty() ? std::string() : " OF " + join(inputs, ", ");
    std::vector<Statement> statements = drop_sync(dialect, trigger);
    statements.push_back(plain("CREATE TRIGGER " + dialect.quote(trigger.name + "_i") +
                               " AFTER INSERT ON " + trigger.table + " FOR EACH ROW" + body));
    // Without a column that the values are made of, a change cannot change them.
    if (!columns.empty()) {
      statements.push_back(plain("CREATE TRIGGER " + dialect.quote(trigger.name + "_u") +
                                 " AFTER UPDATE" + columns + " ON " + trigger.table +
                                 " FOR EACH ROW" + body));
    }
    return statements;
  }

  std::vector<Statement> drop_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    return drop_sync_pair(dialect, trigger);
  }
};

}  // namespace

const BulkWords& bulk() {
  static const Words words;
  return words;
}

}  // namespace sterna::sqlite
