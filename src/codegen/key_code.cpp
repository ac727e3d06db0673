#include "codegen/key_code.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace sterna::codegen {
namespace {

using Code = std::optional<std::string>;

std::string part_code(const model::IndexPart& part) {
  const std::string text = cpp_string(part.column.empty() ? part.expression : part.column);
  const std::string operand = part.column.empty() ? "sterna::expression(" + text + ")" : text;
  std::string code = part.descending       ? "sterna::desc(" + operand + ")"
                     : part.column.empty() ? "sterna::IndexColumn(" + operand + ")"
                                           : "sterna::asc(" + operand + ")";
  const std::size_t bare = code.size();
  if (part.nulls == "first") code += ".nulls_first()";
  if (part.nulls == "last") code += ".nulls_last()";
  if (part.prefix_length) code += call("prefix", std::to_string(*part.prefix_length));
  if (!part.operator_class.empty()) code += call("operator_class", cpp_string(part.operator_class));
  if (!part.collation.empty()) code += call("collate", cpp_string(part.collation));
  return code.size() == bare && !part.descending ? operand : code;
}

std::vector<std::string> columns_of(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> names;
  for (const model::IndexPart& part : parts) names.push_back(part.column);
  return names;
}

/// Nothing for the name that it gets anyway.
std::string name_argument(const std::string& name, const std::string& usual) {
  return name.empty() || name == usual ? "" : ", " + cpp_string(name);
}
template <class Key>
void add_deferrable(CallChain& chain, const Key& key) {
  if (key.deferrable) chain.add(key.initially_deferred ? ".deferrable(true)" : ".deferrable()");
}

}  // namespace

bool is_plain(const model::IndexPart& part) {
  model::IndexPart plain;
  plain.column = part.column;
  return !part.column.empty() && part == plain;
}

std::string_view action_word(model::ReferentialAction action) {
  switch (action) {
    case model::ReferentialAction::no_action:
      return "sterna::NoAction";
    case model::ReferentialAction::restrict_:
      return "sterna::Restrict";
    case model::ReferentialAction::cascade:
      return "sterna::Cascade";
    case model::ReferentialAction::set_null:
      return "sterna::SetNull";
    case model::ReferentialAction::set_default:
      return "sterna::SetDefault";
  }
  return "sterna::NoAction";
}

std::string parts_code(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> codes;
  for (const model::IndexPart& part : parts) codes.push_back(part_code(part));
  return codes.size() == 1 ? codes.front() : "{" + join(codes, ", ") + "}";
}

Code KeyCode::operator()(const model::PrimaryKey& key, int indent) const {
  if (key.parts.empty()) return std::nullopt;
  for (const model::IndexPart& part : key.parts) {
    if (part.column.empty()) return std::nullopt;
  }
  CallChain chain;
  chain.head = "table.primary(" + parts_code(key.parts) +
               (has_own_name(key) ? ", " + cpp_string(key.name) : "") + ")";
  add_options(chain, key.options);
  return chain.text(indent);
}

Code KeyCode::operator()(const model::Unique& unique, int indent) const {
  if (unique.columns.empty()) return std::nullopt;
  CallChain chain;
  chain.head = "table.unique(" + cpp_strings(unique.columns) +
               name_argument(unique.name, default_name(unique)) + ")";
  add_deferrable(chain, unique);
  if (unique.nulls_not_distinct) chain.add(".nulls_not_distinct()");
  add_options(chain, unique.options, "constraint_option");
  return chain.text(indent);
}

std::optional<CallChain> KeyCode::index(const model::Index& index, const std::string& head) const {
  const bool plain = std::all_of(index.parts.begin(), index.parts.end(), is_plain);
  if (index.parts.empty() || (index.kind != model::IndexKind::plain && !plain)) return std::nullopt;
  const bool names_alone = index.kind != model::IndexKind::plain;
  const std::string method = index.kind == model::IndexKind::full_text ? "full_text"
                             : index.kind == model::IndexKind::spatial ? "spatial"
                                                                       : "index";
  CallChain chain;
  chain.head = head.empty() ? "table." + method + "(" : head;
  chain.head += (names_alone ? cpp_strings(columns_of(index.parts)) : parts_code(index.parts)) +
                name_argument(index.name, default_name(index)) + ")";
  if (index.unique) chain.add(".unique()");
  if (!index.method.empty()) chain.add(call("method", cpp_string(index.method)));
  if (!index.where.empty()) chain.add(call("where", cpp_string(index.where)));
  if (!index.include.empty()) chain.add(call("include", cpp_strings(index.include)));
  if (!index.language.empty()) chain.add(call("language", cpp_string(index.language)));
  if (!index.parser.empty()) chain.add(call("parser", cpp_string(index.parser)));
  if (index.nulls_not_distinct) chain.add(".nulls_not_distinct()");
  if (!index.comment.empty()) chain.add(call("comment", cpp_string(index.comment)));
  add_options(chain, index.options);
  return chain;
}

Code KeyCode::operator()(const model::Index& value, int indent) const {
  const std::optional<CallChain> chain = index(value, {});
  return chain ? Code(chain->text(indent)) : std::nullopt;
}

Code KeyCode::operator()(const model::ForeignKey& key, int indent) const {
  const std::string referenced = key.referenced_table.text();
  if (key.columns.empty() || key.columns.size() != key.referenced_columns.size() ||
      model::Name(referenced) != key.referenced_table) {
    return std::nullopt;
  }
  CallChain chain;
  chain.head = "table.foreign(" + cpp_strings(key.columns) +
               name_argument(key.name, default_name(key)) + ")";
  chain.add(call("references", cpp_strings(key.referenced_columns)));
  chain.add(call("on", cpp_string(referenced)));
  using Action = model::ReferentialAction;
  if (key.on_delete != Action::no_action)
    chain.add(call("on_delete", std::string(action_word(key.on_delete))));
  if (key.on_update != Action::no_action)
    chain.add(call("on_update", std::string(action_word(key.on_update))));
  add_deferrable(chain, key);
  if (key.not_valid) chain.add(".not_valid()");
  if (!key.match.empty()) chain.add(call("match", cpp_string(key.match)));
  add_options(chain, key.options);
  return chain.text(indent);
}

Code KeyCode::operator()(const model::Check& check, int indent) const {
  if (check.expression.empty()) return std::nullopt;
  CallChain chain;
  chain.head = "table.check(" + cpp_string(check.expression) +
               (check.name.empty() ? "" : ", " + cpp_string(check.name)) + ")";
  if (check.name.empty()) chain.add(".unnamed()");
  if (check.not_valid) chain.add(".not_valid()");
  if (check.not_enforced) chain.add(".not_enforced()");
  add_options(chain, check.options);
  return chain.text(indent);
}

Code KeyCode::operator()(const model::Exclusion& exclusion, int indent) const {
  if (exclusion.elements.empty()) return std::nullopt;
  std::vector<std::string> elements;
  for (const auto& element : exclusion.elements) {
    elements.push_back("{" + cpp_string(element.column_or_expression) + ", " +
                       cpp_string(element.with_operator) + "}");
  }
  CallChain chain;
  chain.head = "table.exclude({" + join(elements, ", ") + "}" +
               name_argument(exclusion.name, default_name(exclusion)) + ")";
  if (exclusion.method != "gist") chain.add(call("method", cpp_string(exclusion.method)));
  if (!exclusion.where.empty()) chain.add(call("where", cpp_string(exclusion.where)));
  add_deferrable(chain, exclusion);
  add_options(chain, exclusion.options);
  return chain.text(indent);
}

bool KeyCode::has_own_name(const model::PrimaryKey& key) const {
  const bool implied =
      context_.capabilities.names_primary_keys && key.name == table_.name + "_pkey";
  return !key.name.empty() && !implied;
}

}  // namespace sterna::codegen
