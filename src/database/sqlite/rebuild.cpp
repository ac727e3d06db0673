#include "database/sqlite/rebuild.hpp"

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/render.hpp"
#include "database/sqlite/dialect.hpp"
#include "database/sqlite/rebuild_plan.hpp"
#include "database/sqlite/rebuild_trial.hpp"

#include <algorithm>

namespace sterna::sqlite {
namespace {

/// One rebuild of one table, on the schema that `live` shows.
/// Takes from columns what kept them from NULL without a word.
bool moves_the_key(const TableAction& action) {
  const auto* modify = std::get_if<ModifyColumn>(&action);
  return std::holds_alternative<DropPrimaryKey>(action) ||
         std::holds_alternative<SetTableOption>(action) ||
         (modify != nullptr &&
          (modify->parts & (ModifyColumn::type | ModifyColumn::identity)) != 0);
}

class Rebuild {
 public:
  Rebuild(const model::Name& name, const RenderContext& context)
      : live_(*context.connection), dialect_(sql_dialect()), scope_{name, context} {}

  std::vector<std::string> run(const std::vector<TableAction>& actions) {
    read_table();
    read_neighbours();
    // Types are spelled for the table as it will be.
    for (const TableAction& action : actions) {
      const auto* option = std::get_if<SetTableOption>(&action);
      if (option != nullptr && option->key == "strict") scope_.strict = option->value == "true";
    }
    if (std::any_of(actions.begin(), actions.end(), moves_the_key)) spell_out_not_null(plan_);
    for (const TableAction& action : actions) apply_action(action, plan_, dialect_, scope_);
    refuse_indexes_of_dropped_columns();
    drop_constraints_of_dropped_columns(plan_, scope_);
    write();
    if (plan_.loses_something) {
      if (const auto copy = live_.dry_run_copy()) try_rebuild(*copy, steps_, scope_.table.text());
    }
    std::vector<std::string> statements;
    for (RebuildStep& step : steps_) statements.push_back(std::move(step.sql));
    return statements;
  }

 private:
  std::string literal(const std::string& text) const { return dialect_.string_literal(text); }
  std::string new_name() const { return "_sterna_new_" + name_; }
  void add(std::string sql, std::string makes = {}) {
    steps_.push_back({std::move(sql), std::move(makes)});
  }

  void read_table() {
    const std::string& wanted = scope_.table.name;
    const Rows rows = live_.query(
        "SELECT s.name, s.sql, l.type FROM main.sqlite_schema s JOIN "
        "pragma_table_list l ON l.schema = 'main' AND l.name = s.name WHERE s.type = "
        "'table' AND s.name = " +
        literal(wanted) + " COLLATE NOCASE");
    if (rows.empty()) {
      throw Error(ErrorKind::schema, "there is no table " + scope_.table.text())
          .with_object(scope_.table.text());
    }
    // As the file has it: a counter is found by the very letters.
    name_ = rows.front().get<std::string>(0);
    if (rows.front().get<std::string>(2) == "shadow" || to_lower(name_).starts_with("sqlite_")) {
      throw Error(ErrorKind::validation,
                  name_ + " belongs to SQLite or to a virtual table, and cannot be rebuilt")
          .with_object(name_)
          .suggest("change the virtual table that it belongs to");
    }
    plan_.before = plan_.after = parse_table_text(rows.front().get<std::string>(1), name_);
    scope_.strict = plan_.before.strict();
    for (const ColumnText& column : plan_.before.columns) {
      if (!column.generated()) plan_.copied.push_back({column.name, dialect_.quote(column.name)});
    }
  }

  void read_neighbours() {
    for (const Row& row : live_.query(
             "SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL AND "
             "(type IN ('view', 'trigger') OR type = 'index' AND tbl_name = " +
             literal(name_) + " COLLATE NOCASE) ORDER BY rowid")) {
      plan_.neighbours.push_back({row.get<std::string>(0), row.get<std::string>(1),
                                  row.get<std::string>(2), row.get<std::string>(3)});
    }
  }

  void refuse_indexes_of_dropped_columns() const {
    for (const std::string& column : plan_.dropped) {
      for (const Neighbour& neighbour : plan_.neighbours) {
        if (neighbour.type != "index") continue;
        // An index of a WITHOUT ROWID table holds the key of that, too.
        const Rows parts =
            live_.query("SELECT 1 FROM pragma_index_xinfo(" + literal(neighbour.name) +
                        ") WHERE key AND name = " + literal(column) + " COLLATE NOCASE");
        if (parts.empty()) continue;
        throw Error(ErrorKind::dependency,
                    "index " + neighbour.name + " uses column " + scope_.object(column))
            .with_object(neighbour.name)
            .suggest("drop it first, in the same alter_table");
      }
    }
  }

  // ---- the statements ----

  void write() {
    // Renaming a table makes SQLite read every view and trigger, and they name a table that does
    // not exist at that moment.
    drop_neighbours("trigger");
    drop_neighbours("view");
    add(create_text());
    copy_rows();
    check_rows();
    keep_counter();
    add("DROP TABLE " + dialect_.quote(name_));
    add("ALTER TABLE " + dialect_.quote(new_name()) + " RENAME TO " + dialect_.quote(name_));
    recreate("index");
    for (std::string& sql : plan_.new_indexes) add(std::move(sql), "a new index");
    recreate("view");
    recreate("trigger");
  }

  void drop_neighbours(const std::string& type) {
    for (auto neighbour = plan_.neighbours.rbegin(); neighbour != plan_.neighbours.rend();
         ++neighbour) {
      if (neighbour->type == type)
        add("DROP " + to_upper(type) + " " + dialect_.quote(neighbour->name));
    }
  }

  void recreate(const std::string& type) {
    for (const Neighbour& neighbour : plan_.neighbours) {
      if (neighbour.type != type) continue;
      add(type == "index" ? with_strings_in_single_quotes(neighbour.sql, names()) : neighbour.sql,
          type + " " + neighbour.name);
    }
  }

  /// What may stand in double quotes as a column: of the old table too, so that the name of a
  /// dropped one is missed and not taken for a text.
  std::vector<std::string> names() const {
    std::vector<std::string> result{"rowid", "_rowid_", "oid"};
    for (const TableText* table : {&plan_.before, &plan_.after}) {
      for (const ColumnText& column : table->columns) result.push_back(column.name);
    }
    return result;
  }

  std::string create_text() const {
    std::string text = "CREATE TABLE " + dialect_.quote(new_name()) + " (";
    const char* separator = "\n  ";
    const std::vector<std::string> known = names();
    const auto expression = [&](const auto& one) {
      const bool holds_one = one.keyword == "CHECK" || one.keyword == "GENERATED" ||
                             one.keyword == "AS" || one.keyword == "DEFAULT";
      return holds_one ? with_strings_in_single_quotes(one.text, known) : one.text;
    };
    for (ColumnText column : plan_.after.columns) {
      for (ClauseText& clause : column.clauses) clause.text = expression(clause);
      text += separator + column.text();
      separator = ",\n  ";
    }
    for (const ConstraintText& constraint : plan_.after.constraints)
      text += separator + expression(constraint);
    text += "\n)";
    if (!plan_.after.suffix.empty()) text += " " + plan_.after.suffix;
    return text;
  }

  /// The name under which the rowid is copied where it is no column: an external-content full-text
  /// index points at it. Empty when there is none to keep.
  std::string rowid() const {
    if (plan_.before.without_rowid() || plan_.after.without_rowid() ||
        !plan_.after.rowid_column().empty())
      return {};
    for (const char* name : {"rowid", "_rowid_", "oid"}) {
      if (plan_.before.column(name) == nullptr && plan_.after.column(name) == nullptr) return name;
    }
    return {};
  }

  void copy_rows() {
    std::string columns = rowid();
    std::string expressions = columns;
    for (const CopiedColumn& column : plan_.copied) {
      columns += (columns.empty() ? "" : ", ") + dialect_.quote(column.name);
      expressions += (expressions.empty() ? "" : ", ") + column.expression;
    }
    if (columns.empty()) return;
    add("INSERT INTO " + dialect_.quote(new_name()) + " (" + columns + ") SELECT " + expressions +
        " FROM " + dialect_.quote(name_));
  }

  /// Fails the rebuild, in the database itself, before the old table goes: when a row is missing
  /// (a conflict clause left it out), and when foreign keys are enforced, because DROP TABLE would
  /// then take the rows of child tables along.
  void check_rows() {
    const std::string old_table = dialect_.quote(name_);
    add("CREATE TEMP TABLE _sterna_check (missing integer CONSTRAINT \"rows are missing after the "
        "table was rebuilt\" CHECK (missing = 0), enforced integer CONSTRAINT \"foreign keys must "
        "be off while a table is rebuilt\" CHECK (enforced = 0), nulls integer CONSTRAINT \"a "
        "primary key must not be NULL\" CHECK (nulls = 0))");
    std::string nulls = "0";
    for (const std::string& column : plan_.never_null) {
      const auto copied = std::find_if(
          plan_.copied.begin(), plan_.copied.end(),
          [&](const CopiedColumn& one) { return equals_ignoring_case(one.name, column); });
      if (copied != plan_.copied.end())
        nulls = "(SELECT count(*) FROM " + old_table + " WHERE " + copied->expression + " IS NULL)";
    }
    add("INSERT INTO temp._sterna_check SELECT (SELECT count(*) FROM " + old_table +
        ") - (SELECT count(*) FROM " + dialect_.quote(new_name()) +
        "), (SELECT foreign_keys FROM pragma_foreign_keys), " + nulls);
    add("DROP TABLE temp._sterna_check");
  }

  /// The counter stays ahead of rows that were deleted.
  void keep_counter() {
    if (!plan_.before.counted() || !plan_.after.counted()) return;
    add("DELETE FROM main.sqlite_sequence WHERE name = " + literal(new_name()));
    add("INSERT INTO main.sqlite_sequence (name, seq) SELECT " + literal(new_name()) +
        ", seq FROM main.sqlite_sequence WHERE name = " + literal(name_));
  }

  Connection& live_;
  const SqlDialect& dialect_;
  TableScope scope_;
  std::string name_;
  RebuildPlan plan_;
  std::vector<RebuildStep> steps_;
};

/// The actions of a change in their order: what SQLite renames by itself between the rebuilds of
/// what it does not. What comes later is planned on a copy of the schema that has what came before.
class Sequence {
 public:
  Sequence(const AlterTable& change, const RenderContext& context)
      : change_(change), context_(context) {}

  Rendered run() {
    for (const TableAction& action : change_.actions) {
      if (const auto* rename = std::get_if<RenameColumn>(&action)) {
        finish_group();
        const RenderContext context = now();
        add(sql_dialect().rename_column(*rename, {change_.name, context}));
      } else {
        group_.push_back(action);
      }
    }
    finish_group();
    Rendered rendered;
    for (std::string& sql : statements_)
      rendered.statements.push_back({std::move(sql), {}, {}, {}});
    rendered.needs_foreign_keys_off = true;
    return rendered;
  }

 private:
  void finish_group() {
    if (group_.empty()) return;
    const RenderContext context = now();
    add(Rebuild(change_.name, context).run(group_));
    group_.clear();
  }

  void add(std::vector<std::string> statements) {
    std::move(statements.begin(), statements.end(), std::back_inserter(statements_));
  }

  /// The schema as the statements so far leave it.
  RenderContext now() {
    if (statements_.empty()) return context_;
    if (!copy_) copy_ = context_.connection->dry_run_copy();
    for (; done_ < statements_.size(); ++done_) copy_->execute(statements_[done_]);
    return {context_.server, copy_.get()};
  }

  const AlterTable& change_;
  const RenderContext& context_;
  std::vector<TableAction> group_;
  std::vector<std::string> statements_;
  std::size_t done_ = 0;  ///< statements that the copy has seen
  std::unique_ptr<Connection> copy_;
};

}  // namespace

Rendered rebuild(const AlterTable& change, const RenderContext& context) {
  const std::string table = "table " + change.name.text();
  if (context.connection == nullptr) {
    throw Error(
        ErrorKind::validation,
        table +
            ": SQLite changes this only by rebuilding the table, which needs a connection to it");
  }
  if (!change.name.schema.empty() && !equals_ignoring_case(change.name.schema, "main")) {
    throw Error(ErrorKind::validation, table + ": only tables of the main database are rebuilt")
        .suggest("connect to that file itself, as a connection of its own");
  }
  return Sequence(change, context).run();
}

}  // namespace sterna::sqlite
