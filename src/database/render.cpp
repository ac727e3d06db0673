#include "database/render.hpp"

#include <set>

#include "base/text.hpp"

namespace sterna {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

/// Collects the statements of one change. Clauses of ALTER TABLE wait until something must stand
/// before or after them, or until two of them concern the same thing: databases do not promise an
/// order among the actions of one ALTER TABLE.
class Writer {
 public:
  Writer(const SqlDialect& dialect, const TableScope& scope) : dialect_(dialect), scope_(scope) {}

  void statement(std::string sql) {
    flush();
    done_.push_back({std::move(sql), {}, {}, {}});
  }
  void statements(const std::vector<std::string>& all) {
    for (const std::string& sql : all) statement(sql);
  }
  void clause(const std::string& subject, std::string text) {
    if (!dialect_.joins_actions() || subjects_.contains(subject)) flush();
    subjects_.insert(subject);
    clauses_.push_back(std::move(text));
  }
  std::vector<Statement> take() {
    flush();
    return std::move(done_);
  }

 private:
  void flush() {
    if (clauses_.empty()) return;
    const std::string separator = clauses_.size() == 1 ? " " : "\n  ";
    std::string sql =
        "ALTER TABLE " + dialect_.quote(scope_.table) + separator + join(clauses_, "," + separator);
    clauses_.clear();
    subjects_.clear();
    done_.push_back({std::move(sql), {}, {}, {}});
  }

  const SqlDialect& dialect_;
  const TableScope& scope_;
  std::vector<std::string> clauses_;
  std::set<std::string> subjects_;
  std::vector<Statement> done_;
};

std::string comment_on(const SqlDialect& dialect, std::string_view kind, const std::string& object,
                       const std::string& comment) {
  return "COMMENT ON " + std::string(kind) + " " + object + " IS " +
         (comment.empty() ? "NULL" : dialect.string_literal(comment));
}

bool writes_comment(const SqlDialect& dialect, const std::string& comment) {
  return !comment.empty() && dialect.comments() == SqlDialect::Comments::by_statement;
}

/// Asks for every feature that an action needs by itself, its column or key aside.
class ActionFeatures {
 public:
  ActionFeatures(const SqlDialect& dialect, const TableScope& scope)
      : dialect_(dialect), scope_(scope) {}

  void operator()(const AddColumn& a) const {
    const std::string object = scope_.object(a.column.name);
    require(a.if_missing, Feature::add_column_if_missing, object);
    require(a.first || !a.after.empty(), Feature::column_position, object);
  }
  void operator()(const DropColumn& a) const {
    require(a.if_exists, Feature::drop_column_if_exists, scope_.object(a.name));
  }
  void operator()(const ModifyColumn& a) const {
    const std::string object = scope_.object(a.to.name);
    require(a.first || !a.after.empty(), Feature::column_position, object);
    require(!a.using_expression.empty(), Feature::using_expression, object);
  }
  void operator()(const DropConstraint& a) const {
    const std::string object = scope_.object(a.name.empty() ? "constraint" : a.name);
    require(a.kind == DropConstraint::Kind::check, Feature::check, object);
    require(a.kind == DropConstraint::Kind::exclusion, Feature::exclusion, object);
    // Where a UNIQUE is an index it is dropped as one.
    const bool index = a.kind == DropConstraint::Kind::unique && dialect_.unique_is_index();
    require(a.if_exists, index ? Feature::drop_index_if_exists : Feature::drop_constraint_if_exists,
            object);
  }
  void operator()(const ValidateConstraint& a) const {
    require(true, Feature::validate_constraint, scope_.object(a.name));
  }
  void operator()(const AddIndex& a) const {
    require(a.if_missing, Feature::add_index_if_missing,
            "index " + index_name(dialect_, a.index, scope_));
  }
  void operator()(const DropIndex& a) const {
    require(a.if_exists, Feature::drop_index_if_exists, "index " + a.name);
  }
  void operator()(const SetTableOption& a) const {
    const bool character = a.key == "charset" || a.key == "collation";
    require(true,
            a.key == "engine" ? Feature::table_engine
            : character       ? Feature::table_charset
                              : Feature::table_options,
            scope_.table.text());
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void require(bool wanted, Feature feature, const std::string& object) const {
    if (wanted) dialect_.require(feature, object, scope_.server());
  }
  const SqlDialect& dialect_;
  const TableScope& scope_;
};

/// The actions of ALTER TABLE, one after the other.
class ActionRenderer {
 public:
  ActionRenderer(const SqlDialect& dialect, const TableScope& scope, Writer& out)
      : dialect_(dialect), scope_(scope), out_(out) {}

  void operator()(const AddColumn& a) {
    TableScope scope = scope_;
    scope.if_missing = a.if_missing;
    const std::vector<std::string> before = dialect_.before_column(a.column, scope);
    std::string text = a.if_missing ? "ADD COLUMN IF NOT EXISTS " : "ADD COLUMN ";
    text += column_definition(dialect_, a.column, scope_) + position(a.first, a.after);
    out_.statements(before);
    out_.clause(a.column.name, std::move(text));
    if (writes_comment(dialect_, a.column.comment)) {
      out_.statement(comment_on(dialect_, "COLUMN", quoted(a.column.name), a.column.comment));
    }
  }
  void operator()(const DropColumn& a) {
    out_.clause(a.name,
                (a.if_exists ? "DROP COLUMN IF EXISTS " : "DROP COLUMN ") + dialect_.quote(a.name));
    const std::vector<model::Column> was =
        a.was ? std::vector<model::Column>{*a.was} : std::vector<model::Column>{};
    out_.statements(dialect_.after_drop(scope_, a.name, was));
  }
  void operator()(const RenameColumn& a) { out_.statements(dialect_.rename_column(a, scope_)); }
  void operator()(const ModifyColumn& a) {
    Clauses parts = dialect_.modify_column(a, scope_);
    out_.statements(parts.before);
    // Several clauses of one change (TYPE, SET DEFAULT) belong together.
    if (!parts.clauses.empty()) {
      out_.clause(a.to.name, join(parts.clauses, ", ") + position(a.first, a.after));
    }
    out_.statements(parts.after);
    if ((a.parts & ModifyColumn::comment) != 0 &&
        dialect_.comments() == SqlDialect::Comments::by_statement) {
      out_.statement(comment_on(dialect_, "COLUMN", quoted(a.to.name), a.to.comment));
    }
  }
  void operator()(const AddPrimaryKey& a) { add("primary key", a.key); }
  void operator()(const DropPrimaryKey& a) {
    const std::string name = a.name.empty() && a.was ? a.was->name : a.name;
    out_.clause("primary key", dialect_.drop_primary_key(scope_.table, name));
  }
  void operator()(const AddUnique& a) {
    if (dialect_.unique_is_index()) {
      (*this)(AddIndex{unique_as_index(dialect_, a.unique, scope_), false, false});
    } else {
      add(unique_name(dialect_, a.unique, scope_), a.unique);
    }
  }
  void operator()(const AddForeignKey& a) { add(foreign_key_name(dialect_, a.key, scope_), a.key); }
  void operator()(const AddCheck& a) { add(a.check.name, a.check); }
  void operator()(const AddExclusion& a) {
    add(exclusion_name(dialect_, a.exclusion, scope_), a.exclusion);
  }
  void operator()(const DropConstraint& a) {
    const std::string name = dropped_name(a);
    if (a.kind == DropConstraint::Kind::unique && dialect_.unique_is_index()) {
      (*this)(DropIndex{name, a.if_exists, false, std::nullopt});
      return;
    }
    std::string text(dialect_.drop_constraint_words(a.kind, scope_.server()));
    if (a.if_exists) text += " IF EXISTS";
    out_.clause(name, text + " " + dialect_.quote(name));
  }
  void operator()(const ValidateConstraint& a) {
    out_.clause(a.name, "VALIDATE CONSTRAINT " + dialect_.quote(a.name));
  }
  void operator()(const AddIndex& a) {
    const std::string name = index_name(dialect_, a.index, scope_);
    if (!dialect_.index_is_clause()) {
      out_.statement(create_index(dialect_, a, scope_));
      if (writes_comment(dialect_, a.index.comment)) {
        out_.statement(comment_on(dialect_, "INDEX",
                                  dialect_.quote(model::Name(scope_.table.schema, name)),
                                  a.index.comment));
      }
      return;
    }
    std::string text = "ADD " + index_clause(dialect_, a.index, scope_);
    if (a.if_missing) text.insert(text.find("INDEX ") + 6, "IF NOT EXISTS ");
    out_.clause(name, std::move(text));
  }
  void operator()(const DropIndex& a) {
    const std::string name =
        a.name.empty() && a.was ? index_name(dialect_, *a.was, scope_) : a.name;
    const std::string_view guard = a.if_exists ? "IF EXISTS " : "";
    if (dialect_.index_is_clause()) {
      out_.clause(name, "DROP INDEX " + std::string(guard) + dialect_.quote(name));
      return;
    }
    const bool concurrently =
        a.concurrently && dialect_.capabilities(scope_.server()).concurrent_indexes;
    out_.statement(std::string("DROP INDEX ") + (concurrently ? "CONCURRENTLY " : "") +
                   std::string(guard) + dialect_.quote(model::Name(scope_.table.schema, name)));
  }
  void operator()(const RenameIndex& a) { out_.statements(dialect_.rename_index(a, scope_)); }
  void operator()(const SetTableComment& a) {
    if (dialect_.comments() == SqlDialect::Comments::by_statement) {
      out_.statement(comment_on(dialect_, "TABLE", dialect_.quote(scope_.table), a.comment));
    } else if (dialect_.comments() == SqlDialect::Comments::in_definition) {
      out_.clause("table comment", "COMMENT = " + dialect_.string_literal(a.comment));
    }
  }
  void operator()(const SetTableOption& a) {
    out_.clause("option " + a.key, dialect_.table_option_clause(a, scope_));
  }

 private:
  template <class Constraint>
  void add(const std::string& subject, const Constraint& constraint) {
    out_.clause(subject, "ADD " + constraint_text(dialect_, constraint, scope_));
  }
  std::string quoted(const std::string& column) const {
    return dialect_.quote(scope_.table) + "." + dialect_.quote(column);
  }
  std::string position(bool first, const std::string& after) const {
    if (!first && after.empty()) return {};
    return first ? " FIRST" : " AFTER " + dialect_.quote(after);
  }
  std::string dropped_name(const DropConstraint& a) const {
    if (!a.name.empty() || !a.was) return a.name;
    return std::visit(
        Overloaded{
            [&](const model::Unique& v) { return unique_name(dialect_, v, scope_); },
            [&](const model::ForeignKey& v) { return foreign_key_name(dialect_, v, scope_); },
            [](const model::Check& v) { return v.name; },
            [&](const model::Exclusion& v) { return exclusion_name(dialect_, v, scope_); },
        },
        *a.was);
  }

  const SqlDialect& dialect_;
  const TableScope& scope_;
  Writer& out_;
};

/// `name` as a trigger is dropped: with its table where names of triggers are local to one.
std::string object_target(const SqlDialect& dialect, const DropObject& c,
                          const ServerInfo& server) {
  // Arguments of a function ("area(integer)") are no part of its quoted name.
  const std::size_t arguments = c.name.name.find('(');
  std::string target = dialect.quote(model::Name(c.name.schema, c.name.name.substr(0, arguments)));
  if (arguments != std::string::npos) target += c.name.name.substr(arguments);
  if (c.kind != "trigger" || !dialect.triggers_belong_to_tables()) return target;
  if (!c.was || c.was->table.name.empty()) {
    dialect.refuse("trigger " + c.name.text(),
                   "needs the table of a trigger to drop it; name the table", server);
  }
  return dialect.quote(c.name.name) + " ON " + dialect.quote(c.was->table);
}

std::string with_or_replace(const std::string& definition) {
  const std::string_view text = trim(definition);
  if (!equals_ignoring_case(text.substr(0, 7), "CREATE ")) return definition;
  const std::string_view rest = trim(text.substr(7));
  if (equals_ignoring_case(rest.substr(0, 11), "OR REPLACE ")) return definition;
  return "CREATE OR REPLACE " + std::string(rest);
}

class ChangeRenderer {
 public:
  ChangeRenderer(const SqlDialect& dialect, const RenderContext& context)
      : dialect_(dialect), context_(context) {}

  std::vector<Statement> operator()(const CreateTable& c) const {
    const TableScope scope{c.table.name, context_, c.table.strict, c.if_missing};
    Writer out(dialect_, scope);
    for (const model::Column& column : c.table.columns) {
      out.statements(dialect_.before_column(column, scope));
    }
    out.statement(create_table(dialect_, c, scope));
    ActionRenderer actions(dialect_, scope, out);
    if (dialect_.unique_is_index()) {
      for (const model::Unique& unique : c.table.uniques) {
        actions(AddIndex{unique_as_index(dialect_, unique, scope), c.if_missing, false});
      }
    }
    if (!dialect_.index_is_clause()) {
      for (const model::Index& index : c.table.indexes) {
        actions(AddIndex{index, c.if_missing, false});
      }
    }
    if (writes_comment(dialect_, c.table.comment)) {
      actions(SetTableComment{c.table.comment, std::nullopt});
    }
    for (const model::Column& column : c.table.columns) {
      if (!writes_comment(dialect_, column.comment)) continue;
      out.statement(comment_on(dialect_, "COLUMN",
                               dialect_.quote(c.table.name) + "." + dialect_.quote(column.name),
                               column.comment));
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
    Writer out(dialect_, scope);
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
    Writer out(dialect_, scope);
    ActionRenderer actions(dialect_, scope, out);
    for (const TableAction& action : c.actions) {
      std::visit(ActionFeatures(dialect_, scope), action);
      std::visit(actions, action);
    }
    return out.take();
  }
  std::vector<Statement> operator()(const CreateObject& c) const {
    const model::Object& object = c.object;
    if (!c.or_replace) return {{object.definition, {}, {}, {}}};
    if (dialect_.replaces(object.kind, context_.server)) {
      return {{with_or_replace(object.definition), {}, {}, {}}};
    }
    auto statements = (*this)(DropObject{object.kind, object.name, true, false, object});
    statements.push_back({object.definition, {}, {}, {}});
    return statements;
  }
  std::vector<Statement> operator()(const DropObject& c) const {
    if (c.kind == "enum") {
      dialect_.require(Feature::enum_type, "enum " + c.name.text(), context_.server);
    }
    std::string text = "DROP " + (c.kind == "enum" ? "TYPE" : to_upper(c.kind)) + " ";
    if (c.if_exists) text += "IF EXISTS ";
    text += object_target(dialect_, c, context_.server);
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
    return {{"CREATE TYPE " + dialect_.quote(c.name) + " AS ENUM (" + join(values, ", ") + ")",
             {},
             {},
             {}}};
  }
  std::vector<Statement> operator()(const AddEnumValue& c) const {
    dialect_.require(Feature::enum_type, "enum " + c.name.text(), context_.server);
    std::string text =
        "ALTER TYPE " + dialect_.quote(c.name) + " ADD VALUE " + dialect_.string_literal(c.value);
    if (!c.before.empty()) text += " BEFORE " + dialect_.string_literal(c.before);
    if (!c.after.empty()) text += " AFTER " + dialect_.string_literal(c.after);
    return {{std::move(text), {}, {}, {}}};
  }
  std::vector<Statement> operator()(const RawSql& c) const { return {c.statement}; }

 private:
  const SqlDialect& dialect_;
  const RenderContext& context_;
};

}  // namespace

void require_features(const SqlDialect& dialect, const AlterTable& change,
                      const RenderContext& context) {
  const TableScope scope{change.name, context};
  for (const TableAction& action : change.actions) {
    std::visit(ActionFeatures(dialect, scope), action);
  }
}

Rendered render_change(const SqlDialect& dialect, const Change& change,
                       const RenderContext& context) {
  return {std::visit(ChangeRenderer(dialect, context), change), false};
}

}  // namespace sterna
