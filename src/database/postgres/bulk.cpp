// Batches on PostgreSQL.
#include "database/bulk.hpp"
#include "database/postgres/engine.hpp"

namespace sterna::postgres {
namespace {

Statement plain(std::string sql) { return {std::move(sql), {}, {}, {}}; }

/// For what may be missing: no notice that it is.
Statement quiet() { return plain("SET LOCAL client_min_messages = warning"); }

class Words final : public BulkWords {
 public:
  std::string differs(const std::string& left, const std::string& right) const override {
    return left + " IS DISTINCT FROM (" + right + "\n)";
  }

  std::int64_t rows_about(Connection& connection, const model::Name& table) const override {
    const std::string name = connection.dialect().quote(table);
    const Rows rows = connection.query(
        "SELECT reltuples::bigint FROM pg_catalog.pg_class WHERE oid = "
        "to_regclass(" +
        connection.dialect().literal(Value(name)) + ")");
    const std::int64_t known = rows.empty() ? 0 : rows.front().get<std::int64_t>(0);
    // Never analysed, or analysed when it was empty.
    if (known > 0) return known;
    return connection.query("SELECT count(*) FROM " + name).front().get<std::int64_t>(0);
  }

  // A crash of the server may lose the last batches that were not flushed: their cursors with them,
  // and in their order (manual, 30.4 "Asynchronous Commit"). They are run again then.
  std::vector<Statement> batch_settings(const Dialect& dialect,
                                        double lock_timeout) const override {
    std::vector<Statement> settings = dialect.timeouts(0, lock_timeout, true);
    settings.push_back(plain("SET LOCAL synchronous_commit = off"));
    return settings;
  }

  ServerLoad load(Connection& connection) const override {
    const Rows rows = connection.query(
        "SELECT (SELECT coalesce(max(extract(epoch FROM replay_lag)), -1)::float8 FROM "
        "pg_catalog.pg_stat_replication), (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE "
        "state = 'active' AND pid <> pg_backend_pid() AND backend_type = 'client backend')");
    return {rows.front().get<double>(0), rows.front().get<int>(1)};
  }

  // A real compares with the literal as a double, of which it shows but some digits.
  KeyPart key_part(const Dialect& /*dialect*/, std::string column,
                   const model::Type& type) const override {
    return {column, type.kind == model::TypeKind::real ? column + "::float8" : column};
  }

  // Without new transactions the time of the last one says nothing: then it is not behind when it
  // has replayed all that it has received. One that has received something and has no receiver any
  // more does not know how far it falls behind.
  double replica_lag(Connection& replica) const override {
    return replica
        .query(
            "SELECT CASE WHEN NOT pg_is_in_recovery() THEN -1 WHEN pg_last_wal_receive_lsn() IS "
            "NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_wal_receiver) THEN "
            "'Infinity' WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE "
            "coalesce(extract(epoch FROM clock_timestamp() - "
            "pg_last_xact_replay_timestamp()), 0) END::float8")
        .front()
        .get<double>(0);
  }

  std::vector<Statement> make_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    const std::string function = dialect.quote(trigger.name);
    std::string body;
    for (const SyncTrigger::Value& value : trigger.values)
      body += "NEW." + dialect.quote(value.column) + " := (" + value.of_new + "\n);\n";
    if (!trigger.condition_of_new.empty())
      body = "IF (" + trigger.condition_of_new + "\n) THEN\n" + body + "END IF;\n";
    return {quiet(),
            plain("CREATE OR REPLACE FUNCTION " + function +
                  "() RETURNS trigger LANGUAGE plpgsql AS $sterna$\nBEGIN\n" + body +
                  "RETURN NEW;\nEND\n$sterna$"),
            plain("DROP TRIGGER IF EXISTS " + function + " ON " + trigger.table),
            plain("CREATE TRIGGER " + function + " BEFORE INSERT OR UPDATE ON " + trigger.table +
                  " FOR EACH ROW EXECUTE FUNCTION " + function + "()")};
  }

  std::vector<Statement> drop_sync(const Dialect& dialect,
                                   const SyncTrigger& trigger) const override {
    return {quiet(),
            plain("DROP TRIGGER IF EXISTS " + dialect.quote(trigger.name) + " ON " + trigger.table),
            plain("DROP FUNCTION IF EXISTS " + dialect.quote(trigger.name) + "()")};
  }
};

}  // namespace

const BulkWords& bulk() {
  static const Words words;
  return words;
}

}  // namespace sterna::postgres
