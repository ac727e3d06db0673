// Liquibase's changes in Sterna's words. Source: "Change types" of Liquibase's documentation.
#include "base/file.hpp"
#include "base/text.hpp"
#include "import/liquibase.hpp"

#include <sterna/error.hpp>

#include <fmt/format.h>

#include <unordered_map>

namespace sterna::detail {
namespace {

using model::Column;

/// Types that Liquibase spells for every database, as each of them spells it; any other text is the
/// database's own.
std::string type_text(const std::string& given, const std::string& database) {
  struct Spelling {
    std::string_view postgres, mysql, sqlite;
  };
  static const std::unordered_map<std::string, Spelling> table{
      {"datetime", {"timestamp without time zone", "datetime", "TEXT"}},
      {"timestamp", {"timestamp without time zone", "timestamp", "TEXT"}},
      {"clob", {"text", "longtext", "TEXT"}},
      {"nclob", {"text", "longtext", "TEXT"}},
      {"longtext", {"text", "longtext", "TEXT"}},
      {"blob", {"bytea", "longblob", "BLOB"}},
      {"longblob", {"bytea", "longblob", "BLOB"}},
      {"boolean", {"boolean", "tinyint(1)", "BOOLEAN"}},
      {"bit", {"boolean", "bit(1)", "BOOLEAN"}},
      {"double", {"double precision", "double", "DOUBLE"}},
      {"float", {"real", "float", "FLOAT"}},
      {"tinyint", {"smallint", "tinyint", "TINYINT"}},
      {"int", {"integer", "int", "INTEGER"}},
      {"number", {"numeric", "decimal", "NUMERIC"}},
      {"nvarchar", {"varchar", "varchar", "VARCHAR"}},
      {"uuid", {"uuid", "char(36)", "TEXT"}},
      {"currency", {"numeric(19, 2)", "decimal(19, 2)", "REAL"}},
  };
  std::string name = to_lower(trim(given));
  if (name.starts_with("java.sql.types.")) name = name.substr(15);
  const std::size_t bracket = name.find('(');
  const auto found = table.find(std::string(trim(std::string_view(name).substr(0, bracket))));
  if (found == table.end())
    return name.starts_with("varchar") || bracket == std::string::npos ? name
                                                                       : std::string(trim(given));
  const std::string_view own = database == "postgres" ? found->second.postgres
                               : database == "mysql"  ? found->second.mysql
                                                      : found->second.sqlite;
  const bool keeps_length = bracket != std::string::npos &&
                            own.find('(') == std::string_view::npos &&
                            own.find(' ') == std::string_view::npos;
  return std::string(own) + (keeps_length ? name.substr(bracket) : std::string());
}

model::Type native_type(const std::string& given, const std::string& database) {
  model::Type type;
  type.name = type_text(given, database);
  return type;
}

std::optional<model::Default> default_of(const LogNode& node) {
  using Kind = model::Default::Kind;
  using Literal = model::Default::Literal;
  const auto value = [&](std::string_view attribute) { return node.attributes.find(attribute); };
  if (const auto found = value("defaultValue"); found != node.attributes.end())
    return model::Default{Kind::literal, found->second, Literal::string};
  if (const auto found = value("defaultValueNumeric"); found != node.attributes.end())
    return model::Default{Kind::literal, found->second, Literal::number};
  if (const auto found = value("defaultValueBoolean"); found != node.attributes.end())
    return model::Default{Kind::literal, found->second, Literal::boolean};
  for (const std::string_view attribute : {"defaultValueComputed", "defaultValueDate"}) {
    const auto found = value(attribute);
    if (found == node.attributes.end()) continue;
    if (equals_ignoring_case(found->second, "CURRENT_TIMESTAMP") ||
        equals_ignoring_case(found->second, "now()"))
      return model::Default{Kind::now, {}, Literal::string};
    const bool text = attribute == "defaultValueDate";
    return model::Default{text ? Kind::literal : Kind::expression, found->second, Literal::string};
  }
  return std::nullopt;
}

std::vector<std::string> names(const std::string& list) {
  std::vector<std::string> result;
  for (const std::string& name : split(list, ',')) result.emplace_back(trim(name));
  return result;
}

std::vector<model::IndexPart> parts(const std::vector<std::string>& columns) {
  std::vector<model::IndexPart> result;
  for (const std::string& column : columns) {
    model::IndexPart part;
    part.column = column;
    result.push_back(std::move(part));
  }
  return result;
}

model::ReferentialAction action_of(const std::string& text) {
  const std::string word = to_upper(text);
  if (word == "CASCADE") return model::ReferentialAction::cascade;
  if (word == "SET NULL") return model::ReferentialAction::set_null;
  if (word == "SET DEFAULT") return model::ReferentialAction::set_default;
  if (word == "RESTRICT") return model::ReferentialAction::restrict_;
  return model::ReferentialAction::no_action;
}

/// A column with its constraints; those that are the table's are put into `table`.
Column column_of(const LogNode& node, const std::string& database, model::Table& table) {
  Column column;
  column.name = node.get("name");
  column.type = native_type(node.get("type"), database);
  column.nullable = true;
  column.default_value = default_of(node);
  column.comment = node.get("remarks");
  if (node.flag("autoIncrement")) {
    column.type.name =
        to_lower(node.get("type")).starts_with("bigint") ? "bigint" : column.type.name;
    if (database == "postgres")
      column.identity = model::Identity::by_default;
    else
      column.auto_increment = true;
  }
  const LogNode* constraints = node.child("constraints");
  if (constraints == nullptr) return column;
  if (constraints->get("nullable") == "false" || constraints->flag("primaryKey"))
    column.nullable = false;
  if (constraints->flag("primaryKey")) {
    if (!table.primary_key) table.primary_key.emplace();
    if (const std::string name = constraints->get("primaryKeyName"); !name.empty())
      table.primary_key->name = name;
    table.primary_key->parts.push_back(parts({column.name}).front());
  }
  if (constraints->flag("unique")) {
    model::Unique unique;
    unique.name = constraints->get("uniqueConstraintName");
    unique.columns = {column.name};
    table.uniques.push_back(std::move(unique));
  }
  const std::string references = constraints->get("references");
  const std::string target = references.empty() ? constraints->get("referencedTableName")
                                                : references.substr(0, references.find('('));
  if (!target.empty()) {
    model::ForeignKey key;
    key.name = constraints->get("foreignKeyName");
    key.columns = {column.name};
    key.referenced_table = model::Name(std::string(trim(target)));
    key.referenced_columns =
        references.empty()
            ? names(constraints->get("referencedColumnNames"))
            : names(references.substr(references.find('(') + 1,
                                      references.find(')') - references.find('(') - 1));
    if (constraints->flag("deleteCascade")) key.on_delete = model::ReferentialAction::cascade;
    table.foreign_keys.push_back(std::move(key));
  }
  return column;
}

model::Name table_of(const LogNode& node, std::string_view attribute = "tableName") {
  return {node.get("schemaName"), node.get(attribute)};
}

Change altered(const LogNode& node, TableAction action) {
  return AlterTable{table_of(node), {std::move(action)}};
}

LogChange create_table(const LogNode& node, const std::string& database) {
  model::Table table;
  table.name = table_of(node);
  table.comment = node.get("remarks");
  for (const LogNode& child : node.children) {
    if (child.name == "column") table.columns.push_back(column_of(child, database, table));
  }
  return {{CreateTable{std::move(table)}}, {}};
}

LogChange add_columns(const LogNode& node, const std::string& database) {
  model::Table extra;
  AlterTable change{table_of(node), {}};
  for (const LogNode& child : node.children) {
    if (child.name == "column")
      change.actions.push_back(
          AddColumn{column_of(child, database, extra), false, false, child.get("afterColumn")});
  }
  for (model::Unique& unique : extra.uniques)
    change.actions.push_back(AddUnique{std::move(unique)});
  for (model::ForeignKey& key : extra.foreign_keys)
    change.actions.push_back(AddForeignKey{std::move(key)});
  return {{std::move(change)}, {}};
}

LogChange drop_columns(const LogNode& node) {
  AlterTable change{table_of(node), {}};
  if (const std::string name = node.get("columnName"); !name.empty())
    change.actions.push_back(DropColumn{name, false, {}});
  for (const LogNode& child : node.children) {
    if (child.name == "column") change.actions.push_back(DropColumn{child.get("name"), false, {}});
  }
  return {{std::move(change)}, {}, false};
}

LogChange create_index(const LogNode& node) {
  model::Index index;
  index.name = node.get("indexName");
  index.unique = node.flag("unique");
  for (const LogNode& child : node.children) {
    if (child.name != "column") continue;
    model::IndexPart part;
    (child.flag("computed") ? part.expression : part.column) = child.get("name");
    part.descending = child.flag("descending");
    index.parts.push_back(std::move(part));
  }
  return {{altered(node, AddIndex{std::move(index)})}, {}};
}

LogChange add_foreign_key(const LogNode& node) {
  model::ForeignKey key;
  key.name = node.get("constraintName");
  key.columns = names(node.get("baseColumnNames"));
  key.referenced_table = {node.get("referencedTableSchemaName"), node.get("referencedTableName")};
  key.referenced_columns = names(node.get("referencedColumnNames"));
  key.on_delete = node.flag("deleteCascade") ? model::ReferentialAction::cascade
                                             : action_of(node.get("onDelete"));
  key.on_update = action_of(node.get("onUpdate"));
  key.deferrable = node.flag("deferrable");
  key.initially_deferred = node.flag("initiallyDeferred");
  return {{AlterTable{{node.get("baseTableSchemaName"), node.get("baseTableName")},
                      {AddForeignKey{std::move(key)}}}},
          {}};
}

LogChange add_key(const LogNode& node) {
  if (node.name == "addPrimaryKey") {
    model::PrimaryKey key;
    key.name = node.get("constraintName");
    key.parts = parts(names(node.get("columnNames")));
    return {{altered(node, AddPrimaryKey{std::move(key)})}, {}};
  }
  model::Unique unique;
  unique.name = node.get("constraintName");
  unique.columns = names(node.get("columnNames"));
  unique.deferrable = node.flag("deferrable");
  return {{altered(node, AddUnique{std::move(unique)})}, {}};
}

LogChange modify_column(const LogNode& node, const std::string& database) {
  ModifyColumn modify;
  modify.to.name = node.get("columnName");
  const bool type = node.name == "modifyDataType";
  modify.to.type = native_type(node.get(type ? "newDataType" : "columnDataType"), database);
  modify.to.nullable = node.name != "addNotNullConstraint";
  if (type)
    modify.parts = ModifyColumn::type;
  else if (node.name.ends_with("NotNullConstraint"))
    modify.parts = ModifyColumn::nullability;
  else
    modify.parts = ModifyColumn::default_value;
  if (node.name == "addDefaultValue") modify.to.default_value = default_of(node);
  return {{altered(node, std::move(modify))}, {}, false};
}

std::string quoted_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

std::string value_text(const LogNode& column) {
  for (const std::string_view attribute : {"valueNumeric", "valueBoolean", "valueComputed"}) {
    if (const std::string value = column.get(attribute); !value.empty()) return value;
  }
  for (const std::string_view attribute : {"value", "valueDate"}) {
    if (column.attributes.contains(attribute)) return quoted_text(column.get(attribute));
  }
  return column.text.empty() ? "NULL" : quoted_text(column.text);
}

LogChange rows(const LogNode& node) {
  const std::string table = table_of(node).text();
  std::string columns, values, sets;
  for (const LogNode& child : node.children) {
    if (child.name != "column") continue;
    const std::string separator = columns.empty() ? "" : ", ";
    columns += separator + child.get("name");
    values += separator + value_text(child);
    sets += separator + child.get("name") + " = " + value_text(child);
  }
  const LogNode* where = node.child("where");
  const std::string condition = where != nullptr ? where->text : node.get("where");
  const std::string tail = condition.empty() ? "" : " WHERE " + condition;
  LogChange change;
  change.reversible = false;
  if (node.name == "insert")
    change.sql = fmt::format("INSERT INTO {} ({}) VALUES ({});\n", table, columns, values);
  else if (node.name == "update")
    change.sql = fmt::format("UPDATE {} SET {}{};\n", table, sets, tail);
  else
    change.sql = fmt::format("DELETE FROM {}{};\n", table, tail);
  return change;
}

std::string ended(std::string sql) {
  sql = std::string(trim(sql));
  return sql.empty() || sql.ends_with(';') ? sql + "\n" : sql + ";\n";
}

}  // namespace

std::optional<LogChange> log_change(const LogNode& node, const std::string& database,
                                    const std::filesystem::path& folder) {
  const std::string& name = node.name;
  if (name == "createTable") return create_table(node, database);
  if (name == "addColumn") return add_columns(node, database);
  if (name == "dropColumn") return drop_columns(node);
  if (name == "createIndex") return create_index(node);
  if (name == "addForeignKeyConstraint") return add_foreign_key(node);
  if (name == "addPrimaryKey" || name == "addUniqueConstraint") return add_key(node);
  if (name == "modifyDataType" || name == "addNotNullConstraint" ||
      name == "dropNotNullConstraint" || name == "addDefaultValue" || name == "dropDefaultValue")
    return modify_column(node, database);
  if (name == "dropTable")
    return LogChange{
        {DropTable{table_of(node), false, node.flag("cascadeConstraints"), {}}}, {}, false};
  if (name == "renameTable")
    return LogChange{{RenameTable{table_of(node, "oldTableName"), node.get("newTableName")}}, {}};
  if (name == "renameColumn")
    return LogChange{
        {altered(node, RenameColumn{node.get("oldColumnName"), node.get("newColumnName")})}, {}};
  if (name == "dropIndex")
    return LogChange{
        {altered(node, DropIndex{node.get("indexName"), false, false, {}})}, {}, false};
  if (name == "dropPrimaryKey")
    return LogChange{{altered(node, DropPrimaryKey{node.get("constraintName"), {}})}, {}, false};
  if (name == "dropUniqueConstraint")
    return LogChange{
        {altered(
            node,
            DropConstraint{DropConstraint::Kind::unique, node.get("constraintName"), false, {}})},
        {},
        false};
  if (name == "dropForeignKeyConstraint")
    return LogChange{
        {AlterTable{
            {node.get("baseTableSchemaName"), node.get("baseTableName")},
            {DropConstraint{
                DropConstraint::Kind::foreign_key, node.get("constraintName"), false, {}}}}},
        {},
        false};
  if (name == "insert" || name == "update" || name == "delete") return rows(node);
  if (name == "createView") {
    const std::string body = node.text.empty() ? node.get("selectQuery") : node.text;
    const std::string verb = node.flag("replaceIfExists") && database != "sqlite"
                                 ? "CREATE OR REPLACE VIEW"
                                 : "CREATE VIEW";
    return LogChange{
        {},
        fmt::format("{} {} AS {}", verb, table_of(node, "viewName").text(), ended(body)),
        false};
  }
  if (name == "dropView")
    return LogChange{{}, fmt::format("DROP VIEW {};\n", table_of(node, "viewName").text()), false};
  if (name == "createSequence") {
    const std::string start = node.get("startValue"), step = node.get("incrementBy");
    return LogChange{{},
                     fmt::format("CREATE SEQUENCE {}{}{};\n", table_of(node, "sequenceName").text(),
                                 start.empty() ? "" : " START WITH " + start,
                                 step.empty() ? "" : " INCREMENT BY " + step),
                     false};
  }
  if (name == "dropSequence")
    return LogChange{
        {}, fmt::format("DROP SEQUENCE {};\n", table_of(node, "sequenceName").text()), false};
  if (name == "sql" || name == "createProcedure") {
    const LogNode* inner = node.child("sql");
    const std::string text = !node.text.empty() ? node.text
                             : inner != nullptr ? inner->text
                                                : node.get(name == "sql" ? "sql" : "procedureText");
    return LogChange{{}, ended(text), false};
  }
  if (name == "sqlFile") return LogChange{{}, ended(read_file(folder / node.get("path"))), false};
  if (name == "tagDatabase" || name == "empty" || name == "output") return LogChange{};
  return std::nullopt;
}

}  // namespace sterna::detail
