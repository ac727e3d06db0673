// What the builder and the runner ask about the live schema, and emptying a keyspace: questions to
// system_schema.
#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/inspect.hpp"
#include "database/cql/own_table.hpp"

#include <fmt/format.h>

namespace sterna::cql {

/// A materialized view is read like a table, as the views of other databases are.
bool CqlConnection::has_table(const model::Name& table) {
  for (const auto& [kind, column] :
       {std::pair{"tables", "table_name"}, std::pair{"views", "view_name"}}) {
    if (!query(fmt::format("SELECT {0} FROM system_schema.{1} WHERE keyspace_name = {2} AND {0} = "
                           "{3}",
                           column, kind, dialect().literal(Value(keyspace_of(table))),
                           dialect().literal(Value(table.name))))
             .empty())
      return true;
  }
  return false;
}

bool CqlConnection::has_column(const model::Name& table, std::string_view column) {
  return !query(fmt::format("SELECT column_name FROM system_schema.columns WHERE keyspace_name = "
                            "{} AND table_name = {} AND column_name = {}",
                            dialect().literal(Value(keyspace_of(table))),
                            dialect().literal(Value(table.name)), dialect().literal(Value(column))))
              .empty();
}

bool CqlConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(fmt::format("SELECT index_name FROM system_schema.indexes WHERE keyspace_name = {} "
                            "AND table_name = {} AND index_name = {}",
                            dialect().literal(Value(keyspace_of(table))),
                            dialect().literal(Value(table.name)), dialect().literal(Value(index))))
              .empty();
}

bool CqlConnection::has_type(const model::Name& type) {
  return !query(fmt::format("SELECT type_name FROM system_schema.types WHERE keyspace_name = {} "
                            "AND type_name = {}",
                            dialect().literal(Value(keyspace_of(type))),
                            dialect().literal(Value(type.name))))
              .empty();
}

model::Model CqlConnection::inspect(const InspectOptions& options) {
  return cql::inspect(*this, options);
}

/// Sterna's own table holds the lock, so it is emptied, not dropped. A type goes when no other uses
/// it any more.
void CqlConnection::drop_everything(std::string_view /*kept*/) {
  const auto names = [&](std::string_view kind, std::string_view column) {
    std::vector<std::string> result;
    for (const Row& row :
         query(fmt::format("SELECT {} FROM system_schema.{} WHERE keyspace_name = {}", column, kind,
                           dialect().literal(Value(keyspace())))))
      result.push_back(row.get<std::string>(0));
    return result;
  };
  const auto qualified = [&](const std::string& name) {
    return dialect().quote(model::Name(keyspace(), name));
  };
  for (const std::string& view : names("views", "view_name"))
    execute("DROP MATERIALIZED VIEW " + qualified(view));
  for (const std::string& table : names("tables", "table_name")) {
    if (!is_own_table(*this, {keyspace(), table}))
      execute("DROP TABLE " + qualified(table));
    else
      empty_own_table(*this, {keyspace(), table});
  }
  for (const auto& [kind, column, word] : {std::tuple{"aggregates", "aggregate_name", "AGGREGATE"},
                                           std::tuple{"functions", "function_name", "FUNCTION"}}) {
    for (const Row& row :
         query(fmt::format("SELECT {}, argument_types FROM system_schema.{} WHERE keyspace_name = "
                           "{}",
                           column, kind, dialect().literal(Value(keyspace()))))) {
      // A list of texts as a literal: ['int', 'text'].
      std::string arguments;
      for (const char c : row[1].is_null() ? std::string() : row.get<std::string>(1)) {
        if (c != '[' && c != ']' && c != '\'') arguments += c;
      }
      execute(fmt::format("DROP {} {}({})", word, qualified(row.get<std::string>(0)), arguments));
    }
  }
  std::vector<std::string> types = names("types", "type_name");
  while (!types.empty()) {
    std::optional<Error> refusal;
    const std::size_t before = types.size();
    std::erase_if(types, [&](const std::string& type) {
      try {
        execute("DROP TYPE " + qualified(type));
        return true;
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::schema) throw;
        refusal = error;  // another type still uses it
        return false;
      }
    });
    if (types.size() == before) throw Error(*refusal);
  }
}

}  // namespace sterna::cql
