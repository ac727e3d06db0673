#include "base/text.hpp"
#include "database/render.hpp"
#include "database/sqlite/alter.hpp"
#include "database/sqlite/rebuild_plan.hpp"

#include <algorithm>

namespace sterna::sqlite {
namespace {

class Actions {
 public:
  Actions(RebuildPlan& plan, const SqlDialect& dialect, const TableScope& scope)
      : plan_(plan), table_(plan.after), dialect_(dialect), scope_(scope) {}

  void operator()(const AddColumn& action) {
    if (table_.column(action.column.name) != nullptr) {
      if (action.if_missing) return;
      throw Error(ErrorKind::schema, "table " + scope_.table.text() + " has a column " +
                                         action.column.name + " already")
          .with_object(scope_.object(action.column.name));
    }
    table_.columns.push_back(parse_column_text(column_definition(dialect_, action.column, scope_)));
  }

  void operator()(const DropColumn& action) {
    const ColumnText* found = table_.column(action.name);
    if (found == nullptr) {
      if (action.if_exists) return;
      missing("column " + action.name);
    }
    plan_.dropped.push_back(found->name);
    plan_.loses_something = true;
    std::erase_if(table_.columns,
                  [&](const ColumnText& c) { return equals_ignoring_case(c.name, action.name); });
    not_copied(action.name);
  }

  void operator()(const RenameColumn&) {}

  void operator()(const ModifyColumn& action) {
    using Part = ModifyColumn;
    ColumnText& target = column(action.to.name);
    if ((action.parts & (Part::type | Part::identity)) != 0) change_type(target, action);
    if ((action.parts & Part::identity) != 0) renumber(target, action.to);
    if ((action.parts & Part::collation) != 0) {
      target.remove("COLLATE");
      if (!action.to.collation.empty())
        add_clause(target, "COLLATE", "COLLATE " + dialect_.quote(action.to.collation));
    }
    if ((action.parts & Part::default_value) != 0) {
      target.remove("DEFAULT");
      if (action.to.default_value) add_clause(target, "DEFAULT", "DEFAULT " + value_of(action.to));
    }
    if ((action.parts & (Part::nullability | Part::options)) != 0) {
      target.remove("NOT");
      target.remove("NULL");
      if (!action.to.nullable) {
        add_clause(target, "NOT",
                   std::string(trim(dialect_.nullability(action.to, scope_.server()))));
        fill_nulls(target, action.to);
      }
    }
    if ((action.parts & Part::generated) != 0) change_generated(target, action);
  }

  void operator()(const AddPrimaryKey& action) {
    // A column that numbers the rows brings it along.
    const auto& parts = action.key.parts;
    ColumnText* own = parts.size() == 1 ? table_.column(parts.front().column) : nullptr;
    if (own != nullptr && ((own->has("PRIMARY") && table_.counted()) ||
                           equals_ignoring_case(own->name, plan_.counted))) {
      own->remove("PRIMARY");
      return add_key_clause(*own, action.key);
    }
    if (has_primary_key()) {
      throw Error(ErrorKind::schema, "table " + scope_.table.text() + " has a primary key already")
          .suggest("drop it first, in the same alter_table");
    }
    std::vector<std::string> columns;
    for (const model::IndexPart& part : action.key.parts) {
      columns.push_back(part.column);
      ColumnText& key = column(part.column);
      if (!action.keeps_nulls && !key.has("NOT")) add_clause(key, "NOT", "NOT NULL");
    }
    if (action.key.options.contains("in column"))
      return add_key_clause(column(columns.front()), action.key);
    add_constraint("PRIMARY", action.key.name, std::move(columns),
                   constraint_text(dialect_, action.key, scope_));
    // An INTEGER PRIMARY KEY numbers a row without a value: an id out of nothing.
    if (action.key.parts.size() == 1 && !table_.rowid_column().empty())
      plan_.never_null.push_back(action.key.parts.front().column);
  }

  void operator()(const DropPrimaryKey&) {
    if (!has_primary_key()) missing("primary key");
    plan_.loses_something = true;
    if (table_.counted()) plan_.counted = table_.rowid_column();
    take_primary_key({});
  }

  void operator()(const AddUnique& action) {
    if (!dialect_.unique_is_index(action.unique)) {
      return add_constraint("UNIQUE", action.unique.name, action.unique.columns,
                            constraint_text(dialect_, action.unique, scope_));
    }
    (*this)(AddIndex{unique_as_index(dialect_, action.unique, scope_), false, false});
  }
  void operator()(const AddForeignKey& action) {
    add_constraint("FOREIGN", action.key.name, action.key.columns,
                   constraint_text(dialect_, action.key, scope_));
  }
  void operator()(const AddCheck& action) {
    add_constraint("CHECK", action.check.name, {}, constraint_text(dialect_, action.check, scope_));
  }
  void operator()(const AddExclusion&) {}        // refused before
  void operator()(const ValidateConstraint&) {}  // refused before
  void operator()(const RenameConstraint&) {}    // refused before
  void operator()(const SetTableComment&) {}     // SQLite has none

  /// Of all options STRICT and WITHOUT ROWID alone were not refused before.
  void operator()(const SetTableOption& action) {
    const bool on = !action.value.empty() && action.value != "false";
    model::Table table;
    table.strict = action.key == "strict" ? on : table_.strict();
    table.without_rowid = action.key == "without_rowid" ? on : table_.without_rowid();
    table_.suffix = trim(dialect_.table_suffix(table, scope_));
  }

  void operator()(const AddIndex& action) {
    const std::string name = index_name(dialect_, action.index, scope_);
    const bool exists =
        std::any_of(plan_.neighbours.begin(), plan_.neighbours.end(), [&](const Neighbour& n) {
          return n.type == "index" && equals_ignoring_case(n.name, name);
        });
    if (exists && action.if_missing) return;
    plan_.new_indexes.push_back(create_index(dialect_, action, scope_));
  }

  void operator()(const DropIndex& action) {
    if (!erase_index(action.name) && !action.if_exists) missing("index " + action.name);
  }

  void operator()(const RenameIndex& action) {
    plan_.new_indexes.push_back(create_renamed_index(dialect_, action, scope_));
    if (!erase_index(action.from)) missing("index " + action.from);
  }

  void operator()(const DropConstraint& action) {
    plan_.loses_something = true;
    if (action.name.empty()) return drop_check(std::get<model::Check>(*action.was));
    std::size_t gone =
        erase_constraints(action, [&](const std::string& name, const std::vector<std::string>&) {
          return equals_ignoring_case(name, action.name);
        });
    if (gone == 0) gone = drop_unnamed(action);
    if (gone == 0 && action.kind == DropConstraint::Kind::unique)
      gone = erase_index(action.name) ? 1 : 0;
    if (gone == 0 && !action.if_exists) missing("constraint " + action.name);
  }

 private:
  [[noreturn]] void missing(const std::string& what) const {
    throw Error(ErrorKind::schema, "table " + scope_.table.text() + " has no " + what)
        .with_object(scope_.table.text());
  }

  ColumnText& column(const std::string& name) {
    ColumnText* found = table_.column(name);
    if (found == nullptr) missing("column " + name);
    return *found;
  }

  static void add_clause(ColumnText& column, std::string keyword, std::string text) {
    column.clauses.push_back({std::move(keyword), {}, std::move(text)});
  }

  void add_constraint(std::string keyword, const std::string& name,
                      std::vector<std::string> columns, std::string text) {
    table_.constraints.push_back(
        {std::move(keyword), name, std::move(columns), std::move(text), true});
  }

  std::string value_of(const model::Column& to) const {
    return dialect_.default_value(to, scope_.server());
  }

  void not_copied(std::string_view name) {
    std::erase_if(plan_.copied,
                  [&](const CopiedColumn& c) { return equals_ignoring_case(c.name, name); });
  }

  /// The check that came with the old type (the values of an enumeration) does not fit the new one.
  void change_type(ColumnText& target, const ModifyColumn& action) {
    const std::string check(trim(dialect_.implied_check(action.to, scope_)));
    const std::string was =
        action.was ? std::string(trim(dialect_.implied_check(*action.was, scope_))) : check;
    std::erase_if(target.clauses, [&](const ClauseText& clause) {
      return clause.keyword == "CHECK" && clause.name.empty() &&
             ((!was.empty() && clause.text == was) || lists_values(clause.text, target.name));
    });
    target.type = dialect_.column_type(action.to, scope_);
    if (!check.empty()) add_clause(target, "CHECK", check);
  }

  /// Takes the primary key away if it is of `column` alone, of any columns where that is empty.
  /// @return its name
  std::string take_primary_key(const std::string& column) {
    std::string name;
    std::erase_if(table_.constraints, [&](const ConstraintText& c) {
      if (c.keyword != "PRIMARY") return false;
      if (!column.empty() &&
          (c.columns.size() != 1 || !equals_ignoring_case(c.columns.front(), column)))
        return false;
      name = c.name;
      return true;
    });
    for (ColumnText& one : table_.columns) {
      if (!column.empty() && &one != table_.column(column)) continue;
      for (const ClauseText& clause : one.clauses) {
        if (clause.keyword == "PRIMARY") name = clause.name;
      }
      one.remove("PRIMARY");
    }
    return name;
  }

  /// The column becomes the whole primary key and numbers the rows, or stays the key and numbers
  /// them no longer (https://www.sqlite.org/autoinc.html).
  void renumber(ColumnText& target, const model::Column& to) {
    const bool was_key = target.has("PRIMARY");
    plan_.counted.clear();
    model::PrimaryKey key;
    key.parts.push_back({target.name, {}, false, {}, {}, {}, {}});
    key.name = take_primary_key(target.name);
    if (to.auto_increment || to.identity != model::Identity::none) {
      if (has_primary_key()) {
        throw Error(ErrorKind::validation,
                    scope_.object(to.name) +
                        ": SQLite numbers rows only by an INTEGER PRIMARY KEY, and the table has "
                        "another primary key")
            .with_object(scope_.object(to.name))
            .suggest("drop that key first, in the same alter_table");
      }
      add_key_clause(target, key);
      plan_.never_null.push_back(target.name);
    } else if (was_key) {
      add_constraint("PRIMARY", key.name, {target.name}, constraint_text(dialect_, key, scope_));
    }
  }

  void add_key_clause(ColumnText& target, const model::PrimaryKey& key) {
    TableScope with_key = scope_;
    with_key.primary_key = &key;
    model::Column column;
    column.name = target.name;
    const std::string words(trim(dialect_.identity_words(column, with_key)));
    target.clauses.push_back({"PRIMARY", key.name, words});
  }

  /// NULLs get the default that the change sets, or else the one that the column has.
  void fill_nulls(const ColumnText& target, const model::Column& to) {
    std::string value;
    if (to.default_value) {
      if (to.default_value->kind == model::Default::Kind::literal &&
          to.default_value->literal == model::Default::Literal::null)
        return;
      value = value_of(to);
    } else {
      for (const ClauseText& clause : target.clauses) {
        if (clause.keyword == "DEFAULT") value = default_of(clause);
      }
    }
    if (value.empty()) return;
    for (CopiedColumn& copied : plan_.copied) {
      if (equals_ignoring_case(copied.name, target.name))
        copied.expression = "COALESCE(" + dialect_.quote(target.name) + ", " + value + ")";
    }
  }

  void change_generated(ColumnText& target, const ModifyColumn& action) {
    const bool was_generated = target.generated();
    target.remove("GENERATED");
    target.remove("AS");
    if (action.to.generated) {
      add_clause(target, "GENERATED",
                 "GENERATED ALWAYS AS (" + action.to.generated->expression + ")" +
                     (action.to.generated->stored ? " STORED" : " VIRTUAL"));
      not_copied(target.name);
    } else if (was_generated) {  // the values stay
      plan_.copied.push_back({target.name, dialect_.quote(target.name)});
    }
  }

  bool has_primary_key() const {
    return std::any_of(table_.constraints.begin(), table_.constraints.end(),
                       [](const auto& c) { return c.keyword == "PRIMARY"; }) ||
           std::any_of(table_.columns.begin(), table_.columns.end(),
                       [](const auto& c) { return c.has("PRIMARY"); });
  }

  bool erase_index(const std::string& name) {
    return std::erase_if(plan_.neighbours, [&](const Neighbour& n) {
             return n.type == "index" && equals_ignoring_case(n.name, name);
           }) > 0;
  }

  /// Every constraint of the kind whose name and columns `matches`; how many there were.
  template <class Matches>
  std::size_t erase_constraints(const DropConstraint& action, Matches matches,
                                bool only_count = false) {
    static constexpr std::string_view keywords[] = {"UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"};
    static constexpr std::string_view clauses[] = {"UNIQUE", "REFERENCES", "CHECK", "EXCLUDE"};
    const std::string_view keyword = keywords[static_cast<int>(action.kind)];
    const std::string_view word = clauses[static_cast<int>(action.kind)];
    const auto of_table = [&](const ConstraintText& c) {
      return c.keyword == keyword && matches(c.name, c.columns);
    };
    auto count = static_cast<std::size_t>(
        std::count_if(table_.constraints.begin(), table_.constraints.end(), of_table));
    if (!only_count) std::erase_if(table_.constraints, of_table);
    for (ColumnText& c : table_.columns) {
      const auto of_column = [&](const ClauseText& clause) {
        return clause.keyword == word && matches(clause.name, {c.name});
      };
      count +=
          static_cast<std::size_t>(std::count_if(c.clauses.begin(), c.clauses.end(), of_column));
      if (!only_count) std::erase_if(c.clauses, of_column);
    }
    return count;
  }

  /// A check without a name is found by what it says.
  void drop_check(const model::Check& check) {
    std::vector<std::string> names;
    for (const ColumnText& c : table_.columns) names.push_back(c.name);
    const auto is_it = [&](const auto& one) {
      return one.keyword == "CHECK" && one.name.empty() &&
             check_expression(one.text, names) == check.expression;
    };
    std::size_t gone = std::erase_if(table_.constraints, is_it);
    for (ColumnText& c : table_.columns) gone += std::erase_if(c.clauses, is_it);
    if (gone == 0) missing("check (" + check.expression + ")");
  }

  /// A constraint without a name is found by the default name of its columns.
  std::size_t drop_unnamed(const DropConstraint& action) {
    static constexpr std::string_view suffixes[] = {"unique", "foreign", "check", "exclude"};
    const std::size_t length = dialect_.capabilities(scope_.server()).max_identifier_length;
    const auto matches = [&](const std::string& name, const std::vector<std::string>& columns) {
      return name.empty() && !columns.empty() &&
             equals_ignoring_case(
                 action.name, model::default_name(scope_.table, columns,
                                                  suffixes[static_cast<int>(action.kind)], length));
    };
    if (erase_constraints(action, matches, true) > 1) {
      throw Error(ErrorKind::validation, "table " + scope_.table.text() +
                                             " has several constraints without a name that " +
                                             action.name + " may mean")
          .with_object(scope_.table.text())
          .suggest("rebuild the table in SQL and give each a name");
    }
    return erase_constraints(action, matches);
  }

  RebuildPlan& plan_;
  TableText& table_;
  const SqlDialect& dialect_;
  const TableScope& scope_;
};

}  // namespace

void spell_out_not_null(RebuildPlan& plan) {
  TableText& table = plan.after;
  const bool never_null = table.strict() || table.without_rowid();
  const std::string rowid = table.rowid_column();
  const auto spell_out = [&](ColumnText& column) {
    if ((never_null || column.name == rowid) && !column.has("NOT"))
      column.clauses.push_back({"NOT", {}, "NOT NULL"});
  };
  for (const ConstraintText& constraint : table.constraints) {
    if (constraint.keyword != "PRIMARY") continue;
    for (const std::string& name : constraint.columns) spell_out(*table.column(name));
  }
  for (ColumnText& column : table.columns) {
    if (column.has("PRIMARY")) spell_out(column);
  }
}

void apply_action(const TableAction& action, RebuildPlan& plan, const SqlDialect& dialect,
                  const TableScope& scope) {
  std::visit(Actions(plan, dialect, scope), action);
}

void drop_constraints_of_dropped_columns(RebuildPlan& plan, const TableScope& scope) {
  for (const std::string& name : plan.dropped) {
    const auto is_it = [&](const std::string& one) { return equals_ignoring_case(one, name); };
    std::erase_if(plan.after.constraints, [&](const ConstraintText& c) {
      return !c.added && c.columns.size() == 1 && is_it(c.columns.front());
    });
    for (const ConstraintText& c : plan.after.constraints) {
      if (c.added || std::none_of(c.columns.begin(), c.columns.end(), is_it)) continue;
      throw Error(
          ErrorKind::dependency,
          (c.name.empty() ? "a " + to_lower(c.keyword) + " constraint" : "constraint " + c.name) +
              " uses column " + scope.object(name))
          .with_object(scope.table.text())
          .suggest("drop it first, in the same alter_table");
    }
  }
}

}  // namespace sterna::sqlite
