// Liquibase's changes in Sterna's words. Source: "Change types" of Liquibase's documentation.
#include "base/file.hpp"
#include "base/text.hpp"
#include "import/liquibase.hpp"

#include <sterna/error.hpp>

#include <fmt/format.h>

#include <unordered_map>

namespace sterna::detail {
namespace {

model::ReferentialAction action_of(const std::string& text) {
  const std::string word = to_upper(text);
  if (word == "CASCADE") return model::ReferentialAction::cascade;
  if (word == "SET NULL") return model::ReferentialAction::set_null;
  if (word == "SET DEFAULT") return model::ReferentialAction::set_default;
  if (word == "RESTRICT") return model::ReferentialAction::restrict_;
  return model::ReferentialAction::no_action;
}

model::Name table_of(const LogNode& node, std::string_view attribute = "tableName") {
  return {node.get("schemaName"), node.get(attribute)};
}

Change altered(const LogNode& node, TableAction action) {
  return AlterTable{table_of(node), {std::move(action)}};
}

LogChange create_table(const LogNode& node) {
  model::Table table;
  table.name = table_of(node);
  table.comment = node.get("remarks");
  for (const LogNode& child : node.children) {
    if (child.name == "column") table.columns.push_back(column_of(child, table));
  }
  return {{CreateTable{std::move(table)}}, {}};
}

LogChange add_columns(const LogNode& node) {
  model::Table extra;
  AlterTable change{table_of(node), {}};
  for (const LogNode& child : node.children) {
    if (child.name == "column")
      change.actions.push_back(
          AddColumn{column_of(child, extra), false, false, child.get("afterColumn")});
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

LogChange modify_column(const LogNode& node) {
  ModifyColumn modify;
  modify.to.name = node.get("columnName");
  const bool type = node.name == "modifyDataType";
  modify.to.type = type_of(node.get(type ? "newDataType" : "columnDataType"));
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

/// What is kept as text: views and sequences.
LogChange make_object(const LogNode& node, std::string kind, std::string_view name,
                      std::string definition) {
  model::Object object;
  object.kind = std::move(kind);
  object.name = table_of(node, name);
  object.definition = std::move(definition);
  return {{CreateObject{std::move(object), node.flag("replaceIfExists")}}, {}};
}

LogChange create_view(const LogNode& node) {
  const std::string body(trim(node.text.empty() ? node.get("selectQuery") : node.text));
  return make_object(node, "view", "viewName",
                     fmt::format("CREATE VIEW {} AS {}", table_of(node, "viewName").text(), body));
}

LogChange create_sequence(const LogNode& node) {
  const std::string start = node.get("startValue"), step = node.get("incrementBy");
  return make_object(node, "sequence", "sequenceName",
                     fmt::format("CREATE SEQUENCE {}{}{}", table_of(node, "sequenceName").text(),
                                 start.empty() ? "" : " START WITH " + start,
                                 step.empty() ? "" : " INCREMENT BY " + step));
}

LogChange drop_object(const LogNode& node, std::string kind, std::string_view name) {
  return {{DropObject{std::move(kind),
                      table_of(node, name),
                      node.flag("ifExists"),
                      node.flag("cascadeConstraints"),
                      {}}},
          {},
          false};
}

LogChange drop_constraint(const LogNode& node, DropConstraint::Kind kind) {
  const bool foreign = kind == DropConstraint::Kind::foreign_key;
  const model::Name table =
      foreign ? model::Name(node.get("baseTableSchemaName"), node.get("baseTableName"))
              : table_of(node);
  return {{AlterTable{table, {DropConstraint{kind, node.get("constraintName"), false, {}}}}},
          {},
          false};
}

LogChange plain_sql(const LogNode& node) {
  const LogNode* inner = node.child("sql");
  if (!node.text.empty()) return {{}, ended(node.text), false};
  if (inner != nullptr) return {{}, ended(inner->text), false};
  return {{}, ended(node.get("sql", node.get("procedureText"))), false};
}

using ChangeMaker = LogChange (*)(const LogNode& node);

const std::unordered_map<std::string, ChangeMaker>& makers() {
  static const std::unordered_map<std::string, ChangeMaker> table{
      {"createTable", create_table},
      {"addColumn", add_columns},
      {"dropColumn", drop_columns},
      {"createIndex", create_index},
      {"addForeignKeyConstraint", add_foreign_key},
      {"addPrimaryKey", add_key},
      {"addUniqueConstraint", add_key},
      {"modifyDataType", modify_column},
      {"addNotNullConstraint", modify_column},
      {"dropNotNullConstraint", modify_column},
      {"addDefaultValue", modify_column},
      {"dropDefaultValue", modify_column},
      {"insert", rows},
      {"update", rows},
      {"delete", rows},
      {"createView", create_view},
      {"createSequence", create_sequence},
      {"sql", plain_sql},
      {"createProcedure", plain_sql},
      {"dropTable",
       [](const LogNode& node) {
         return LogChange{
             {DropTable{table_of(node), false, node.flag("cascadeConstraints"), {}}}, {}, false};
       }},
      {"renameTable",
       [](const LogNode& node) {
         return LogChange{{RenameTable{table_of(node, "oldTableName"), node.get("newTableName")}},
                          {}};
       }},
      {"renameColumn",
       [](const LogNode& node) {
         return LogChange{
             {altered(node, RenameColumn{node.get("oldColumnName"), node.get("newColumnName")})},
             {}};
       }},
      {"dropIndex",
       [](const LogNode& node) {
         return LogChange{
             {altered(node, DropIndex{node.get("indexName"), false, false, {}})}, {}, false};
       }},
      {"dropPrimaryKey",
       [](const LogNode& node) {
         return LogChange{
             {altered(node, DropPrimaryKey{node.get("constraintName"), {}})}, {}, false};
       }},
      {"dropUniqueConstraint",
       [](const LogNode& node) { return drop_constraint(node, DropConstraint::Kind::unique); }},
      {"dropForeignKeyConstraint",
       [](const LogNode& node) {
         return drop_constraint(node, DropConstraint::Kind::foreign_key);
       }},
      {"dropView", [](const LogNode& node) { return drop_object(node, "view", "viewName"); }},
      {"dropSequence",
       [](const LogNode& node) { return drop_object(node, "sequence", "sequenceName"); }},
      {"tagDatabase", [](const LogNode&) { return LogChange{}; }},
      {"empty", [](const LogNode&) { return LogChange{}; }},
      {"output", [](const LogNode&) { return LogChange{}; }},
  };
  return table;
}

}  // namespace

std::optional<LogChange> log_change(const LogNode& node, const std::filesystem::path& folder) {
  if (node.name == "sqlFile")
    return LogChange{{}, ended(read_file(folder / node.get("path"))), false};
  const auto maker = makers().find(node.name);
  if (maker == makers().end()) return std::nullopt;
  return maker->second(node);
}

}  // namespace sterna::detail
