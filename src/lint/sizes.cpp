#include "lint/sizes.hpp"

#include "database/connection.hpp"

#include <map>
#include <utility>

namespace sterna::lint {
namespace {

// From the catalogue alone: pg_table_size() would wait for whoever holds a table. A partitioned
// table has what its partitions have. A table that was never analysed has no estimate: -1 tuples
// since PostgreSQL 14, none and no pages before.
constexpr std::string_view postgres_query =
    "WITH RECURSIVE parts(root, part) AS (SELECT c.oid, c.oid FROM pg_catalog.pg_class c JOIN "
    "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm') AND "
    "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' "
    "UNION ALL SELECT p.root, i.inhrelid FROM parts p JOIN pg_catalog.pg_inherits i ON "
    "i.inhparent = p.part JOIN pg_catalog.pg_class r ON r.oid = p.root AND r.relkind = 'p'), "
    "known AS (SELECT c.oid, CASE WHEN c.reltuples > 0 OR (c.reltuples = 0 AND (c.relpages > 0 OR "
    "current_setting('server_version_num')::int >= 140000)) THEN c.reltuples::bigint END AS rows, "
    "(c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::bigint AS "
    "bytes FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid "
    "WHERE c.relkind <> 'p') "
    "SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname::text END, "
    "c.relname::text, s.rows, s.bytes FROM (SELECT p.root, sum(k.rows)::bigint AS rows, "
    "sum(k.bytes)::bigint AS bytes FROM parts p JOIN known k ON k.oid = p.part GROUP BY p.root "
    "HAVING count(k.rows) > 0) s JOIN pg_catalog.pg_class c ON c.oid = s.root JOIN "
    "pg_catalog.pg_namespace n ON n.oid = c.relnamespace";

constexpr std::string_view mysql_query =
    "SELECT '', table_name, table_rows, data_length FROM information_schema.tables WHERE "
    "table_schema = database() AND table_type = 'BASE TABLE' AND table_rows IS NOT NULL";

std::vector<TableSize> answered(Connection& connection, std::string_view query) {
  std::vector<TableSize> sizes;
  for (const Row& row : connection.query(query)) {
    sizes.push_back({{row.get<std::string>(0), row.get<std::string>(1)},
                     row.get<std::int64_t>(2),
                     row.get<std::optional<std::int64_t>>(3).value_or(-1)});
  }
  return sizes;
}

/// The greatest rowid is found without reading the table, and is no fewer than its rows.
std::vector<TableSize> of_sqlite(Connection& connection, const model::Model& model) {
  // No more terms than SQLite takes in one compound SELECT (SQLITE_MAX_COMPOUND_SELECT, 500).
  constexpr std::size_t most = 400;
  std::vector<TableSize> sizes;
  std::string query;
  std::size_t terms = 0;
  const auto ask = [&] {
    if (terms == 0) return;
    for (TableSize& size : answered(connection, query)) sizes.push_back(std::move(size));
    query.clear();
    terms = 0;
  };
  const Dialect& dialect = connection.dialect();
  for (const model::Table& table : model.tables) {
    if (table.without_rowid || table.column("rowid") != nullptr) continue;
    if (terms++ > 0) query += " UNION ALL ";
    query += "SELECT '', " + dialect.literal(Value(table.name.name)) +
             ", max(0, coalesce(max(rowid), 0)), " + "NULL FROM " + dialect.quote(table.name.name);
    if (terms == most) ask();
  }
  ask();
  return sizes;
}

/// Each node says how many partitions it has of each range of tokens, every few minutes.
std::vector<TableSize> of_cql(Connection& connection, const model::Model& model) {
  std::map<std::pair<std::string, std::string>, TableSize> sums;
  for (const Row& row :
       connection.query("SELECT keyspace_name, table_name, partitions_count, mean_partition_size "
                        "FROM system.size_estimates")) {
    TableSize& size = sums[{row.get<std::string>(0), row.get<std::string>(1)}];
    const auto count = row.get<std::int64_t>(2);
    size.rows = std::max<std::int64_t>(size.rows, 0) + count;
    size.bytes = std::max<std::int64_t>(size.bytes, 0) + count * row.get<std::int64_t>(3);
  }
  std::vector<TableSize> sizes;
  for (const model::Table& table : model.tables) {
    const model::Name& name = table.name;
    const auto found =
        sums.find({name.schema.empty() ? connection.url().database : name.schema, name.name});
    if (found == sums.end()) continue;
    sizes.push_back({{name.schema, name.name}, found->second.rows, found->second.bytes});
  }
  return sizes;
}

}  // namespace

std::vector<TableSize> sizes_of(Connection& connection, const model::Model& model) {
  switch (connection.dialect().language()) {
    case Language::postgres:
      return answered(connection, postgres_query);
    case Language::mysql:
      return answered(connection, mysql_query);
    case Language::sqlite:
      return of_sqlite(connection, model);
    case Language::cql:
      return of_cql(connection, model);
    case Language::cpp:
      break;
  }
  return {};
}

}  // namespace sterna::lint
