#include "codegen/entities.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "codegen/cpp_text.hpp"
#include "codegen/entity_names.hpp"
#include "codegen/table_code.hpp"
#include "codegen/type_code.hpp"

namespace sterna {
namespace {

using codegen::by_member;
using codegen::CallChain;
using codegen::cpp_string;
using codegen::EntityNames;
using codegen::holder_of;
using codegen::MemberCode;
using model::Column;
using model::Table;
using model::TypeKind;

// As much as a description has room for (include/sterna/describe.hpp).
constexpr std::size_t most_parts = 16;
constexpr std::size_t most_options = 8;

/// "\"Kind\"" → "Kind": as the database prints the name of a type that it has to quote.
std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

class EntityWriter {
 public:
  explicit EntityWriter(const CppEntities& entities) : entities_(entities), names_(entities) {}

  std::string write() {
    for (const Table& table : entities_.model.tables) {
      if (!can_say(table)) names_.forget(table.name);
    }
    std::string enums, structs, descriptions, registered;
    for (const model::EnumType& type : entities_.model.enums) {
      enums += enum_code(type);
      descriptions += enum_description(type);
    }
    for (const Table& table : entities_.model.tables) {
      if (!names_.knows(table)) continue;
      structs += struct_code(table);
      descriptions += table_description(table);
      registered += (registered.empty() ? "" : ", ") + names_.full(names_.of(table).name);
    }
    std::string text =
        "// Written by `sterna schema inspect --format cpp`: the tables of a database as "
        "entities.\n"
        "#pragma once\n\n#include <sterna/entity.hpp>\n#include <sterna/model.hpp>\n\n"
        "#include <cstdint>\n#include <optional>\n#include <string>\n\n";
    text += "namespace " + entities_.name_space + " {\n\n" + enums + structs + "}  // namespace " +
            entities_.name_space + "\n\n" + descriptions;
    if (!registered.empty()) text += "STERNA_MODEL(" + registered + ");\n";
    return text + unsaid_code();
  }

 private:
  // ---- enums ----

  std::string enum_code(const model::EnumType& type) const {
    const EntityNames::Enum& names = names_.of(type);
    std::vector<std::string> values;
    for (const std::string& value : type.values) values.push_back(names.values.at(value));
    return "enum class " + names.name + " { " + join(values, ", ") + " };\n\n";
  }

  std::string enum_description(const model::EnumType& type) {
    const EntityNames::Enum& names = names_.of(type);
    const std::string name = names_.full(names.name);
    if (!type.comment.empty()) unsaid_.push_back("comment of enum " + type.name.text());
    std::string code = "template <>\ninline constexpr auto sterna::enumeration<" + name +
                       "> = sterna::enum_type<" + name + ">(\n    " + cpp_string(type.name.text());
    for (const std::string& value : type.values) {
      code += ",\n    sterna::value(" + name + "::" + names.values.at(value) + ", " +
              cpp_string(value) + ")";
    }
    return code + ");\n\n";
  }

  const model::EnumType* enum_of(const model::Type& type) const {
    if (type.kind != TypeKind::native) return nullptr;
    for (const model::EnumType& one : entities_.model.enums) {
      if (one.name.text() == without_quotes(type.name)) return &one;
    }
    return nullptr;
  }

  // ---- columns ----

  std::optional<MemberCode> member_of(const Column& column) const {
    if (const model::EnumType* type = enum_of(column.type))
      return MemberCode{names_.of(*type).name, {}, type, false, false};
    if (std::optional<MemberCode> member = by_member(column.type)) return member;
    MemberCode member = holder_of(column.type);
    if (column.type == model::Type{}) {  // SQLite: no type at all
      member.call = ".type(\"\")";
      return member;
    }
    if (const auto code = codegen::type_code(column.type)) {
      member.call = code->name == "native" ? ".type(" + code->arguments + ")"
                                           : ".type([] { return " + code->value() + "; })";
      return member;
    }
    if (!entities_.type_name) return std::nullopt;
    try {
      member.call = ".type(" + cpp_string(entities_.type_name(column.type)) + ")";
      return member;
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  std::string struct_code(const Table& table) const {
    const EntityNames::Struct& names = names_.of(table);
    std::string code = "struct " + names.name + " {\n";
    for (const Column& column : table.columns) {
      const MemberCode member = *member_of(column);
      code += "  " + (column.nullable ? "std::optional<" + member.type + ">" : member.type) + " " +
              names.members.at(column.name) + "{};\n";
    }
    return code + "};\n\n";
  }

  static std::string call(std::string_view name, const std::string& argument = {}) {
    return "." + std::string(name) + "(" + argument + ")";
  }

  std::string default_call(const model::Default& value, const MemberCode& member) const {
    using Kind = model::Default::Kind;
    using Literal = model::Default::Literal;
    if (value.kind == Kind::now) return ".default_now()";
    const std::string text = cpp_string(value.text);
    if (value.kind == Kind::expression) return call("default_expression", text);
    const std::string code = codegen::default_code(value);
    switch (value.literal) {
      case Literal::null:
        return ".default_null()";
      case Literal::boolean:
        return member.type == "bool" ? call("default_to", code) : call("default_expression", text);
      case Literal::number:
        return member.is_number && !code.starts_with("sterna") ? call("default_to", code)
                                                               : call("default_expression", text);
      case Literal::string:
        break;
    }
    if (member.enumeration != nullptr) {
      const auto& names = names_.of(*member.enumeration);
      const auto found = names.values.find(value.text);
      if (found != names.values.end())
        return call("default_to", names_.full(names.name) + "::" + found->second);
    }
    return call(member.is_text ? "default_to" : "default_text", text);
  }

  bool add_options(CallChain& chain, const std::map<std::string, std::string>& options,
                   std::size_t most = most_options) const {
    if (options.size() > most) return false;
    for (const auto& [key, value] : options)
      chain.add(call("option", cpp_string(key) + ", " + cpp_string(value)));
    return true;
  }

  std::optional<CallChain> column_chain(const Table& table, const Column& column) const {
    const std::optional<MemberCode> member = member_of(column);
    const bool other_update = column.on_update && *column.on_update != "CURRENT_TIMESTAMP";
    if (!member || other_update) return std::nullopt;
    CallChain chain;
    chain.head = "sterna::column<" + names_.pointer(table.name, column.name) + ">(" +
                 cpp_string(column.name) + ")";
    if (!member->call.empty()) chain.add(member->call);
    if (is_key_alone(table, column)) chain.add(".primary()");
    if (column.auto_increment) chain.add(".auto_increment()");
    if (column.identity == model::Identity::by_default) chain.add(".identity()");
    if (column.identity == model::Identity::always) chain.add(".identity(sterna::Always)");
    if (column.default_value) chain.add(default_call(*column.default_value, *member));
    if (column.generated) {
      chain.add(call("generated", cpp_string(column.generated->expression) +
                                      (column.generated->stored ? "" : ", sterna::Virtual")));
    }
    if (column.on_update) chain.add(".on_update_now()");
    if (!column.charset.empty()) chain.add(call("charset", cpp_string(column.charset)));
    if (!column.collation.empty()) chain.add(call("collate", cpp_string(column.collation)));
    if (column.is_static) chain.add(".static_()");
    if (!column.comment.empty()) chain.add(call("comment", cpp_string(column.comment)));
    if (!add_options(chain, column.options)) return std::nullopt;
    return chain;
  }

  // ---- keys ----

  bool has_own_name(const Table& table, const model::PrimaryKey& key) const {
    const bool implied =
        entities_.capabilities.names_primary_keys && key.name == table.name.name + "_pkey";
    return !key.name.empty() && !implied;
  }
  static bool is_plain(const model::IndexPart& part) {
    model::IndexPart bare;
    bare.column = part.column;
    return !part.column.empty() && part == bare;
  }
  bool is_key_alone(const Table& table, const Column& column) const {
    const auto& key = table.primary_key;
    return key && key->parts.size() == 1 && is_plain(key->parts[0]) && key->options.empty() &&
           key->parts[0].column == column.name && !has_own_name(table, *key) &&
           table.clustering_key.empty();
  }

  std::optional<std::string> part_code(const Table& table, const model::IndexPart& part) const {
    std::string code;
    if (part.column.empty()) {
      code = "sterna::by(" + cpp_string(part.expression) + ")";
    } else {
      const std::string pointer = names_.pointer(table.name, part.column);
      if (pointer.empty()) return std::nullopt;
      code = "sterna::by<" + pointer + ">()";
    }
    if (part.descending) code += ".desc()";
    if (!part.nulls.empty()) code += part.nulls == "first" ? ".nulls_first()" : ".nulls_last()";
    if (part.prefix_length) code += call("prefix", std::to_string(*part.prefix_length));
    if (!part.operator_class.empty())
      code += call("operator_class", cpp_string(part.operator_class));
    if (!part.collation.empty()) code += call("collate", cpp_string(part.collation));
    return code;
  }

  /// `sterna::index<&T::a, &T::b>()`, or with parts where they have an order.
  std::optional<CallChain> over(const std::string& kind, const Table& table,
                                const std::vector<model::IndexPart>& parts) const {
    if (parts.empty() || parts.size() > most_parts) return std::nullopt;
    const bool members = std::all_of(parts.begin(), parts.end(), is_plain);
    std::vector<std::string> codes;
    for (const model::IndexPart& part : parts) {
      if (members) {
        codes.push_back(names_.pointer(table.name, part.column));
        if (codes.back().empty()) return std::nullopt;
      } else if (const auto code = part_code(table, part)) {
        codes.push_back(*code);
      } else {
        return std::nullopt;
      }
    }
    CallChain chain;
    chain.head = "sterna::" + kind;
    chain.head += members ? "<" + join(codes, ", ") + ">()" : "(" + join(codes, ", ") + ")";
    return chain;
  }
  std::optional<CallChain> over(const std::string& kind, const Table& table,
                                const std::vector<std::string>& columns) const {
    std::vector<model::IndexPart> parts;
    for (const std::string& column : columns) {
      model::IndexPart part;
      part.column = column;
      parts.push_back(std::move(part));
    }
    return over(kind, table, parts);
  }

  template <class Key>
  void add_name(CallChain& chain, const Table& table, const Key& key) const {
    const std::string usual =
        model::default_name(table.name, key, entities_.capabilities.max_identifier_length);
    if (!key.name.empty() && key.name != usual) chain.add(call("name", cpp_string(key.name)));
  }
  template <class Key>
  static void add_deferrable(CallChain& chain, const Key& key) {
    if (key.deferrable) chain.add(key.initially_deferred ? ".deferrable(true)" : ".deferrable()");
  }

  std::optional<CallChain> key_chain(const Table& table, const model::PrimaryKey& key) const {
    std::optional<CallChain> chain = over("primary_key", table, key.parts);
    if (!chain) return std::nullopt;
    if (has_own_name(table, key)) chain->add(call("name", cpp_string(key.name)));
    return add_options(*chain, key.options) ? chain : std::nullopt;
  }
  std::optional<CallChain> key_chain(const Table& table, const model::Unique& unique) const {
    std::optional<CallChain> chain = over("unique", table, unique.columns);
    if (!chain) return std::nullopt;
    add_name(*chain, table, unique);
    add_deferrable(*chain, unique);
    if (unique.nulls_not_distinct) chain->add(".nulls_not_distinct()");
    return add_options(*chain, unique.options) ? chain : std::nullopt;
  }
  std::optional<CallChain> key_chain(const Table& table, const model::Index& index) const {
    const bool plain = std::all_of(index.parts.begin(), index.parts.end(), is_plain);
    if (index.kind != model::IndexKind::plain && !plain) return std::nullopt;
    std::optional<CallChain> chain = over(index.kind == model::IndexKind::full_text ? "full_text"
                                          : index.kind == model::IndexKind::spatial ? "spatial"
                                                                                    : "index",
                                          table, index.parts);
    if (!chain || index.include.size() > most_parts) return std::nullopt;
    add_name(*chain, table, index);
    if (index.unique) chain->add(".unique()");
    if (!index.method.empty()) chain->add(call("method", cpp_string(index.method)));
    if (!index.where.empty()) chain->add(call("where", cpp_string(index.where)));
    if (!index.include.empty()) {
      std::vector<std::string> pointers;
      for (const std::string& column : index.include)
        pointers.push_back(names_.pointer(table.name, column));
      if (std::count(pointers.begin(), pointers.end(), "") != 0) return std::nullopt;
      chain->add(".include<" + join(pointers, ", ") + ">()");
    }
    if (!index.language.empty()) chain->add(call("language", cpp_string(index.language)));
    if (!index.parser.empty()) chain->add(call("parser", cpp_string(index.parser)));
    if (index.nulls_not_distinct) chain->add(".nulls_not_distinct()");
    if (!index.comment.empty()) chain->add(call("comment", cpp_string(index.comment)));
    return add_options(*chain, index.options) ? chain : std::nullopt;
  }
  std::optional<CallChain> key_chain(const Table& table, const model::ForeignKey& key) const {
    std::optional<CallChain> chain = over("foreign_key", table, key.columns);
    if (!chain || key.columns.size() != key.referenced_columns.size()) return std::nullopt;
    std::vector<std::string> pointers, texts{cpp_string(key.referenced_table.text())};
    for (const std::string& column : key.referenced_columns) {
      pointers.push_back(names_.pointer(key.referenced_table, column));
      texts.push_back(cpp_string(column));
    }
    const bool described = std::count(pointers.begin(), pointers.end(), "") == 0;
    chain->add(described ? ".references<" + join(pointers, ", ") + ">()"
                         : call("references_table", join(texts, ", ")));
    add_name(*chain, table, key);
    using Action = model::ReferentialAction;
    if (key.on_delete != Action::no_action)
      chain->add(call("on_delete", std::string(codegen::action_word(key.on_delete))));
    if (key.on_update != Action::no_action)
      chain->add(call("on_update", std::string(codegen::action_word(key.on_update))));
    add_deferrable(*chain, key);
    if (key.not_valid) chain->add(".not_valid()");
    if (!key.match.empty()) chain->add(call("match", cpp_string(key.match)));
    return add_options(*chain, key.options) ? chain : std::nullopt;
  }
  std::optional<CallChain> key_chain(const Table&, const model::Check& check) const {
    CallChain chain;
    chain.head = "sterna::check(" + cpp_string(check.expression) + ")";
    chain.add(check.name.empty() ? ".unnamed()" : call("name", cpp_string(check.name)));
    if (check.not_valid) chain.add(".not_valid()");
    if (check.not_enforced) chain.add(".not_enforced()");
    return add_options(chain, check.options) ? std::optional(chain) : std::nullopt;
  }
  std::optional<CallChain> key_chain(const Table& table, const model::Exclusion& exclusion) const {
    std::vector<std::string> parts;
    for (const auto& element : exclusion.elements) {
      const std::string pointer = names_.pointer(table.name, element.column_or_expression);
      parts.push_back((pointer.empty()
                           ? "sterna::by(" + cpp_string(element.column_or_expression) + ")"
                           : "sterna::by<" + pointer + ">()") +
                      call("with_operator", cpp_string(element.with_operator)));
    }
    if (parts.empty() || parts.size() > most_parts) return std::nullopt;
    CallChain chain;
    chain.head = "sterna::exclude(" + join(parts, ", ") + ")";
    add_name(chain, table, exclusion);
    if (exclusion.method != "gist") chain.add(call("method", cpp_string(exclusion.method)));
    if (!exclusion.where.empty()) chain.add(call("where", cpp_string(exclusion.where)));
    add_deferrable(chain, exclusion);
    return add_options(chain, exclusion.options) ? std::optional(chain) : std::nullopt;
  }

  // ---- tables ----

  std::optional<CallChain> settings(const Table& table) const {
    CallChain chain;
    if (!table.comment.empty()) chain.add(call("comment", cpp_string(table.comment)));
    if (!table.engine.empty()) chain.add(call("engine", cpp_string(table.engine)));
    if (!table.charset.empty()) chain.add(call("charset", cpp_string(table.charset)));
    if (!table.collation.empty()) chain.add(call("collation", cpp_string(table.collation)));
    if (table.strict) chain.add(".strict()");
    if (table.without_rowid) chain.add(".without_rowid()");
    if (!table.partition_key.empty() && !clustering(table, chain)) return std::nullopt;
    return add_options(chain, table.options, 2 * most_options) ? std::optional(chain)
                                                               : std::nullopt;
  }
  bool clustering(const Table& table, CallChain& chain) const {
    std::vector<std::string> partition, parts;
    for (const std::string& column : table.partition_key)
      partition.push_back(names_.pointer(table.name, column));
    for (const std::string& column : table.clustering_key) {
      model::IndexPart part;
      part.column = column;
      if (table.primary_key) {
        for (const model::IndexPart& known : table.primary_key->parts)
          if (known.column == column) part.descending = known.descending;
      }
      const auto code = part_code(table, part);
      if (!code) return false;
      parts.push_back(*code);
    }
    chain.add(".partition_key<" + join(partition, ", ") + ">()");
    if (!parts.empty()) chain.add(call("clustering_key", join(parts, ", ")));
    return std::count(partition.begin(), partition.end(), "") == 0;
  }

  bool can_say(const Table& table) {
    const std::string words = "table " + table.name.text();
    for (const Column& column : table.columns) {
      if (column_chain(table, column)) continue;
      unsaid_.push_back(words + " (its column " + column.name + ")");
      return false;
    }
    const bool named = model::Name(table.name.text()) == table.name;
    if (named && !table.columns.empty() && settings(table)) return true;
    unsaid_.push_back(words);
    return false;
  }

  std::string table_description(const Table& table) {
    const std::string name = names_.full(names_.of(table).name);
    const std::string words = "table " + table.name.text();
    std::vector<std::string> parts;
    for (const Column& column : table.columns)
      parts.push_back(column_chain(table, column)->text(4, ""));
    const auto add = [&](const auto& key, const std::string& what) {
      const std::optional<CallChain> chain = key_chain(table, key);
      if (chain)
        parts.push_back(chain->text(4, ""));
      else
        unsaid_.push_back(words + ": " + what + " " + key.name);
    };
    if (const auto& key = table.primary_key; key && !key->parts.empty()) {
      const Column* column = table.column(key->parts[0].column);
      const bool beside = column != nullptr && is_key_alone(table, *column);
      if (!beside && table.clustering_key.empty()) add(*key, "primary key");
    }
    for (const model::Unique& unique : table.uniques) add(unique, "unique key");
    for (const model::Index& index : table.indexes) add(index, "index");
    for (const model::ForeignKey& key : table.foreign_keys) add(key, "foreign key");
    for (const model::Check& check : table.checks) add(check, "check");
    for (const model::Exclusion& exclusion : table.exclusions) add(exclusion, "exclusion");
    std::string code = "template <>\ninline constexpr auto sterna::entity<" + name +
                       "> = sterna::table<" + name + ">(\n    " + cpp_string(table.name.text()) +
                       ",\n" + join(parts, ",\n") + ")";
    const CallChain calls = settings(table).value();
    for (const std::string& link : calls.links) code += "\n    " + link;
    return code + ";\n\n";
  }

  std::string unsaid_code() const {
    std::vector<std::string> lines;
    for (const model::Object& object : entities_.model.objects)
      lines.push_back(model::key_of(object));
    for (const model::UserType& type : entities_.model.types) lines.push_back(type_line(type));
    lines.insert(lines.end(), unsaid_.begin(), unsaid_.end());
    if (lines.empty()) return {};
    std::string text = "\n// Entities do not say what there is beside:\n";
    for (std::string line : lines) {
      std::replace(line.begin(), line.end(), '\n', ' ');
      text += "//   " + line + (line.ends_with('\\') ? "." : "") + "\n";
    }
    return text;
  }

  std::string type_line(const model::UserType& type) const {
    std::vector<std::string> fields;
    for (const model::TypeField& field : type.fields)
      fields.push_back(field.name +
                       (entities_.type_name ? " " + entities_.type_name(field.type) : ""));
    return "type " + type.name.text() + " (" + join(fields, ", ") + ")";
  }

  const CppEntities& entities_;
  EntityNames names_;
  std::vector<std::string> unsaid_;
};

}  // namespace

std::string cpp_entities(const CppEntities& entities) { return EntityWriter(entities).write(); }

}  // namespace sterna
