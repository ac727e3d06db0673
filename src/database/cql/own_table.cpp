#include "database/cql/own_table.hpp"

#include "base/hash.hpp"
#include "database/cql/dialect.hpp"

#include <fmt/format.h>

namespace sterna::cql {
namespace {

Dialect::OwnFields in_partition(Dialect::OwnFields key) {
  key.insert(key.begin(), {"run", "'all'"});
  return key;
}

constexpr std::string_view definition =
    "CREATE TABLE IF NOT EXISTS {} (run text, lock_owner text static, lock_fence bigint static, "
    "lock_since timestamp static, scope text, version text, sequence bigint, name text, kind text, "
    "state text, \"batch\" int, hash_up text, hash_down text, hash_algorithm int, applied_at "
    "timestamp, applied_by text, duration_us bigint, sterna_version text, step int, step_state "
    "text, prefix_hash text, step_sql text, fingerprint text, step_cursor text, PRIMARY KEY (run, "
    "scope, version)) WITH id = {}";

/// The same for every runner that finds the table missing in the same keyspace, and another when
/// keyspace or table was made anew: an id that was dropped must not come back. What differs is the
/// time at which the keyspace was last written.
std::string table_id(CqlConnection& connection, const model::Name& name) {
  const Rows rows = connection.query(
      fmt::format("SELECT WRITETIME(durable_writes) FROM system_schema.keyspaces WHERE "
                  "keyspace_name = {}",
                  connection.dialect().literal(Value(name.schema))));
  const std::string written =
      rows.empty() || rows.front()[0].is_null() ? "" : rows.front().get<std::string>(0);
  std::string digits = sha256_hex("sterna " + name.schema + "." + name.name + " " + written);
  digits[12] = '5';  // a UUID made of a name (RFC 9562, section 5.5)
  digits[16] = '8';
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20, 12));
}

}  // namespace

std::string CqlDialect::own_select(const std::vector<std::string_view>& columns,
                                   std::string_view table, std::string_view /*order*/) const {
  std::string sql;
  for (const std::string_view column : columns)
    sql.append(sql.empty() ? "SELECT " : ", ").append(own_column(column));
  // The condition on the scope leaves out the row of the lock alone, and copies that are not done.
  return fmt::format("{} FROM {} WHERE {} AND scope >= '' AND scope < '{}'", sql, table,
                     own_partition, scope_of_copies);
}

std::string CqlDialect::own_insert(std::string_view table, const OwnFields& fields,
                                   const OwnFields& key) const {
  return Dialect::own_update(table, fields, in_partition(key));
}

std::string CqlDialect::own_update(std::string_view table, const OwnFields& fields,
                                   const OwnFields& key) const {
  return Dialect::own_update(table, fields, in_partition(key));
}

std::string CqlDialect::own_delete(std::string_view table, const OwnFields& key) const {
  return Dialect::own_delete(table, in_partition(key));
}

model::Name own_table_name(const CqlConnection& connection, const std::string& name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string::npos) return {connection.keyspace(), name};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

void make_own_table(CqlConnection& connection, const model::Name& name) {
  if (name.schema.empty())
    throw Error(ErrorKind::config, "the URL names no keyspace, and the history needs one")
        .suggest("write cassandra://HOST/KEYSPACE, or set history_schema");
  if (connection.has_table(name)) return connection.cluster().await_agreement();
  connection.execute(fmt::format(fmt::runtime(definition), connection.dialect().quote(name),
                                 table_id(connection, name)));
  const auto ids = connection.cluster().ask_each(
      fmt::format("SELECT id FROM system_schema.tables WHERE keyspace_name = {} AND table_name = "
                  "{}",
                  connection.dialect().literal(Value(name.schema)),
                  connection.dialect().literal(Value(name.name))));
  for (const auto& [node, id] : ids) {
    if (id == ids.front().second) continue;
    throw Error(ErrorKind::schema,
                fmt::format("node {} has the table {} under the id {}, and {} "
                            "under {}: they would lose each other's rows",
                            node, name.text(), id, ids.front().first, ids.front().second))
        .with_state("nothing was run")
        .suggest(fmt::format("drop the table {} on one node, wait until nodetool describecluster "
                             "shows one schema, and run again",
                             name.text()));
  }
}

bool is_own_table(CqlConnection& connection, const model::Name& name) {
  return connection.has_column(name, "lock_fence") && connection.has_column(name, "step_cursor");
}

void empty_own_table(CqlConnection& connection, const model::Name& name) {
  const std::string table = connection.dialect().quote(name);
  const auto own = [](std::string sql) {
    Statement statement{std::move(sql), {}, {}, {}};
    statement.purpose = Purpose::history;
    return statement;
  };
  std::vector<Statement> removals;
  for (const Row& row : connection.query(
           own(fmt::format("SELECT scope, version FROM {} WHERE {}", table, own_partition)))) {
    if (row[0].is_null()) continue;  // the lock alone
    removals.push_back(own(fmt::format("DELETE FROM {} WHERE {} AND scope = {} AND version = {}",
                                       table, own_partition, connection.dialect().literal(row[0]),
                                       connection.dialect().literal(row[1]))));
  }
  connection.execute_batch(removals, {});
}

}  // namespace sterna::cql
