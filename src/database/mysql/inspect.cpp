#include "database/mysql/inspect.hpp"

#include <algorithm>

#include "database/mysql/inspect_reading.hpp"
#include "database/mysql/inspect_types.hpp"

namespace sterna::mysql {
namespace {

std::string current_database(MysqlConnection& connection) {
  const Rows rows = connection.query("SELECT COALESCE(DATABASE(), '')");
  std::string name = rows.empty() ? std::string() : rows.front().get<std::string>(0);
  if (!name.empty()) return name;
  throw Error(ErrorKind::validation, "no database is selected, so there is nothing to inspect")
      .suggest("name it in the URL: mysql://host/NAME");
}

std::unordered_set<std::string> left_out(const InspectOptions& options,
                                         const std::string& database) {
  std::unordered_set<std::string> names;
  for (const model::Name& name : options.without) {
    if (name.schema.empty() || name.schema == database) names.insert(name.name);
  }
  return names;
}

void append(std::vector<CatalogQuery>& queries, std::vector<CatalogQuery> more) {
  std::move(more.begin(), more.end(), std::back_inserter(queries));
}

std::vector<CatalogQuery> table_definitions(Reading& reading) {
  std::vector<std::string>& names = reading.by_definition;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<CatalogQuery> queries;
  for (const std::string& name : names) {
    queries.push_back({"SHOW CREATE TABLE " + reading.connection.dialect().quote(name),
                       [&reading, &name](Row& row) {
                         if (model::Table* table = reading.table(name))
                           read_definition(reading, *table, row.get<std::string>(1));
                       },
                       "table " + name});
  }
  return queries;
}

}  // namespace

std::string Reading::expression(const std::string& text, bool escaped) const {
  std::string plain = text;
  if (!mariadb) {
    if (escaped && since(80000, 0)) plain = without_escapes(plain);
    plain = without_introducers(plain);
  }
  return unqualified(without_parentheses(plain), database);
}

void Reading::run(const std::vector<CatalogQuery>& queries) {
  std::vector<std::string> texts;
  texts.reserve(queries.size());
  for (const CatalogQuery& query : queries) texts.push_back(query.sql);
  connection.query_each(
      texts, [&](std::size_t i, Row&& row) { queries[i].visit(row); },
      [&](std::size_t i, const Error& error) {
        not_managed(queries[i].what + ": " + error.what());
      });
}

model::Model inspect(MysqlConnection& connection, const InspectOptions& options) {
  const std::string database = current_database(connection);
  Reading reading{connection, options, database, connection.dialect().literal(Value(database))};
  reading.mariadb = connection.server().product == "MariaDB";
  reading.without = left_out(options, database);
  reading.model.dialect = connection.dialect().name();
  reading.model.product = connection.server().product;
  reading.model.version = connection.server().version;
  reading.model.default_schema = database;
  for (const std::string& schema : options.schemas) {
    if (schema != database)
      reading.not_managed("schema " + schema + ": another database; inspect it by its own URL");
  }
  ObjectPart objects(reading);
  std::vector<CatalogQuery> queries = table_queries(reading);
  append(queries, objects.queries());
  reading.run(queries);
  queries = table_definitions(reading);
  append(queries, spatial_queries(reading));
  append(queries, objects.definitions());
  if (options.grants) append(queries, grant_queries(reading));
  reading.run(queries);
  objects.finish();
  model::sort(reading.model);
  std::sort(reading.model.not_managed.begin(), reading.model.not_managed.end());
  return std::move(reading.model);
}

}  // namespace sterna::mysql
