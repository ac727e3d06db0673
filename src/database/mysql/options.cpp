// Options of tables, columns and indexes under the server's own words: what the inspector found and
// no field of the model holds (MySQL manual, "CREATE TABLE Statement"; MariaDB, "CREATE TABLE",
// "System-Versioned Tables", "Application-Time Periods").
#include "base/text.hpp"
#include "database/mysql/dialect.hpp"
#include "database/mysql/versions.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::mysql {
namespace {

constexpr std::string_view period = "period for ";
constexpr std::string_view row_time = "generated always as row ";  // of system versioning

/// Options that stand within the type, or go with the table's last words.
bool is_period(std::string_view key) { return key.starts_with(period); }

/// The words of a period with its name as it was given: a quoted name keeps its case.
std::string period_words(const std::string& key) {
  const std::string name = key.substr(period.size());
  return "PERIOD FOR " + (name == "system_time" ? "SYSTEM_TIME" : name);
}

/// How an option is taken back: numbers are 0, words have DEFAULT.
std::string unset(const std::string& key) {
  for (const std::string_view number : {"max_rows", "min_rows", "avg_row_length", "checksum",
                                        "delay_key_write", "key_block_size"}) {
    if (key == number) return "0";
  }
  return key == "connection" ? "''" : key == "union" ? "()" : "DEFAULT";
}

}  // namespace

std::string MysqlDialect::column_type(const model::Column& column, const TableScope& scope) const {
  check_version(column, scope);
  std::string type = SqlDialect::column_type(column, scope);
  for (const auto& [key, value] : column.options) {
    if (key == "ref_system_id") type += " REF_SYSTEM_ID = " + value;
    if (key.starts_with(row_time)) type += " " + to_upper(key);
  }
  return type;
}

/// What older servers would answer with a syntax error alone.
void MysqlDialect::check_version(const model::Column& column, const TableScope& scope) const {
  const ServerInfo& server = scope.server();
  if (column.default_value && !since(server, 80013, 100201) &&
      default_value(column, server).starts_with('(')) {
    refuse(
        scope.object(column.name),
        "takes no expression as a default in this version (and so none for TEXT, BLOB and JSON); "
        "leave it out, or set the value by a trigger",
        server);
  }
  if (column.options.contains("invisible") && !since(server, 80023, 100303)) {
    refuse(scope.object(column.name), "has no invisible columns in this version; leave it out",
           server);
  }
}

/// A check of the column comes last.
std::string MysqlDialect::column_options(const model::Column& column) const {
  std::string text, check;
  for (const auto& [key, value] : column.options) {
    if (key == "ref_system_id" || key.starts_with(row_time)) continue;
    std::string& place = key == "check" ? check : text;
    place += " " + to_upper(key) + (value.empty() ? "" : " " + value);
  }
  return text + check;
}

std::vector<std::string> MysqlDialect::table_clauses(const model::Table& table) const {
  std::vector<std::string> clauses;
  for (const auto& [key, value] : table.options) {
    if (is_period(key)) clauses.push_back(period_words(key) + " (" + value + ")");
  }
  return clauses;
}

/// Partitions come last.
std::string MysqlDialect::table_suffix(const model::Table& table, const TableScope& scope) const {
  std::string text;
  if (!table.engine.empty()) text += " ENGINE = " + table.engine;
  if (!table.charset.empty()) text += " DEFAULT CHARACTER SET = " + table.charset;
  if (!table.collation.empty()) text += " COLLATE = " + table.collation;
  for (const auto& [key, value] : table.options) {
    if (is_period(key) || key == "system versioning" || key == "partition by") continue;
    text += " " + table_option_clause({key, value, std::nullopt}, scope);
  }
  if (!table.comment.empty()) text += " COMMENT = " + string_literal(table.comment);
  if (table.options.contains("system versioning")) text += " WITH SYSTEM VERSIONING";
  if (const auto partitions = table.options.find("partition by");
      partitions != table.options.end()) {
    text += "\nPARTITION BY " + partitions->second;
  }
  return text;
}

/// An empty value takes the option back.
std::string MysqlDialect::table_option_clause(const SetTableOption& option,
                                              const TableScope& /*scope*/) const {
  const bool remove = option.value.empty();
  if (option.key == "charset") return "DEFAULT CHARACTER SET = " + option.value;
  if (option.key == "collation") return "COLLATE = " + option.value;
  if (option.key == "system versioning")
    return remove ? "DROP SYSTEM VERSIONING" : "ADD SYSTEM VERSIONING";
  if (option.key == "partition by")
    return remove ? "REMOVE PARTITIONING" : "PARTITION BY " + option.value;
  if (is_period(option.key)) {
    const std::string words = period_words(option.key);
    return remove ? "DROP " + words : "ADD " + words + " (" + option.value + ")";
  }
  return to_upper(option.key) + " = " + (remove ? unset(option.key) : option.value);
}

bool MysqlDialect::stands_alone(const SetTableOption& option) const {
  return option.key == "partition by";
}

bool MysqlDialect::has_index_option(const std::string& key, const ServerInfo& server) const {
  if (is_mariadb(server)) return key == "ignored" || key == "without overlaps";
  return key == "invisible" && since(server, 80000, 0);
}

std::string MysqlDialect::index_last_part(const model::Index& index) const {
  const auto found = index.options.find("without overlaps");
  return found == index.options.end() ? "" : ", " + found->second + " WITHOUT OVERLAPS";
}

std::string MysqlDialect::index_suffix(const model::Index& index) const {
  std::string text = index.parser.empty() ? "" : " WITH PARSER " + index.parser;
  for (const std::string_view word : {"ignored", "invisible"}) {
    if (index.options.contains(std::string(word))) text += " " + to_upper(word);
  }
  return text;
}

/// MariaDB: "SET STATEMENT sql_mode = '…' FOR CREATE …" is how the inspector writes what was made
/// under other settings.
std::string MysqlDialect::or_replace(const std::string& definition) const {
  sql::TokenCursor cursor(definition, Language::mysql);
  if (!cursor.accept({"SET", "STATEMENT"}) || !cursor.skip_to({"FOR"}))
    return SqlDialect::or_replace(definition);
  cursor.take();
  const auto at = static_cast<std::size_t>(cursor.peek().text.data() - definition.data());
  if (cursor.at_end()) return definition;
  return definition.substr(0, at) + SqlDialect::or_replace(definition.substr(at));
}

}  // namespace sterna::mysql
