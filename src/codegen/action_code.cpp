#include "codegen/key_code.hpp"
#include "codegen/type_code.hpp"

namespace sterna::codegen {
namespace {

using Code = std::optional<std::string>;

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
  Code operator()(const AddPrimaryKey& a) const {
    return a.keeps_nulls ? std::nullopt : keys_(a.key, indent_);
  }
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

Code action_code(const model::Name& table, const TableAction& action, const TableContext& context,
                 int indent) {
  return std::visit(ActionCode(table, context, indent), action);
}

}  // namespace sterna::codegen
