#include "database/render.hpp"

namespace sterna {
namespace {

void require_table_features(const SqlDialect& dialect, const model::Table& table,
                            const ServerInfo& server) {
  const auto require = [&](bool wanted, Feature feature) {
    if (wanted) dialect.require(feature, table.name.text(), server);
  };
  require(!table.engine.empty(), Feature::table_engine);
  require(!table.charset.empty() || !table.collation.empty(), Feature::table_charset);
  require(!table.options.empty(), Feature::table_options);
  require(table.strict, Feature::strict);
  require(table.without_rowid, Feature::without_rowid);
}

/// The column whose definition holds the table's primary key (SQLite), if there is one.
/// @throws Error(validation) when the table's key is another one.
const model::Column* column_with_key(const SqlDialect& dialect, const model::Table& table,
                                     const TableScope& scope) {
  if (!dialect.identity_is_primary_key()) return nullptr;
  for (const model::Column& column : table.columns) {
    const bool numbered = column.auto_increment || column.identity != model::Identity::none;
    if (!numbered && !dialect.key_in_column(column, scope)) continue;
    const auto& key = table.primary_key;
    if (key && (key->parts.size() != 1 || key->parts.front().column != column.name)) {
      dialect.refuse(table.name.text() + "." + column.name,
                     "numbers rows only in a column that is the whole primary key; make it so, or "
                     "use integer() and set the numbers yourself",
                     scope.server());
    }
    return &column;
  }
  return nullptr;
}

}  // namespace

std::string create_table(const SqlDialect& dialect, const CreateTable& change,
                         const TableScope& scope) {
  const model::Table& table = change.table;
  require_table_features(dialect, table, scope.server());
  if (table.columns.empty()) {
    throw Error(ErrorKind::validation,
                "table " + table.name.text() + ": a table needs at least one column");
  }
  std::vector<std::string> lines;
  for (const model::Column& column : table.columns) {
    if (dialect.writes_column(column)) lines.push_back(column_definition(dialect, column, scope));
  }
  for (std::string& clause : dialect.table_clauses(table)) lines.push_back(std::move(clause));
  if (table.primary_key && column_with_key(dialect, table, scope) == nullptr) {
    lines.push_back(constraint_text(dialect, *table.primary_key, scope));
  }
  const auto constraints = [&](const auto& items) {
    for (const auto& item : items) lines.push_back(constraint_text(dialect, item, scope));
  };
  for (const model::Unique& unique : table.uniques) {
    if (dialect.unique_is_index(unique) || !dialect.writes_unique(table, unique)) continue;
    lines.push_back(constraint_text(dialect, unique, scope));
  }
  constraints(table.foreign_keys);
  for (const model::Check& check : table.checks) {
    if (dialect.writes_check(check)) lines.push_back(constraint_text(dialect, check, scope));
  }
  constraints(table.exclusions);
  if (dialect.index_is_clause()) {
    for (const model::Index& index : table.indexes) {
      lines.push_back(index_clause(dialect, index, scope));
    }
  }
  std::string text = dialect.create_table_words(table);
  if (change.if_missing) text += "IF NOT EXISTS ";
  text += dialect.quote(table.name) + " (\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += "  " + lines[i] + (i + 1 < lines.size() ? ",\n" : "\n");
  }
  return text + ")" + dialect.table_suffix(table, scope);
}

}  // namespace sterna
