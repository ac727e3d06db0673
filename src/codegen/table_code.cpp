#include "codegen/table_code.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "codegen/cpp_text.hpp"
#include "codegen/type_code.hpp"

namespace sterna::codegen {
namespace {

using model::Column;
using Code = std::optional<std::string>;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string call(std::string_view name, const std::string& argument = {}) {
  return "." + std::string(name) + "(" + argument + ")";
}
std::string call(std::string_view name, std::string_view key, std::string_view value) {
  return call(name, cpp_string(key) + ", " + cpp_string(value));
}

/// The method of TableBuilder that makes a column of a type; empty: it has none of its own.
std::string method_of(const std::string& type) {
  static const std::set<std::string_view> none{"varint", "duration", "ascii"};
  if (none.contains(type)) return {};
  if (type == "native") return "type";
  if (type == "array") return "array_of";
  if (type == "set_of_values") return "set";
  if (type == "set") return "set_of";
  return type;
}

bool is_integer(const model::Type& type) {
  using model::TypeKind;
  switch (type.kind) {
    case TypeKind::tiny_integer:
    case TypeKind::small_integer:
    case TypeKind::medium_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
      return true;
    default:
      return false;
  }
}

/// The database's own spelling of a type for which there is no call.
std::optional<TypeCode> native_code(const model::Type& type, const TableContext& context) {
  if (!context.type_name) return std::nullopt;
  try {
    return TypeCode{"native", cpp_string(context.type_name(type)), false};
  } catch (const Error&) {  // only its renderer can write it, with the column around it
    return std::nullopt;
  }
}

/// `table.string("title", 200)`, and `.unsigned_()`.
std::optional<CallChain> column_head(const Column& column, const TableContext& context,
                                     std::string_view builder) {
  const std::string name = cpp_string(column.name);
  std::optional<TypeCode> code = type_code(column.type);
  if (!code) code = native_code(column.type, context);
  if (!code) return std::nullopt;
  const std::string method = method_of(code->name);
  CallChain chain;
  chain.head = std::string(builder) + ".";
  if (method.empty()) {
    chain.head += "column(" + name + ", " + code->value() + ")";
    return chain;
  }
  chain.head += method + "(" + name + (code->arguments.empty() ? "" : ", " + code->arguments) + ")";
  if (code->is_unsigned) chain.add(".unsigned_()");
  return chain;
}

void add_options(CallChain& chain, const std::map<std::string, std::string>& options,
                 std::string_view method = "option") {
  for (const auto& [key, value] : options) chain.add(call(method, key, value));
}

/// Everything of a column; nothing when the builder would refuse or lose a part of it.
std::optional<CallChain> column_chain(const Column& column, const TableContext& context,
                                      std::string_view builder) {
  std::optional<CallChain> chain = column_head(column, context, builder);
  const bool numbered = column.auto_increment || column.identity != model::Identity::none;
  if (!chain || (numbered && !is_integer(column.type))) return std::nullopt;
  if (column.auto_increment && column.identity != model::Identity::none) return std::nullopt;
  if ((numbered || column.generated) && column.default_value) return std::nullopt;
  if (numbered && column.generated) return std::nullopt;
  if (column.on_update && *column.on_update != "CURRENT_TIMESTAMP") return std::nullopt;
  if (column.generated && column.generated->expression.empty()) return std::nullopt;
  if (column.nullable) chain->add(".nullable()");
  if (column.auto_increment) chain->add(".auto_increment()");
  if (column.identity == model::Identity::by_default) chain->add(".identity()");
  if (column.identity == model::Identity::always) chain->add(".identity(sterna::Always)");
  if (column.default_value) chain->add(call("default_to", default_code(*column.default_value)));
  if (column.generated) {
    chain->add(call("generated", cpp_string(column.generated->expression) +
                                     (column.generated->stored ? "" : ", sterna::Virtual")));
  }
  if (column.on_update) chain->add(".on_update_now()");
  if (!column.charset.empty()) chain->add(call("charset", cpp_string(column.charset)));
  if (!column.collation.empty()) chain->add(call("collate", cpp_string(column.collation)));
  if (column.is_static) chain->add(".static_()");
  if (!column.comment.empty()) chain->add(call("comment", cpp_string(column.comment)));
  add_options(*chain, column.options);
  return chain;
}

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

bool is_plain(const model::IndexPart& part) {
  model::IndexPart plain;
  plain.column = part.column;
  return !part.column.empty() && part == plain;
}

std::vector<std::string> columns_of(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> names;
  for (const model::IndexPart& part : parts) names.push_back(part.column);
  return names;
}

/// The calls that describe keys and indexes, whether a table is created or altered.
class KeyCode {
 public:
  KeyCode(const model::Name& table, const TableContext& context)
      : table_(table), context_(context) {}

  Code operator()(const model::PrimaryKey& key, int indent) const {
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

  Code operator()(const model::Unique& unique, int indent) const {
    if (unique.columns.empty()) return std::nullopt;
    CallChain chain;
    chain.head = "table.unique(" + cpp_strings(unique.columns) +
                 name_argument(unique.name, default_name(unique)) + ")";
    add_deferrable(chain, unique);
    if (unique.nulls_not_distinct) chain.add(".nulls_not_distinct()");
    add_options(chain, unique.options, "constraint_option");
    return chain.text(indent);
  }

  std::optional<CallChain> index(const model::Index& index, const std::string& head) const {
    const bool plain = std::all_of(index.parts.begin(), index.parts.end(), is_plain);
    if (index.parts.empty() || (index.kind != model::IndexKind::plain && !plain))
      return std::nullopt;
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
  Code operator()(const model::Index& value, int indent) const {
    const std::optional<CallChain> chain = index(value, {});
    return chain ? Code(chain->text(indent)) : std::nullopt;
  }

  Code operator()(const model::ForeignKey& key, int indent) const {
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

  Code operator()(const model::Check& check, int indent) const {
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

  Code operator()(const model::Exclusion& exclusion, int indent) const {
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

  bool has_own_name(const model::PrimaryKey& key) const {
    const bool implied =
        context_.capabilities.names_primary_keys && key.name == table_.name + "_pkey";
    return !key.name.empty() && !implied;
  }
  template <class Key>
  std::string default_name(const Key& key) const {
    return model::default_name(table_, key, context_.capabilities.max_identifier_length);
  }

 private:
  /// Nothing for the name that it gets anyway.
  static std::string name_argument(const std::string& name, const std::string& usual) {
    return name.empty() || name == usual ? "" : ", " + cpp_string(name);
  }
  template <class Key>
  static void add_deferrable(CallChain& chain, const Key& key) {
    if (key.deferrable) chain.add(key.initially_deferred ? ".deferrable(true)" : ".deferrable()");
  }

  const model::Name& table_;
  const TableContext& context_;
};

/// Keys and indexes of one column that are said beside it: `.primary()`, `.unique()`, `.index()`.
class BesideColumns {
 public:
  BesideColumns(const model::Table& table, const KeyCode& keys) {
    if (const auto& key = table.primary_key; key && key->parts.size() == 1 &&
                                             is_plain(key->parts.front()) &&
                                             !keys.has_own_name(*key) && key->options.empty()) {
      primary_ = key->parts.front().column;
    }
    for (const model::Unique& unique : table.uniques) {
      model::Unique usual;
      usual.columns = unique.columns;
      usual.name = keys.default_name(usual);
      if (unique.columns.size() == 1 && unique == usual) uniques_[unique.columns[0]] = &unique;
    }
    for (const model::Index& index : table.indexes) {
      model::Index usual;
      usual.parts = index.parts;
      usual.name = keys.default_name(usual);
      if (index.parts.size() == 1 && is_plain(index.parts[0]) && index == usual)
        indexes_[index.parts[0].column] = &index;
    }
  }

  void add(CallChain& chain, const Column& column) const {
    if (column.name == primary_) chain.add(".primary()");
    if (uniques_.contains(column.name)) chain.add(".unique()");
    if (indexes_.contains(column.name)) chain.add(".index()");
  }
  bool holds(const model::PrimaryKey&) const { return !primary_.empty(); }
  bool holds(const model::Unique& unique) const { return holds(uniques_, &unique); }
  bool holds(const model::Index& index) const { return holds(indexes_, &index); }
  template <class Other>
  bool holds(const Other&) const {
    return false;
  }

 private:
  template <class Key>
  static bool holds(const std::map<std::string, const Key*>& keys, const Key* wanted) {
    return std::any_of(keys.begin(), keys.end(),
                       [&](const auto& entry) { return entry.second == wanted; });
  }

  std::string primary_;
  std::map<std::string, const model::Unique*> uniques_;
  std::map<std::string, const model::Index*> indexes_;
};

/// `table.id()` says the most usual first column at once.
std::string shortened(const std::string& line, const std::string& margin) {
  const std::string big = "table.big_integer(", small = "table.integer(",
                    end = ").auto_increment().primary();\n";
  if (!line.ends_with(end)) return line;
  for (const auto& [head, method] : {std::pair{big, "id"}, std::pair{small, "increments"}}) {
    if (!line.starts_with(margin + head)) continue;
    const std::size_t begin = margin.size() + head.size();
    const std::string name = line.substr(begin, line.size() - end.size() - begin);
    return margin + "table." + method + "(" + (name == "\"id\"" ? "" : name) + ");\n";
  }
  return line;
}

std::string settings_code(const model::Table& table, const std::string& margin) {
  std::string code;
  const auto say = [&](std::string_view method, const std::string& argument) {
    code += margin + "table" + call(method, argument) + ";\n";
  };
  if (!table.comment.empty()) say("comment", cpp_string(table.comment));
  if (!table.engine.empty()) say("engine", cpp_string(table.engine));
  if (!table.charset.empty()) say("charset", cpp_string(table.charset));
  if (!table.collation.empty()) say("collation", cpp_string(table.collation));
  if (table.strict) say("strict", "");
  if (table.without_rowid) say("without_rowid", "");
  if (table.temporary) say("temporary", "");
  if (!table.partition_key.empty()) say("partition_key", cpp_strings(table.partition_key));
  if (!table.clustering_key.empty()) say("clustering_key", cpp_strings(table.clustering_key));
  for (const auto& [key, value] : table.options)
    say("option", cpp_string(key) + ", " + cpp_string(value));
  return code;
}

// ---- actions ----

/// The column as it shall be, and as it was: what is called and differs is changed.
Code modify_code(const ModifyColumn& action, const TableContext& context, int indent) {
  std::optional<CallChain> chain = column_chain(action.to, context, "table");
  if (!chain || !type_code(action.to.type)) return std::nullopt;
  const auto changes = [&](ModifyColumn::Part part) { return (action.parts & part) != 0; };
  if (changes(ModifyColumn::nullability) && !action.to.nullable) chain->add(".not_null()");
  if (changes(ModifyColumn::default_value) && !action.to.default_value) chain->add(".no_default()");
  if (changes(ModifyColumn::comment) && action.to.comment.empty()) chain->add(".comment(\"\")");
  if (changes(ModifyColumn::generated) && !action.to.generated) chain->add(".not_generated()");
  if (changes(ModifyColumn::collation) && action.to.charset.empty() &&
      action.to.collation.empty()) {
    chain->add(".collate(\"\")");
  }
  if (changes(ModifyColumn::identity) && !action.to.auto_increment &&
      action.to.identity == model::Identity::none) {
    chain->add(".no_identity()");
  }
  if (!action.using_expression.empty())
    chain->add(call("using_", cpp_string(action.using_expression)));
  if (action.first) chain->add(".first()");
  if (!action.after.empty()) chain->add(call("after", cpp_string(action.after)));
  constexpr unsigned placed = ModifyColumn::position;
  if (!action.was) {
    // Without knowing what it was, what is called is what is changed.
    constexpr unsigned sayable = ModifyColumn::type | ModifyColumn::nullability |
                                 ModifyColumn::default_value | ModifyColumn::comment;
    const bool all = (action.parts & ~placed) == sayable;
    if (!all) return std::nullopt;
    chain->add(".alter()");
    return chain->text(indent);
  }
  const unsigned between = ModifyColumn::parts_between(*action.was, action.to);
  const std::optional<CallChain> former = column_chain(*action.was, context, "former");
  const bool forced = !action.using_expression.empty();
  const unsigned expected = between | (forced ? static_cast<unsigned>(ModifyColumn::type) : 0U);
  const bool options_go = changes(ModifyColumn::options) && action.to.options.empty();
  if (!former || !type_code(action.was->type) || action.was->name != action.to.name || options_go ||
      (action.parts & ~placed) != expected) {
    return std::nullopt;
  }
  chain->add(".alter([](sterna::TableBuilder& former) {\n" + former->text(indent + 6) +
             std::string(static_cast<std::size_t>(indent) + 4, ' ') + "})");
  return chain->text(indent);
}

class ActionCode {
 public:
  ActionCode(const model::Name& table, const TableContext& context, int indent)
      : context_(context), keys_(table, context), indent_(indent) {}

  Code operator()(const AddColumn& a) const {
    std::optional<CallChain> chain = column_chain(a.column, context_, "table");
    if (!chain) return std::nullopt;
    if (a.if_missing) chain->add(".if_missing()");
    if (a.first) chain->add(".first()");
    if (!a.after.empty()) chain->add(call("after", cpp_string(a.after)));
    return chain->text(indent_);
  }
  Code operator()(const DropColumn& a) const {
    return line(a.if_exists ? "drop_column_if_exists" : "drop_column", cpp_string(a.name));
  }
  Code operator()(const RenameColumn& a) const {
    return line("rename_column", cpp_string(a.from) + ", " + cpp_string(a.to));
  }
  Code operator()(const ModifyColumn& a) const { return modify_code(a, context_, indent_); }
  Code operator()(const AddPrimaryKey& a) const { return keys_(a.key, indent_); }
  Code operator()(const DropPrimaryKey& a) const {
    return line("drop_primary", a.name.empty() ? "" : cpp_string(a.name));
  }
  Code operator()(const AddUnique& a) const { return keys_(a.unique, indent_); }
  Code operator()(const AddForeignKey& a) const { return keys_(a.key, indent_); }
  Code operator()(const AddCheck& a) const { return keys_(a.check, indent_); }
  Code operator()(const AddExclusion& a) const { return keys_(a.exclusion, indent_); }
  Code operator()(const DropConstraint& a) const {
    static constexpr const char* methods[] = {"drop_unique", "drop_foreign", "drop_check",
                                              "drop_exclusion"};
    if (a.if_exists) return std::nullopt;
    const std::string method = methods[static_cast<std::size_t>(a.kind)];
    if (!a.name.empty()) return line(method, cpp_string(a.name));
    const auto* check = a.was ? std::get_if<model::Check>(&*a.was) : nullptr;
    if (check == nullptr) return std::nullopt;
    return line(method, "\"\", [](sterna::TableBuilder& former) { former.check(" +
                            cpp_string(check->expression) + ").unnamed(); }");
  }
  Code operator()(const ValidateConstraint& a) const {
    return line("validate_constraint", cpp_string(a.name));
  }
  Code operator()(const AddIndex& a) const {
    std::optional<CallChain> chain = keys_.index(a.index, {});
    if (!chain) return std::nullopt;
    if (a.concurrently) chain->add(".concurrently()");
    if (a.if_missing) chain->add(".if_missing()");
    return chain->text(indent_);
  }
  Code operator()(const DropIndex& a) const {
    if (a.if_exists || a.concurrently || a.name.empty()) return std::nullopt;
    return line("drop_index", cpp_string(a.name));
  }
  Code operator()(const RenameIndex& a) const {
    return line("rename_index", cpp_string(a.from) + ", " + cpp_string(a.to));
  }
  Code operator()(const SetTableComment& a) const { return line("comment", cpp_string(a.comment)); }
  Code operator()(const SetTableOption& a) const {
    return line("option", cpp_string(a.key) + ", " + cpp_string(a.value) +
                              (a.was ? ", " + cpp_string(*a.was) : ""));
  }
  template <class Other>
  Code operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  Code line(const std::string& method, const std::string& arguments) const {
    CallChain chain;
    chain.head = "table." + method + "(" + arguments + ")";
    return chain.text(indent_);
  }

  const TableContext& context_;
  KeyCode keys_;
  int indent_;
};

}  // namespace

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

Code table_code(const model::Table& table, const TableContext& context, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const KeyCode keys(table.name, context);
  const BesideColumns beside(table, keys);
  std::string code;
  bool complete = !table.columns.empty();
  for (const Column& column : table.columns) {
    std::optional<CallChain> chain = column_chain(column, context, "table");
    if (!chain) return std::nullopt;
    beside.add(*chain, column);
    code += shortened(chain->text(indent), margin);
  }
  const auto add = [&](const auto& key) {
    if (beside.holds(key)) return;
    const Code said = keys(key, indent);
    complete = complete && said.has_value();
    code += said.value_or("");
  };
  if (table.primary_key) add(*table.primary_key);
  for (const model::Unique& unique : table.uniques) add(unique);
  for (const model::Index& index : table.indexes) add(index);
  for (const model::ForeignKey& key : table.foreign_keys) add(key);
  for (const model::Check& check : table.checks) add(check);
  for (const model::Exclusion& exclusion : table.exclusions) add(exclusion);
  code += settings_code(table, margin);
  return complete ? Code(std::move(code)) : std::nullopt;
}

Code action_code(const model::Name& table, const TableAction& action, const TableContext& context,
                 int indent) {
  return std::visit(ActionCode(table, context, indent), action);
}

}  // namespace sterna::codegen
