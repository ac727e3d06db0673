#include "database/sqlite/rebuild.hpp"

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/render.hpp"
#include "database/sqlite/alter.hpp"
#include "database/sqlite/dialect.hpp"
#include "database/sqlite/table_text.hpp"

#include <algorithm>

namespace sterna::sqlite {
namespace {

/// What lives beside the table and has to be there again afterwards.
struct Neighbour {
  std::string type, name, table, sql;
};

class Rebuild {
 public:
  Rebuild(const AlterTable& change, const RenderContext& context)
      : change_(change), context_(context), dialect_(sql_dialect()), scope_{change.name, context} {}

  Rendered run() {
    if (context_.connection == nullptr) {
      throw Error(
          ErrorKind::validation,
          "table " + change_.name.text() +
              ": SQLite changes this only by rebuilding the table, which needs a connection to it");
    }
    rename_columns();
    read();
    for (const TableAction& action : change_.actions) {
      std::visit([this](const auto& one) { apply(one); }, action);
    }
    write();
    Rendered rendered;
    for (std::string& sql : statements_)
      rendered.statements.push_back({std::move(sql), {}, {}, {}});
    rendered.needs_foreign_keys_off = true;
    return rendered;
  }

 private:
  Connection& live() { return copy_ ? *copy_ : *context_.connection; }
  std::string catalog() const {
    return (change_.name.schema.empty() ? "" : dialect_.quote(change_.name.schema) + ".") +
           "sqlite_schema";
  }
  std::string quoted(std::string_view name) const {
    return dialect_.quote(model::Name(change_.name.schema, std::string(name)));
  }
  std::string new_name() const { return "_sterna_new_" + change_.name.name; }

  /// SQLite renames columns everywhere by itself. The text that the rebuild works on comes from a
  /// copy of the schema on which it did.
  void rename_columns() {
    for (const TableAction& action : change_.actions) {
      const auto* rename = std::get_if<RenameColumn>(&action);
      if (rename == nullptr) continue;
      if (!copy_) copy_ = context_.connection->dry_run_copy();
      for (std::string& sql : dialect_.rename_column(*rename, scope_)) {
        copy_->execute(sql);
        statements_.push_back(std::move(sql));
      }
    }
  }

  void read() {
    const std::string name = dialect_.string_literal(change_.name.name);
    const Rows table = live().query("SELECT name, sql FROM " + catalog() +
                                    " WHERE type = 'table' AND name = " + name + " COLLATE NOCASE");
    if (table.empty()) {
      throw Error(ErrorKind::schema, "there is no table " + change_.name.text())
          .with_object(change_.name.text());
    }
    table_ = parse_table_text(table.front().get<std::string>(1), change_.name.text());
    scope_.strict = table_.strict();
    for (const ColumnText& column : table_.columns) {
      if (!column.generated()) copied_.emplace_back(column.name, dialect_.quote(column.name));
    }
    for (const Row& row :
         live().query("SELECT type, name, tbl_name, sql FROM " + catalog() +
                      " WHERE sql IS NOT NULL AND type <> 'table' ORDER BY rowid")) {
      Neighbour neighbour{row.get<std::string>(0), row.get<std::string>(1), row.get<std::string>(2),
                          row.get<std::string>(3)};
      const bool own = equals_ignoring_case(neighbour.table, change_.name.name);
      if (neighbour.type == "index" && !own) continue;
      neighbours_.push_back(std::move(neighbour));
    }
  }

  [[noreturn]] void missing(const std::string& what) const {
    throw Error(ErrorKind::schema, "table " + change_.name.text() + " has no " + what)
        .with_object(change_.name.text());
  }

  ColumnText& column(const std::string& name) {
    ColumnText* found = table_.column(name);
    if (found == nullptr) missing("column " + name);
    return *found;
  }

  // ---- the actions ----

  void apply(const AddColumn& action) {
    if (table_.column(action.column.name) != nullptr) {
      if (action.if_missing) return;
      throw Error(ErrorKind::schema, "table " + change_.name.text() + " has a column " +
                                         action.column.name + " already")
          .with_object(change_.name.text());
    }
    ColumnText added;
    added.name = action.column.name;
    added.quoted = column_definition(dialect_, action.column, scope_);  // kept as one text
    table_.columns.push_back(std::move(added));
  }

  void apply(const DropColumn& action) {
    if (table_.column(action.name) == nullptr) {
      if (action.if_exists) return;
      missing("column " + action.name);
    }
    std::erase_if(table_.columns,
                  [&](const ColumnText& c) { return equals_ignoring_case(c.name, action.name); });
    std::erase_if(copied_,
                  [&](const auto& pair) { return equals_ignoring_case(pair.first, action.name); });
    dropped_.push_back(action.name);
  }

  void apply(const RenameColumn&) {}  // done before

  void apply(const ModifyColumn& action) {
    using Part = ModifyColumn;
    ColumnText& target = column(action.to.name);
    const auto set_clause = [&](std::string keyword, std::string text) {
      target.clauses.push_back({std::move(keyword), {}, std::move(text)});
    };
    if ((action.parts & Part::identity) != 0) {
      throw Error(ErrorKind::validation, scope_.object(action.to.name) +
                                             ": SQLite numbers rows only by an INTEGER PRIMARY "
                                             "KEY; make a new table and copy the rows");
    }
    if ((action.parts & Part::type) != 0) {
      target.type = dialect_.column_type(action.to, scope_);
      if (const std::string check = dialect_.implied_check(action.to, scope_); !check.empty())
        set_clause("CHECK", std::string(trim(check)));
    }
    if ((action.parts & Part::collation) != 0) {
      target.remove("COLLATE");
      if (!action.to.collation.empty())
        set_clause("COLLATE", "COLLATE " + dialect_.quote(action.to.collation));
    }
    if ((action.parts & Part::default_value) != 0) {
      target.remove("DEFAULT");
      if (action.to.default_value)
        set_clause("DEFAULT", "DEFAULT " + dialect_.default_value(action.to, context_.server));
    }
    if ((action.parts & Part::nullability) != 0) {
      target.remove("NOT");
      target.remove("NULL");
      if (!action.to.nullable) {
        set_clause("NOT", "NOT NULL");
        if (action.to.default_value &&
            action.to.default_value->literal != model::Default::Literal::null)
          fill_nulls(target.name, dialect_.default_value(action.to, context_.server));
      }
    }
    if ((action.parts & Part::generated) != 0) {
      target.remove("GENERATED");
      target.remove("AS");
      if (action.to.generated) {
        set_clause("GENERATED", "GENERATED ALWAYS AS (" + action.to.generated->expression + ")" +
                                    (action.to.generated->stored ? " STORED" : " VIRTUAL"));
        std::erase_if(copied_, [&](const auto& pair) {
          return equals_ignoring_case(pair.first, target.name);
        });
      }
    }
  }

  void fill_nulls(const std::string& name, const std::string& value) {
    for (auto& [copied, expression] : copied_) {
      if (equals_ignoring_case(copied, name))
        expression = "COALESCE(" + dialect_.quote(name) + ", " + value + ")";
    }
  }

  void apply(const AddPrimaryKey& action) {
    if (has_primary_key()) {
      throw Error(ErrorKind::schema, "table " + change_.name.text() + " has a primary key already")
          .suggest("drop it first, in the same alter_table");
    }
    add_constraint("PRIMARY", constraint_text(dialect_, action.key, scope_));
  }

  bool has_primary_key() const {
    return std::any_of(table_.constraints.begin(), table_.constraints.end(),
                       [](const auto& c) { return c.keyword == "PRIMARY"; }) ||
           std::any_of(table_.columns.begin(), table_.columns.end(),
                       [](const auto& c) { return c.has("PRIMARY"); });
  }

  void apply(const DropPrimaryKey&) {
    if (!has_primary_key()) missing("primary key");
    std::erase_if(table_.constraints,
                  [](const ConstraintText& c) { return c.keyword == "PRIMARY"; });
    for (ColumnText& c : table_.columns) {
      const bool keyed = c.has("PRIMARY");
      c.remove("PRIMARY");
      // A key column was never NULL in the eyes of every other database.
      if (keyed && !c.has("NOT")) c.clauses.push_back({"NOT", {}, "NOT NULL"});
    }
  }

  void add_constraint(std::string keyword, std::string text) {
    table_.constraints.push_back({std::move(keyword), {}, {}, std::move(text)});
  }

  void apply(const AddUnique& action) {
    apply(AddIndex{unique_as_index(dialect_, action.unique, scope_), false, false});
  }
  void apply(const AddForeignKey& action) {
    add_constraint("FOREIGN", constraint_text(dialect_, action.key, scope_));
  }
  void apply(const AddCheck& action) {
    add_constraint("CHECK", constraint_text(dialect_, action.check, scope_));
  }
  void apply(const AddExclusion&) {}        // refused before
  void apply(const ValidateConstraint&) {}  // refused before
  void apply(const SetTableComment&) {}     // SQLite has none
  void apply(const SetTableOption&) {}      // refused before

  void apply(const AddIndex& action) {
    const std::string name = index_name(dialect_, action.index, scope_);
    const bool exists =
        std::any_of(neighbours_.begin(), neighbours_.end(), [&](const Neighbour& n) {
          return n.type == "index" && equals_ignoring_case(n.name, name);
        });
    if (exists && action.if_missing) return;
    new_indexes_.push_back(create_index(dialect_, action, scope_));
  }

  void apply(const DropIndex& action) {
    const auto gone = std::erase_if(neighbours_, [&](const Neighbour& n) {
      return n.type == "index" && equals_ignoring_case(n.name, action.name);
    });
    if (gone == 0 && !action.if_exists) missing("index " + action.name);
  }

  void apply(const RenameIndex& action) {
    new_indexes_.push_back(create_renamed_index(dialect_, action, scope_));
    apply(DropIndex{action.from, false, false, std::nullopt});
  }

  void apply(const DropConstraint& action) {
    static constexpr std::string_view keywords[] = {"UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"};
    static constexpr std::string_view clauses[] = {"UNIQUE", "REFERENCES", "CHECK", "EXCLUDE"};
    const std::string_view keyword = keywords[static_cast<int>(action.kind)];
    const std::string_view clause = clauses[static_cast<int>(action.kind)];
    std::size_t gone = std::erase_if(table_.constraints, [&](const ConstraintText& c) {
      return c.keyword == keyword && (equals_ignoring_case(c.name, action.name) ||
                                      (c.name.empty() && default_named(action, c.columns)));
    });
    for (ColumnText& c : table_.columns) {
      gone += std::erase_if(c.clauses, [&](const ClauseText& one) {
        return one.keyword == clause && (equals_ignoring_case(one.name, action.name) ||
                                         (one.name.empty() && default_named(action, {c.name})));
      });
    }
    if (gone == 0 && action.kind == DropConstraint::Kind::unique) {
      gone = std::erase_if(neighbours_, [&](const Neighbour& n) {
        return n.type == "index" && equals_ignoring_case(n.name, action.name);
      });
    }
    if (gone == 0 && !action.if_exists) missing("constraint " + action.name);
  }

  /// A constraint without a name is found by the default name of its columns.
  bool default_named(const DropConstraint& action, const std::vector<std::string>& columns) const {
    static constexpr std::string_view suffixes[] = {"unique", "foreign", "check", "exclude"};
    if (columns.empty()) return false;
    const std::size_t length = dialect_.capabilities(context_.server).max_identifier_length;
    return action.name == model::default_name(change_.name, columns,
                                              suffixes[static_cast<int>(action.kind)], length);
  }

  // ---- the result ----

  /// What uses a column that goes: named, so that nothing is lost unasked.
  void refuse_lost_columns() {
    for (const std::string& name : dropped_) {
      const auto refuse = [&](const std::string& what) {
        throw Error(ErrorKind::dependency,
                    what + " uses column " + change_.name.text() + "." + name)
            .with_object(change_.name.text())
            .suggest("drop it first, in the same alter_table");
      };
      for (const Neighbour& neighbour : neighbours_) {
        if (neighbour.type != "index") continue;
        const Rows parts = live().query(
            Statement{"SELECT 1 FROM pragma_index_xinfo(?1) WHERE name = ?2 COLLATE NOCASE",
                      {neighbour.name, name},
                      {},
                      {}});
        if (!parts.empty()) refuse("index " + neighbour.name);
      }
      std::erase_if(table_.constraints,
                    [&](const ConstraintText& c) {  // a key of this column alone goes with it
                      return c.columns.size() == 1 &&
                             equals_ignoring_case(c.columns.front(), name) &&
                             c.keyword != "PRIMARY";
                    });
      for (const ConstraintText& c : table_.constraints) {
        const bool uses =
            std::any_of(c.columns.begin(), c.columns.end(),
                        [&](const std::string& one) { return equals_ignoring_case(one, name); });
        if (uses)
          refuse(c.name.empty() ? to_lower(c.keyword) + " constraint" : "constraint " + c.name);
      }
    }
  }

  std::string create_text() const {
    std::string text = "CREATE TABLE " + quoted(new_name()) + " (";
    const char* separator = "\n  ";
    for (const ColumnText& c : table_.columns) {
      text += separator + c.text();
      separator = ",\n  ";
    }
    for (const ConstraintText& c : table_.constraints) text += separator + c.text;
    text += "\n)";
    if (!table_.suffix.empty()) text += " " + table_.suffix;
    return text;
  }

  /// Rows keep their rowid where it is not a column of the table anyway: contentless indexes
  /// elsewhere may point at it.
  bool keeps_rowid() {
    if (table_.without_rowid()) return false;
    for (const char* name : {"rowid", "oid", "_rowid_"}) {
      if (table_.column(name) != nullptr) return false;
    }
    for (const ColumnText& c : table_.columns) {
      if (equals_ignoring_case(c.type, "INTEGER") && c.has("PRIMARY")) return false;
    }
    for (const ConstraintText& c : table_.constraints) {
      if (c.keyword == "PRIMARY" && c.columns.size() == 1) return false;
    }
    return live()
               .query("SELECT 1 FROM pragma_table_list(" +
                      dialect_.string_literal(change_.name.name) +
                      ") WHERE type = 'table' AND wr = 0")
               .size() > 0;
  }

  void write() {
    refuse_lost_columns();
    const auto add = [&](std::string sql) { statements_.push_back(std::move(sql)); };
    const std::string old_table = dialect_.quote(change_.name);
    const std::string new_table = quoted(new_name());
    // Renaming a table makes SQLite read every view and trigger, and they name a table that does
    // not exist at that moment.
    for (auto neighbour = neighbours_.rbegin(); neighbour != neighbours_.rend(); ++neighbour) {
      if (neighbour->type == "trigger") add("DROP TRIGGER " + quoted(neighbour->name));
    }
    for (auto neighbour = neighbours_.rbegin(); neighbour != neighbours_.rend(); ++neighbour) {
      if (neighbour->type == "view") add("DROP VIEW " + quoted(neighbour->name));
    }
    add(create_text());
    std::string columns, expressions;
    if (keeps_rowid()) columns = expressions = "rowid";
    for (const auto& [name, expression] : copied_) {
      columns += (columns.empty() ? "" : ", ") + dialect_.quote(name);
      expressions += (expressions.empty() ? "" : ", ") + expression;
    }
    if (!columns.empty())
      add("INSERT INTO " + new_table + " (" + columns + ") SELECT " + expressions + " FROM " +
          old_table);
    add("CREATE TEMP TABLE _sterna_rows (missing integer CHECK (missing = 0))");
    add("INSERT INTO temp._sterna_rows SELECT (SELECT count(*) FROM " + old_table +
        ") - (SELECT count(*) FROM " + new_table + ")");
    add("DROP TABLE temp._sterna_rows");
    const bool counted = to_upper(create_text()).find("AUTOINCREMENT") != std::string::npos;
    if (counted) {  // the counter stays ahead of rows that were deleted
      const std::string old_literal = dialect_.string_literal(change_.name.name),
                        new_literal = dialect_.string_literal(new_name());
      add("DELETE FROM sqlite_sequence WHERE name = " + new_literal);
      add("INSERT INTO sqlite_sequence (name, seq) SELECT " + new_literal +
          ", seq FROM sqlite_sequence WHERE name = " + old_literal);
    }
    add("DROP TABLE " + old_table);
    add("ALTER TABLE " + new_table + " RENAME TO " + dialect_.quote(change_.name.name));
    for (const char* type : {"index", "view", "trigger"}) {
      for (Neighbour& neighbour : neighbours_) {
        if (neighbour.type == type) add(std::move(neighbour.sql));
      }
      if (std::string_view(type) == "index") {
        for (std::string& sql : new_indexes_) add(std::move(sql));
      }
    }
  }

  const AlterTable& change_;
  const RenderContext& context_;
  const SqlDialect& dialect_;
  TableScope scope_;
  std::unique_ptr<Connection> copy_;
  TableText table_;
  std::vector<std::pair<std::string, std::string>>
      copied_;  // column → expression over the old table
  std::vector<std::string> dropped_;
  std::vector<Neighbour> neighbours_;
  std::vector<std::string> new_indexes_;
  std::vector<std::string> statements_;
};

}  // namespace

Rendered rebuild(const AlterTable& change, const RenderContext& context) {
  return Rebuild(change, context).run();
}

}  // namespace sterna::sqlite
