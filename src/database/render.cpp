#include "database/render.hpp"

#include "base/text.hpp"
#include "database/render_alter.hpp"

namespace sterna {
namespace {

/// The object as DROP and COMMENT ON name it: a trigger with its table where names of triggers are
/// local to one.
std::string object_target(const SqlDialect& dialect, const model::Object& object,
                          const ServerInfo& server) {
  const model::Name& name = object.name;
  // Arguments of a function ("area(integer)") are no part of its quoted name.
  const std::size_t arguments = name.name.find('(');
  std::string target = dialect.quote(model::Name(name.schema, name.name.substr(0, arguments)));
  if (arguments != std::string::npos) target += name.name.substr(arguments);
  if (object.kind != "trigger" || !dialect.triggers_belong_to_tables()) return target;
  if (object.table.name.empty()) {
    dialect.refuse("trigger " + name.text(),
                   "needs the table of a trigger to drop it; name the table", server);
  }
  return dialect.quote(name.name) + " ON " + dialect.quote(object.table);
}

class ChangeRenderer {
 public:
  ChangeRenderer(const SqlDialect& dialect, const RenderContext& context)
      : dialect_(dialect), context_(context) {}

  std::vector<Statement> operator()(const CreateTable& c) const {
    const TableScope scope{c.table.name, context_, c.table.strict, c.if_missing,
                           c.table.primary_key ? &*c.table.primary_key : nullptr};
    StatementWriter out(dialect_, scope);
    for (const model::Column& column : c.table.columns) {
      out.statements(dialect_.before_column(column, scope));
    }
    out.statement(create_table(dialect_, c, scope));
    const auto act = [&](const TableAction& action) {
      render_action(dialect_, scope, action, out);
    };
    for (const model::Unique& unique : c.table.uniques) {
      if (!dialect_.unique_is_index(unique)) continue;
      act(AddIndex{unique_as_index(dialect_, unique, scope), c.if_missing, false});
    }
    if (!dialect_.index_is_clause()) {
      for (const model::Index& index : c.table.indexes) act(AddIndex{index, c.if_missing, false});
    }
    for (const model::Column& column : c.table.columns) {
      out.statements(dialect_.after_column(column, scope));
    }
    for (const model::Unique& unique : c.table.uniques) {
      if (dialect_.writes_unique(c.table, unique)) continue;
      act(AddUnique{unique});
      out.flush();  // two in one statement might become one again
    }
    constraint_options(c.table, scope, out);
    for (const model::Check& check : c.table.checks) {
      if (!dialect_.writes_check(check)) act(AddCheck{check});
    }
    out.statements(dialect_.after_table(c.table, scope));
    const std::string table = dialect_.quote(c.table.name);
    render_comment(dialect_, "TABLE", table, c.table.comment, out);
    for (const model::Column& column : c.table.columns) {
      render_comment(dialect_, "COLUMN", table + "." + dialect_.quote(column.name), column.comment,
                     out);
    }
    return out.take();
  }
  std::vector<Statement> operator()(const DropTable& c) const {
    const TableScope scope{c.name, context_};
    std::string text = "DROP TABLE ";
    if (c.if_exists) text += "IF EXISTS ";
    text += dialect_.quote(c.name);
    if (c.cascade) {
      dialect_.require(Feature::drop_cascade, c.name.text(), context_.server);
      text += " CASCADE";
    }
    StatementWriter out(dialect_, scope);
    // What is left behind is looked up while the table is still there.
    const auto after =
        dialect_.after_drop(scope, {}, c.was ? c.was->columns : std::vector<model::Column>{});
    out.statement(std::move(text));
    out.statements(after);
    return out.take();
  }
  std::vector<Statement> operator()(const RenameTable& c) const {
    return {{dialect_.rename_table(c), {}, {}, {}}};
  }
  std::vector<Statement> operator()(const AlterTable& c) const {
    const TableScope scope{c.name, context_};
    StatementWriter out(dialect_, scope);
    const AlterTable named = with_names(dialect_, c, context_);
    require_features(dialect_, named, context_);
    for (const TableAction& action : named.actions) render_action(dialect_, scope, action, out);
    return out.take();
  }
  std::vector<Statement> operator()(const CreateObject& c) const {
    const model::Object& object = c.object;
    const TableScope scope{object.table, context_};
    StatementWriter out(dialect_, scope);
    if (c.or_replace && dialect_.replaces(object.kind, context_.server)) {
      out.statement(dialect_.or_replace(object.definition));
    } else {
      if (c.or_replace) {
        for (Statement& drop : (*this)(DropObject{object.kind, object.name, true, false, object}))
          out.statement(std::move(drop.sql));
      }
      out.statement(object.definition);
    }
    if (!object.comment.empty()) {
      render_comment(dialect_, to_upper(object.kind),
                     object_target(dialect_, object, context_.server), object.comment, out);
    }
    return out.take();
  }
  std::vector<Statement> operator()(const DropObject& c) const {
    if (c.kind == "enum") {
      dialect_.require(Feature::enum_type, "enum " + c.name.text(), context_.server);
    }
    if (c.was && !c.was->drop.empty()) return {{c.was->drop, {}, {}, {}}};
    std::string text = "DROP " + (c.kind == "enum" ? "TYPE" : to_upper(c.kind)) + " ";
    if (c.if_exists) text += "IF EXISTS ";
    model::Object object;
    if (c.was) object = *c.was;
    object.kind = c.kind;
    object.name = c.name;
    text += object_target(dialect_, object, context_.server);
    if (c.cascade) {
      dialect_.require(Feature::drop_cascade, c.kind + " " + c.name.text(), context_.server);
      text += " CASCADE";
    }
    return {{std::move(text), {}, {}, {}}};
  }
  std::vector<Statement> operator()(const CreateEnum& c) const {
    dialect_.require(Feature::enum_type, "enum " + c.name.text(), context_.server);
    std::vector<std::string> values;
    for (const std::string& value : c.values) values.push_back(dialect_.string_literal(value));
    const TableScope scope{c.name, context_};
    StatementWriter out(dialect_, scope);
    const std::string name = dialect_.quote(c.name);
    out.statement("CREATE TYPE " + name + " AS ENUM (" + join(values, ", ") + ")");
    render_comment(dialect_, "TYPE", name, c.comment, out);
    return out.take();
  }
  std::vector<Statement> operator()(const AddEnumValue& c) const {
    dialect_.require(Feature::enum_type, "enum " + c.name.text(), context_.server);
    std::string text =
        "ALTER TYPE " + dialect_.quote(c.name) + " ADD VALUE " + dialect_.string_literal(c.value);
    if (!c.before.empty()) text += " BEFORE " + dialect_.string_literal(c.before);
    if (!c.after.empty()) text += " AFTER " + dialect_.string_literal(c.after);
    return {{std::move(text), {}, {}, {}}};
  }
  std::vector<Statement> operator()(const CreateType& c) const {
    require_types(c.type.name);
    const TableScope scope{c.type.name, context_};
    std::vector<std::string> fields;
    for (const model::TypeField& field : c.type.fields) fields.push_back("  " + text(field, scope));
    StatementWriter out(dialect_, scope);
    const std::string name = dialect_.quote(c.type.name);
    out.statement(std::string("CREATE TYPE ") + (c.if_missing ? "IF NOT EXISTS " : "") + name +
                  std::string(dialect_.type_words().create) + " (\n" + join(fields, ",\n") + "\n)");
    render_comment(dialect_, "TYPE", name, c.type.comment, out);
    return out.take();
  }
  std::vector<Statement> operator()(const AlterType& c) const {
    require_types(c.name);
    const TableScope scope{c.name, context_};
    const std::string head = "ALTER TYPE " + dialect_.quote(c.name);
    const std::string word(dialect_.type_words().field);
    std::vector<Statement> result;
    for (const TypeAction& action : c.actions) {
      const auto* add = std::get_if<AddTypeField>(&action);
      const auto* rename = std::get_if<RenameTypeField>(&action);
      result.push_back({add != nullptr
                            ? head + " ADD" + word + " " + text(add->field, scope)
                            : head + " RENAME" + word + " " + dialect_.quote(rename->from) +
                                  " TO " + dialect_.quote(rename->to),
                        {},
                        {},
                        {}});
    }
    return result;
  }
  std::vector<Statement> operator()(const DropType& c) const {
    require_types(c.name);
    return {{std::string("DROP TYPE ") + (c.if_exists ? "IF EXISTS " : "") + dialect_.quote(c.name),
             {},
             {},
             {}}};
  }
  std::vector<Statement> operator()(const RawSql& c) const { return {c.statement}; }

 private:
  void require_types(const model::Name& name) const {
    dialect_.require(Feature::structured_type, "type " + name.text(), context_.server);
  }
  std::string text(const model::TypeField& field, const TableScope& scope) const {
    model::Column column;
    column.name = field.name;
    column.type = field.type;
    return dialect_.quote(field.name) + " " + dialect_.column_type(column, scope);
  }
  void constraint_options(const model::Table& table, const TableScope& scope,
                          StatementWriter& out) const {
    const auto write = [&](const auto& constraint) {
      if (constraint.options.empty()) return;
      out.statements(dialect_.after_constraint(constraint.name, constraint.options, scope));
    };
    if (table.primary_key) write(*table.primary_key);
    for (const auto& unique : table.uniques) {
      if (dialect_.writes_unique(table, unique)) write(unique);
    }
    for (const auto& key : table.foreign_keys) write(key);
    for (const auto& check : table.checks) {
      if (dialect_.writes_check(check)) write(check);
    }
    for (const auto& exclusion : table.exclusions) write(exclusion);
  }

  const SqlDialect& dialect_;
  const RenderContext& context_;
};

}  // namespace

Rendered render_change(const SqlDialect& dialect, const Change& change,
                       const RenderContext& context) {
  return {std::visit(ChangeRenderer(dialect, context), change), false};
}

}  // namespace sterna
