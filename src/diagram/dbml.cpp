#include "diagram/dbml.hpp"

#include "base/text.hpp"
#include "diagram/dbml_words.hpp"
#include "diagram/text.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sterna::diagram {
namespace {

using model::Model;
using model::Table;

std::string escaped(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == '\n')
      result += "\\n";
    else if (c == '\r')
      result += "\\r";
    else if (c == '\t')
      result += "\\t";
    else if (c == quote || c == '\\')
      result += std::string("\\") + c;
    else
      result += c;
  }
  return result + quote;
}

std::string word_text(std::string_view name) {
  return is_plain_word(name) && !is_dbml_word(name) ? std::string(name) : escaped(name, '"');
}

std::string name_text(const model::Name& name) {
  return name.schema.empty() ? word_text(name.name)
                             : word_text(name.schema) + "." + word_text(name.name);
}

std::string string_text(std::string_view text) { return escaped(text, '\''); }

/// Nothing can be escaped between backticks.
bool fits_backticks(std::string_view text) {
  return !text.empty() && text.find('`') == std::string_view::npos &&
         text.find('\n') == std::string_view::npos && text.find('\r') == std::string_view::npos;
}

std::string expression_text(std::string_view text) { return "`" + std::string(text) + "`"; }

/// "varchar(40)", "numeric(10, 2)", "integer[]": everything else is quoted.
bool is_plain_type(std::string_view text) {
  const std::size_t end = text.find_first_of("([");
  if (!is_plain_word(text.substr(0, end)) || is_dbml_word(text.substr(0, end))) return false;
  if (end == std::string_view::npos) return true;
  std::string_view rest = text.substr(end);
  if (rest.front() == '(') {
    const std::size_t close = rest.find(')');
    if (close == std::string_view::npos || close < 2 ||
        rest.substr(1, close - 1).find_first_not_of("0123456789, ") != std::string_view::npos)
      return false;
    rest.remove_prefix(close + 1);
  }
  while (rest.starts_with("[]")) rest.remove_prefix(2);
  return rest.empty();
}

std::string columns_text(const std::vector<std::string>& columns) {
  if (columns.size() == 1) return word_text(columns.front());
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(word_text(column));
  return in_parentheses(names);
}

std::string settings_text(const std::vector<std::string>& settings) {
  return settings.empty() ? "" : " [" + join(settings, ", ") + "]";
}

class DbmlWriter {
 public:
  DbmlWriter(const Model& model, const TypeSpelling& type)
      : model_(model), type_(type), facts_(facts_of(model)) {
    for (const model::EnumType& each : model.enums) {
      enum_of_spelling_[sql_spelling(each.name)] = name_text(each.name);
      enum_names_.insert(each.name.text());
    }
  }

  std::string write() {
    for (const model::EnumType& each : model_.enums)
      enumeration(name_text(each.name), each.values, each.comment);
    std::string rest;
    for (const Table& each : model_.tables) {
      if (each.columns.empty())
        rest += "// table " + one_line(each.name.text()) + ", which has no columns\n";
      else
        table(each);
    }
    for (const Relationship& each : facts_.relationships) reference(each);
    for (const std::string& each : facts_.dangling)
      rest += "// foreign key " + one_line(each) + "\n";
    for (const model::UserType& each : model_.types) rest += "// type " + fields_text(each) + "\n";
    for (const model::Object& object : model_.objects)
      rest += "// " + one_line(model::key_of(object)) + "\n";
    for (const std::string& line : model_.not_managed)
      rest += "// not managed: " + one_line(line) + "\n";
    if (!rest.empty()) text_ += "// What DBML has no words for:\n" + rest;
    return std::move(text_);
  }

 private:
  std::string fields_text(const model::UserType& each) const {
    std::vector<std::string> fields;
    for (const model::TypeField& field : each.fields)
      fields.push_back(field.name + " " + type_(field.type));
    return one_line(each.name.text() + " (" + join(fields, ", ") + ")");
  }

  void enumeration(const std::string& name, const std::vector<std::string>& values,
                   const std::string& comment) {
    if (!comment.empty()) text_ += "// " + one_line(comment) + "\n";
    text_ += "Enum " + name + " {\n";
    for (const std::string& value : values) text_ += "  " + word_text(value) + "\n";
    text_ += "}\n\n";
  }

  /// An enumeration that its column declares itself becomes an Enum named by table and column.
  std::string inline_enum(const Table& table, const model::Column& column) {
    const std::string base = table.name.name + "_" + column.name;
    std::string name = base;
    for (int number = 2; !enum_names_.insert(name).second; ++number)
      name = base + "_" + std::to_string(number);
    enumeration(word_text(name), column.type.values, "");
    return word_text(name);
  }

  std::string type_text(const model::Column& column, const std::string& declared) const {
    if (!declared.empty()) return declared;
    const std::string text = one_line(type_(column.type));
    if (const auto found = enum_of_spelling_.find(text); found != enum_of_spelling_.end())
      return found->second;
    return is_plain_type(text) ? text : escaped(text.empty() ? "any" : text, '"');
  }

  void table(const Table& table) {
    std::vector<std::string> declared(table.columns.size());
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const model::Type& type = table.columns[c].type;
      if (type.kind == model::TypeKind::enumeration && !type.values.empty())
        declared[c] = inline_enum(table, table.columns[c]);
    }
    text_ += "Table " + name_text(table.name) + " {\n";
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      column(table, table.columns[c], declared[c]);
    indexes(table);
    checks(table);
    for (const model::Exclusion& each : table.exclusions)
      text_ += "  // exclusion constraint " + one_line(each.name) + "\n";
    if (!table.comment.empty()) text_ += "\n  Note: " + string_text(table.comment) + "\n";
    text_ += "}\n\n";
  }

  static bool is_only_key(const Table& table, const model::Column& column) {
    return table.partition_key.empty() && table.primary_key &&
           table.primary_key->parts.size() == 1 &&
           table.primary_key->parts.front().column == column.name;
  }

  void column(const Table& table, const model::Column& column, const std::string& declared) {
    std::vector<std::string> settings;
    const bool key = is_only_key(table, column);
    if (key) settings.emplace_back("pk");
    if (column.auto_increment || column.identity != model::Identity::none)
      settings.emplace_back("increment");
    if (key && column.nullable) settings.emplace_back("null");
    if (!key && !column.nullable) settings.emplace_back("not null");
    const bool unique =
        std::any_of(table.uniques.begin(), table.uniques.end(), [&](const model::Unique& each) {
          return each.name.empty() && each.columns == std::vector<std::string>{column.name};
        });
    if (unique) settings.emplace_back("unique");
    std::string remark = column_remark(column);
    if (column.default_value) {
      if (const std::string text = default_setting(*column.default_value); !text.empty())
        settings.push_back("default: " + text);
      else
        remark += (remark.empty() ? "" : ", ") + ("default " + default_text(*column.default_value));
    }
    if (!column.comment.empty()) settings.push_back("note: " + string_text(column.comment));
    text_ +=
        "  " + word_text(column.name) + " " + type_text(column, declared) + settings_text(settings);
    if (!remark.empty()) text_ += " // " + one_line(remark);
    text_ += "\n";
  }

  /// What the settings do not say.
  static std::string column_remark(model::Column column) {
    column.auto_increment = false;
    if (column.identity == model::Identity::by_default) column.identity = model::Identity::none;
    return column_extras(column);
  }

  static std::string default_setting(const model::Default& value) {
    if (value.kind == model::Default::Kind::now) return "`now()`";
    if (value.kind == model::Default::Kind::expression)
      return fits_backticks(value.text) ? expression_text(value.text) : "";
    switch (value.literal) {
      case model::Default::Literal::null:
        return "null";
      case model::Default::Literal::string:
        return string_text(value.text);
      case model::Default::Literal::boolean:
        return to_lower(value.text);
      case model::Default::Literal::number:
        break;
    }
    return is_dbml_number(value.text) ? value.text : expression_text(value.text);
  }

  void indexes(const Table& table) {
    std::string lines;
    if (!table.partition_key.empty()) {
      std::vector<std::string> all = table.partition_key;
      all.insert(all.end(), table.clustering_key.begin(), table.clustering_key.end());
      std::string note = "K: " + join(table.partition_key, ", ");
      if (!table.clustering_key.empty()) note += "; C: " + join(table.clustering_key, ", ");
      lines += "    " + columns_text(all) + " [pk, note: " + string_text(note) + "]\n";
    } else if (table.primary_key && table.primary_key->parts.size() != 1) {
      lines += primary_line(*table.primary_key);
    }
    for (const model::Unique& each : table.uniques) {
      if (each.name.empty() && each.columns.size() == 1) continue;  // said at its column
      lines += "    " + columns_text(each.columns) + " [unique" +
               (each.name.empty() ? "" : ", name: " + string_text(each.name)) + "]\n";
    }
    for (const model::Index& each : table.indexes) lines += index_line(each);
    if (!lines.empty()) text_ += "\n  indexes {\n" + lines + "  }\n";
  }

  static std::string primary_line(const model::PrimaryKey& key) {
    std::vector<std::string> columns;
    for (const model::IndexPart& part : key.parts) columns.push_back(part.column);
    return "    " + columns_text(columns) + " [pk" +
           (key.name.empty() ? "" : ", name: " + string_text(key.name)) + "]\n";
  }

  static std::string index_part(const model::IndexPart& part) {
    if (part.column.empty()) return expression_text(part.expression);
    return part.descending ? expression_text(part.column + " DESC") : word_text(part.column);
  }

  static bool is_expressible(const model::Index& index) {
    if (index.unique && !index.where.empty()) return false;  // a whole one would refuse more rows
    return std::all_of(index.parts.begin(), index.parts.end(), [](const model::IndexPart& part) {
      return part.column.empty() ? fits_backticks(part.expression)
                                 : !part.descending || fits_backticks(part.column);
    });
  }

  static std::string index_line(const model::Index& index) {
    if (!is_expressible(index) || index.parts.empty()) {
      return "    // " + std::string(index.unique ? "unique " : "") + "index " +
             one_line(index.name + " (" + parts_text(index.parts) + ")" +
                      (index.where.empty() ? "" : " where " + index.where)) +
             "\n";
    }
    std::vector<std::string> parts;
    for (const model::IndexPart& part : index.parts) parts.push_back(index_part(part));
    std::vector<std::string> settings;
    if (index.unique) settings.emplace_back("unique");
    if (!index.method.empty()) settings.push_back("type: " + word_text(index.method));
    if (!index.name.empty()) settings.push_back("name: " + string_text(index.name));
    if (!index.comment.empty()) settings.push_back("note: " + string_text(index.comment));
    const bool one = parts.size() == 1;
    return "    " + (one ? parts.front() : in_parentheses(parts)) + settings_text(settings) +
           index_remark(index) + "\n";
  }

  static std::string index_remark(const model::Index& index) {
    std::vector<std::string> words;
    if (index.kind == model::IndexKind::full_text) words.emplace_back("full text");
    if (index.kind == model::IndexKind::spatial) words.emplace_back("spatial");
    for (const model::IndexPart& part : index.parts) {
      model::IndexPart rest = part;
      rest.descending = false;
      if (part_text(rest) != (part.column.empty() ? part.expression : part.column))
        words.push_back(part_text(rest));
    }
    if (!index.where.empty()) words.push_back("where " + index.where);
    if (!index.include.empty()) words.push_back("including " + join(index.include, ", "));
    if (index.nulls_not_distinct) words.emplace_back("nulls not distinct");
    return words.empty() ? "" : " // " + one_line(join(words, ", "));
  }

  void checks(const Table& table) {
    if (table.checks.empty()) return;
    text_ += "\n  checks {\n";
    for (const model::Check& each : table.checks) {
      if (!fits_backticks(each.expression)) {
        text_ += "    // " + one_line(each.name + ": " + each.expression) + "\n";
        continue;
      }
      text_ += "    " + expression_text(each.expression) +
               (each.name.empty() ? "" : " [name: " + string_text(each.name) + "]") + "\n";
    }
    text_ += "  }\n";
  }

  void reference(const Relationship& each) {
    const Table& child = model_.tables[each.child];
    const Table& parent = model_.tables[each.parent];
    if (each.parent_columns.empty()) {
      text_ += "// foreign key " + one_line(reference_text(child, *each.key)) + "\n";
      return;
    }
    const std::string from = name_text(child.name) + "." + columns_text(each.key->columns);
    const std::string to = name_text(parent.name) + "." + columns_text(each.parent_columns);
    std::vector<std::string> settings;
    const auto action = [&](const char* word, model::ReferentialAction value) {
      if (value != model::ReferentialAction::no_action)
        settings.push_back(std::string(word) + ": " + action_text(value));
    };
    action("delete", each.key->on_delete);
    action("update", each.key->on_update);
    text_ += "Ref" + (each.key->name.empty() ? "" : " " + word_text(each.key->name)) + ": " +
             (each.at_most_one ? to + " - " + from : from + " > " + to) + settings_text(settings);
    if (each.key->deferrable) text_ += " // deferrable";
    text_ += "\n";
  }

  const Model& model_;
  const TypeSpelling& type_;
  SchemaFacts facts_;
  std::map<std::string, std::string> enum_of_spelling_;
  std::set<std::string> enum_names_;
  std::string text_;
};

}  // namespace

std::string to_dbml(const Model& model, const TypeSpelling& type) {
  return DbmlWriter(model, type).write();
}

}  // namespace sterna::diagram
