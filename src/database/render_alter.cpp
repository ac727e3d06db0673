#include "database/render_alter.hpp"

#include "base/text.hpp"
#include "database/render.hpp"

namespace sterna {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 deduces none for aggregates

void set_comment(const SqlDialect& dialect, std::string_view kind, const std::string& object,
                 const std::string& comment, StatementWriter& out) {
  if (dialect.comments() != SqlDialect::Comments::by_statement) return;
  out.statement("COMMENT ON " + std::string(kind) + " " + object + " IS " +
                (comment.empty() ? "NULL" : dialect.string_literal(comment)));
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
    const std::string object = scope_.object(a.name);
    const bool by_text =
        a.was && std::holds_alternative<model::Check>(*a.was) && dialect_.drops_checks_by_text();
    if (!by_text) require_name(a.name, "constraint");
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
  void operator()(const RenameConstraint& a) const {
    require(true, Feature::rename_constraint, scope_.object(a.from));
  }
  void operator()(const AddUnique& a) const {
    require(a.using_index, Feature::using_index, scope_.object(a.unique.name));
  }
  void operator()(const AddPrimaryKey& a) const {
    require(a.using_index, Feature::using_index, scope_.object(a.key.name));
  }
  void operator()(const AddIndex& a) const {
    require(a.if_missing, Feature::add_index_if_missing,
            "index " + index_name(dialect_, a.index, scope_));
  }
  void operator()(const DropIndex& a) const {
    require_name(a.name, "index");
    require(a.if_exists, Feature::drop_index_if_exists, "index " + a.name);
  }
  void operator()(const SetTableOption& a) const {
    const bool character = a.key == "charset" || a.key == "collation";
    require(true,
            a.key == "engine"          ? Feature::table_engine
            : character                ? Feature::table_charset
            : a.key == "strict"        ? Feature::strict
            : a.key == "without_rowid" ? Feature::without_rowid
                                       : Feature::table_options,
            scope_.table.text());
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  void require_name(const std::string& name, const std::string& kind) const {
    if (!name.empty()) return;
    throw Error(ErrorKind::validation, scope_.table.text() + ": which " + kind +
                                           " is to be dropped? Give its name or its columns");
  }
  void require(bool wanted, Feature feature, const std::string& object) const {
    if (wanted) dialect_.require(feature, object, scope_.server());
  }
  const SqlDialect& dialect_;
  const TableScope& scope_;
};

/// The actions of ALTER TABLE, one after the other.
class ActionRenderer {
 public:
  ActionRenderer(const SqlDialect& dialect, const TableScope& scope, StatementWriter& out)
      : dialect_(dialect), scope_(scope), out_(out) {}

  void operator()(const AddColumn& a) {
    TableScope scope = scope_;
    scope.if_missing = a.if_missing;
    const std::vector<std::string> before = dialect_.before_column(a.column, scope);
    std::string text(dialect_.add_column_words());
    if (a.if_missing) text += "IF NOT EXISTS ";
    text += column_definition(dialect_, a.column, scope_) + position(a.first, a.after);
    out_.statements(before);
    out_.clause(a.column.name, std::move(text));
    out_.statements(dialect_.after_column(a.column, scope_));
    render_comment(dialect_, "COLUMN", quoted(a.column.name), a.column.comment, out_);
  }
  void operator()(const DropColumn& a) {
    std::string text(dialect_.drop_column_words());
    if (a.if_exists) text += "IF EXISTS ";
    out_.clause(a.name, text + dialect_.quote(a.name));
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
    if ((a.parts & ModifyColumn::comment) != 0) {
      set_comment(dialect_, "COLUMN", quoted(a.to.name), a.to.comment, out_);
    }
  }
  void operator()(const AddPrimaryKey& a) {
    if (a.using_index)
      take_index("primary key", "PRIMARY KEY", a.key.name, a.key.options);
    else
      add_key("primary key", a.key);
  }
  void operator()(const DropPrimaryKey& a) {
    out_.clause("primary key", dialect_.drop_primary_key(scope_.table, a.name));
  }
  void operator()(const AddUnique& a) {
    if (a.using_index) {
      const std::string name = unique_name(dialect_, a.unique, scope_);
      const std::string_view later = !a.unique.deferrable ? ""
                                     : a.unique.initially_deferred
                                         ? " DEFERRABLE INITIALLY DEFERRED"
                                         : " DEFERRABLE";
      take_index(name, "UNIQUE", name, a.unique.options, later);
    } else if (dialect_.unique_is_index(a.unique)) {
      (*this)(AddIndex{unique_as_index(dialect_, a.unique, scope_), false, false});
    } else {
      add_key(unique_name(dialect_, a.unique, scope_), a.unique);
    }
  }
  void operator()(const AddForeignKey& a) { add(foreign_key_name(dialect_, a.key, scope_), a.key); }
  void operator()(const AddCheck& a) { add(a.check.name, a.check); }
  void operator()(const AddExclusion& a) {
    add(exclusion_name(dialect_, a.exclusion, scope_), a.exclusion);
  }
  void operator()(const DropConstraint& a) {
    if (a.kind == DropConstraint::Kind::unique && dialect_.unique_is_index()) {
      (*this)(DropIndex{a.name, a.if_exists, false, std::nullopt});
      return;
    }
    std::string text(dialect_.drop_constraint_words(a.kind, scope_.server()));
    if (a.if_exists) text += " IF EXISTS";
    out_.clause(a.name, text + " " + dialect_.quote(a.name));
  }
  void operator()(const ValidateConstraint& a) {
    out_.clause(a.name, "VALIDATE CONSTRAINT " + dialect_.quote(a.name));
  }
  /// In a statement of its own everywhere that has it.
  void operator()(const RenameConstraint& a) {
    out_.statement("ALTER TABLE " + dialect_.quote(scope_.table) + " " +
                   dialect_.rename_constraint(a));
  }
  void operator()(const AddIndex& a) {
    const std::string name = index_name(dialect_, a.index, scope_);
    if (!dialect_.index_is_clause()) {
      out_.statement(create_index(dialect_, a, scope_));
      out_.statements(dialect_.after_index(a.index, scope_));
      render_comment(dialect_, "INDEX", dialect_.quote(model::Name(scope_.table.schema, name)),
                     a.index.comment, out_);
      return;
    }
    std::string text = "ADD " + index_clause(dialect_, a.index, scope_);
    if (a.if_missing) text.insert(text.find("INDEX ") + 6, "IF NOT EXISTS ");
    out_.clause(name, std::move(text));
  }
  void operator()(const DropIndex& a) {
    const std::string_view guard = a.if_exists ? "IF EXISTS " : "";
    if (dialect_.index_is_clause()) {
      out_.clause(a.name, "DROP INDEX " + std::string(guard) + dialect_.quote(a.name));
      return;
    }
    const bool concurrently =
        a.concurrently && dialect_.capabilities(scope_.server()).concurrent_indexes;
    out_.statement(std::string("DROP INDEX ") + (concurrently ? "CONCURRENTLY " : "") +
                   std::string(guard) + dialect_.quote(model::Name(scope_.table.schema, a.name)));
  }
  void operator()(const RenameIndex& a) { out_.statements(dialect_.rename_index(a, scope_)); }
  void operator()(const SetTableComment& a) {
    set_comment(dialect_, "TABLE", dialect_.quote(scope_.table), a.comment, out_);
    if (dialect_.comments() == SqlDialect::Comments::in_definition) {
      out_.clause("table comment", "COMMENT = " + dialect_.string_literal(a.comment));
    }
  }
  void operator()(const SetTableOption& a) {
    if (const auto statements = dialect_.table_option_statements(a, scope_); !statements.empty())
      return out_.statements(statements);
    std::string clause = dialect_.table_option_clause(a, scope_);
    if (dialect_.stands_alone(a)) {
      out_.statement("ALTER TABLE " + dialect_.quote(scope_.table) + " " + clause);
    } else {
      out_.clause("option " + a.key, std::move(clause));
    }
  }

 private:
  void take_index(const std::string& subject, const std::string& words, const std::string& index,
                  const std::map<std::string, std::string>& options, std::string_view rest = {}) {
    const std::string name = dialect_.quote(index);
    out_.clause(subject, "ADD CONSTRAINT " + name + " " + words + " USING INDEX " + name +
                             std::string(rest));
    if (!options.empty()) out_.statements(dialect_.after_constraint(index, options, scope_));
  }
  template <class Constraint>
  void add(const std::string& subject, const Constraint& constraint) {
    out_.clause(subject, "ADD " + constraint_text(dialect_, constraint, scope_));
    if (constraint.options.empty()) return;
    out_.statements(dialect_.after_constraint(constraint.name, constraint.options, scope_));
  }
  template <class Key>
  void add_key(const std::string& subject, const Key& key) {
    if (dialect_.merges_added_keys(scope_.server())) out_.flush();
    add(subject, key);
  }
  std::string quoted(const std::string& column) const {
    return dialect_.quote(scope_.table) + "." + dialect_.quote(column);
  }
  std::string position(bool first, const std::string& after) const {
    if (!first && after.empty()) return {};
    return first ? " FIRST" : " AFTER " + dialect_.quote(after);
  }

  const SqlDialect& dialect_;
  const TableScope& scope_;
  StatementWriter& out_;
};

}  // namespace

void StatementWriter::flush() {
  if (clauses_.empty()) return;
  for (std::string& clause : dialect_.online_clauses(scope_.online, scope_.server()))
    clauses_.push_back(std::move(clause));
  const std::string separator = clauses_.size() == 1 ? " " : "\n  ";
  std::string sql =
      "ALTER TABLE " + dialect_.quote(scope_.table) + separator + join(clauses_, "," + separator);
  clauses_.clear();
  subjects_.clear();
  done_.push_back({std::move(sql), {}, {}, {}});
}

void render_action(const SqlDialect& dialect, const TableScope& scope, const TableAction& action,
                   StatementWriter& out) {
  std::visit(ActionRenderer(dialect, scope, out), action);
}

void render_comment(const SqlDialect& dialect, std::string_view kind, const std::string& object,
                    const std::string& comment, StatementWriter& out) {
  if (!comment.empty()) set_comment(dialect, kind, object, comment, out);
}

AlterTable with_names(const SqlDialect& dialect, AlterTable change, const RenderContext& context) {
  const TableScope scope{change.name, context};
  const auto constraint_name = Overloaded{
      [&](const model::Unique& v) { return unique_name(dialect, v, scope); },
      [&](const model::ForeignKey& v) { return foreign_key_name(dialect, v, scope); },
      [](const model::Check& v) { return v.name; },
      [&](const model::Exclusion& v) { return exclusion_name(dialect, v, scope); },
  };
  const auto fill = Overloaded{
      [&](AddUnique& a) { a.unique.name = constraint_name(a.unique); },
      [&](AddForeignKey& a) { a.key.name = constraint_name(a.key); },
      [&](AddExclusion& a) { a.exclusion.name = constraint_name(a.exclusion); },
      [&](AddIndex& a) { a.index.name = index_name(dialect, a.index, scope); },
      [&](DropIndex& a) {
        if (a.name.empty() && a.was) a.name = index_name(dialect, *a.was, scope);
      },
      [&](DropConstraint& a) {
        if (a.name.empty() && a.was) a.name = std::visit(constraint_name, *a.was);
      },
      [&](DropPrimaryKey& a) {
        if (a.name.empty() && a.was) a.name = a.was->name;
      },
      [](auto&) {},
  };
  for (TableAction& action : change.actions) std::visit(fill, action);
  return change;
}

void require_features(const SqlDialect& dialect, const AlterTable& change,
                      const RenderContext& context) {
  const TableScope scope{change.name, context};
  for (const TableAction& action : change.actions) {
    std::visit(ActionFeatures(dialect, scope), action);
  }
}

}  // namespace sterna
