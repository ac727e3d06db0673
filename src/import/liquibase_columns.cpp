// Columns of Liquibase's change logs: types, defaults, constraints. Source: "Column", "Constraints"
// and the page on data types of Liquibase's documentation.
#include "base/text.hpp"
#include "import/liquibase.hpp"

#include <charconv>
#include <unordered_map>

namespace sterna::detail {

using model::Column;

namespace {

/// Liquibase's own names of types in the model's words; any other text is the database's own.
std::optional<model::TypeKind> kind_of(const std::string& name) {
  using enum model::TypeKind;
  static const std::unordered_map<std::string, model::TypeKind> table{{"int", integer},
                                                                      {"integer", integer},
                                                                      {"bigint", big_integer},
                                                                      {"smallint", small_integer},
                                                                      {"tinyint", tiny_integer},
                                                                      {"mediumint", medium_integer},
                                                                      {"boolean", boolean},
                                                                      {"bit", boolean},
                                                                      {"bool", boolean},
                                                                      {"decimal", decimal},
                                                                      {"numeric", decimal},
                                                                      {"number", decimal},
                                                                      {"currency", decimal},
                                                                      {"real", real},
                                                                      {"float", real},
                                                                      {"double", double_precision},
                                                                      {"char", char_},
                                                                      {"nchar", char_},
                                                                      {"varchar", string},
                                                                      {"nvarchar", string},
                                                                      {"text", text},
                                                                      {"clob", long_text},
                                                                      {"nclob", long_text},
                                                                      {"longtext", long_text},
                                                                      {"longvarchar", long_text},
                                                                      {"blob", binary},
                                                                      {"longblob", binary},
                                                                      {"uuid", uuid},
                                                                      {"date", date},
                                                                      {"time", time},
                                                                      {"datetime", datetime},
                                                                      {"timestamp", timestamp}};
  const auto found = table.find(name);
  return found == table.end() ? std::nullopt : std::optional(found->second);
}

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number)
                                                                  : std::nullopt;
}

}  // namespace

model::Type type_of(const std::string& given) {
  model::Type type;
  type.name = given;
  std::string name = to_lower(trim(given));
  if (name.starts_with("java.sql.types."))
    name.erase(0, std::string_view("java.sql.types.").size());
  const std::size_t open = name.find('('), close = name.rfind(')');
  const auto kind = kind_of(std::string(trim(std::string_view(name).substr(0, open))));
  if (!kind || (open != std::string::npos && close != name.size() - 1)) return type;
  std::vector<std::optional<int>> numbers;
  if (open != std::string::npos) {
    for (const std::string& part :
         split(std::string_view(name).substr(open + 1, close - open - 1), ',')) {
      numbers.push_back(number_of(trim(part)));
      if (!numbers.back()) return type;
    }
  }
  type.kind = *kind;
  type.name.clear();
  if (name == "currency") numbers = {19, 2};
  if (numbers.empty()) return type;
  using enum model::TypeKind;
  if (*kind == string || *kind == char_ || *kind == binary)
    type.length = numbers[0];
  else if (*kind == decimal || *kind == timestamp || *kind == datetime || *kind == time)
    type.precision = numbers[0];
  if (*kind == decimal && numbers.size() > 1) type.scale = numbers[1];
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

Column column_of(const LogNode& node, model::Table& table) {
  Column column;
  column.name = node.get("name");
  column.type = type_of(node.get("type"));
  column.nullable = true;
  column.default_value = default_of(node);
  column.comment = node.get("remarks");
  column.auto_increment = node.flag("autoIncrement");
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

}  // namespace sterna::detail
