// ST1xx: what takes values away, or breaks code that runs while the migration does.
#include "base/text.hpp"
#include "lint/common_rules.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

template <class Visit>
void for_old_table(Probe& probe, Kind kind, Visit visit) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE") || probe.is_new(fact.summary.name)) return;
  for (const ActionFact& action : fact.actions) {
    if (action.kind == kind) visit(action);
  }
}

std::string alter(const Probe& probe) {
  return "ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name);
}

/// SQLite's way to change a table: make a new one, copy, drop the old, rename. The name comes back.
bool comes_back(const Probe& probe, const ObjectName& name) {
  return std::any_of(
      probe.script.statements.begin(), probe.script.statements.end(),
      [&](const StatementFact& fact) {
        const bool renamed =
            fact.is(Verb::alter, "TABLE") &&
            std::any_of(fact.actions.begin(), fact.actions.end(), [&](const ActionFact& action) {
              return action.kind == Kind::rename_table && same_name(action.new_name, name.name);
            });
        return renamed ||
               (fact.is(Verb::rename, "TABLE") && same_name(fact.summary.new_name.name, name.name));
      });
}

void drop_table(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "TABLE") || fact.summary.temporary) return;
  std::vector<ObjectName> names{fact.summary.name};
  names.insert(names.end(), fact.summary.more_names.begin(), fact.summary.more_names.end());
  for (const ObjectName& name : names) {
    if (probe.is_new(name) || comes_back(probe, name)) continue;
    probe
        .report("DROP TABLE takes away every row of " + shown(name) +
                ", and code that runs still asks for it")
        .losing("all rows of " + shown(name))
        .instead(alter(probe) + " RENAME TO " + in_sql(probe.server, name.name + "_dropped") +
                 ";  -- and drop it when nothing has missed it");
  }
}

void drop_column(Probe& probe) {
  for_old_table(probe, Kind::drop_column, [&](const ActionFact& action) {
    const std::string column = shown(probe.fact().summary.name) + "." + action.name;
    probe
        .report("dropping " + column +
                " takes its values away, and breaks code that still reads or writes it")
        .losing("all values of " + column)
        .instead("-- first release code that neither reads nor writes " + column +
                 (probe.server.language == Language::postgres
                      ? ";\n" + alter(probe) + " ALTER COLUMN " +
                            in_sql(probe.server, action.name) + " DROP NOT NULL;"
                      : std::string()));
  });
}

std::vector<std::pair<ObjectName, std::string>> renamed_tables(const StatementFact& fact) {
  std::vector<std::pair<ObjectName, std::string>> result;
  if (fact.is(Verb::alter, "TABLE")) {
    for (const ActionFact& action : fact.actions) {
      if (action.kind == Kind::rename_table)
        result.emplace_back(fact.summary.name, action.new_name);
    }
  }
  if (fact.is(Verb::rename, "TABLE"))
    result.emplace_back(fact.summary.name, fact.summary.new_name.name);
  return result;
}

void rename_table(Probe& probe) {
  for (const auto& [from, to] : renamed_tables(probe.fact())) {
    const bool dropped = std::any_of(probe.before().begin(), probe.before().end(),
                                     [&, wanted = to](const StatementFact& earlier) {
                                       return earlier.is(Verb::drop, "TABLE") &&
                                              same_name(earlier.summary.name.name, wanted);
                                     });
    if (probe.is_new(from) || dropped) continue;
    probe.report("code that runs still asks for " + shown(from))
        .instead(probe.server.language == Language::cql
                     ? std::string()
                     : probe.fact().text() + ";\nCREATE VIEW " + in_sql(probe.server, from) +
                           " AS SELECT * FROM " + in_sql(probe.server, to) +
                           ";  -- until no code uses the old name");
  }
}

void rename_column(Probe& probe) {
  const auto say = [&](const ActionFact& action) {
    const std::string fresh = in_sql(probe.server, action.new_name);
    probe
        .report("code that runs still asks for " + shown(probe.fact().summary.name) + "." +
                action.name)
        .instead("-- add " + fresh + ", write both, fill it, read " + fresh + ", and drop " +
                 in_sql(probe.server, action.name) + " in a later release");
  };
  for_old_table(probe, Kind::rename_column, say);
  for_old_table(probe, Kind::modify_column, [&](const ActionFact& action) {
    if (!action.new_name.empty()) say(action);
  });
}

int size_of_integer(std::string_view base) {
  if (one_of(base, {"TINYINT"})) return 1;
  if (one_of(base, {"SMALLINT", "INT2", "SMALLSERIAL"})) return 2;
  if (one_of(base, {"MEDIUMINT"})) return 3;
  if (one_of(base, {"INT", "INTEGER", "INT4", "SERIAL"})) return 4;
  if (one_of(base, {"BIGINT", "INT8", "BIGSERIAL"})) return 8;
  return 0;
}

/// Why values may not fit; empty when they do, or it is not known.
std::string narrowing(const KnownColumn& from, const ColumnFact& to) {
  const int old_size = size_of_integer(from.base), new_size = size_of_integer(to.base);
  if (old_size > 0 && new_size > 0) return new_size < old_size ? "larger numbers" : "";
  const auto textual = [](std::string_view base) {
    return one_of(base, {"TEXT", "VARCHAR", "CHARACTER", "CHAR", "NVARCHAR"});
  };
  if (textual(from.base) && textual(to.base)) {
    const int old_length = length_of(from.arguments), new_length = length_of(to.arguments);
    return new_length >= 0 && (old_length < 0 || old_length > new_length) ? "longer texts" : "";
  }
  if (textual(from.base) && new_size > 0) return "texts that are no numbers";
  if (one_of(from.base, {"DOUBLE", "REAL", "FLOAT", "NUMERIC", "DECIMAL"}) && new_size > 0)
    return "fractions";
  if (one_of(from.base, {"TIMESTAMP", "TIMESTAMPTZ", "DATETIME"}) && one_of(to.base, {"DATE"}))
    return "the time of day";
  if (one_of(from.base, {"NUMERIC", "DECIMAL"}) && one_of(to.base, {"NUMERIC", "DECIMAL"}) &&
      from.arguments.size() == 2 && to.arguments.size() == 2) {
    const bool fewer = length_of({to.arguments[1]}) < length_of({from.arguments[1]});
    return fewer                                                 ? "digits behind the point"
           : length_of(to.arguments) < length_of(from.arguments) ? "larger numbers"
                                                                 : "";
  }
  return "";
}

void type_narrows(Probe& probe) {
  const auto look = [&](const ActionFact& action) {
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    const KnownColumn* from = table == nullptr ? nullptr : table->column(action.name);
    if (from == nullptr) return;
    const std::string lost = narrowing(*from, action.column);
    if (lost.empty()) return;
    probe
        .report(action.name + " goes from " + to_lower(from->type) + " to " +
                to_lower(action.column.type) + ": " + lost + " are lost or refused")
        .losing(lost + " in " + action.name);
  };
  for_old_table(probe, Kind::set_type, look);
  for_old_table(probe, Kind::modify_column, look);
}

/// What a program reads a value of the type into; empty when it is not known.
std::string_view value_class(std::string_view base) {
  if (size_of_integer(base) > 0) return "whole numbers";
  if (one_of(base, {"NUMERIC", "DECIMAL", "REAL", "DOUBLE", "FLOAT", "FLOAT4", "FLOAT8"}))
    return "numbers";
  if (one_of(base, {"TEXT", "VARCHAR", "CHARACTER", "CHAR", "LONGTEXT", "MEDIUMTEXT", "TINYTEXT"}))
    return "texts";
  if (one_of(base, {"TIMESTAMP", "TIMESTAMPTZ", "DATETIME", "DATE", "TIME"})) return "times";
  if (one_of(base, {"BOOLEAN", "BOOL"})) return "booleans";
  if (one_of(base, {"UUID"})) return "UUIDs";
  if (one_of(base, {"JSON", "JSONB"})) return "documents";
  return {};
}

void type_means_other(Probe& probe) {
  const auto look = [&](const ActionFact& action) {
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    const KnownColumn* from = table == nullptr ? nullptr : table->column(action.name);
    if (from == nullptr) return;
    const std::string_view was = value_class(from->base), is = value_class(action.column.base);
    if (was.empty() || is.empty() || was == is) return;
    probe
        .report("code that runs reads and writes " + std::string(was) + " in " + action.name +
                ", and finds " + std::string(is) + " there from now on")
        .instead(
            "-- add a column of the new type, write both, fill it, read the new one, and drop " +
            in_sql(probe.server, action.name) + " in a later release");
  };
  for_old_table(probe, Kind::set_type, look);
  for_old_table(probe, Kind::modify_column, look);
}

void truncate(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::truncate || probe.is_new(fact.summary.name)) return;
  probe.report("TRUNCATE takes away every row of " + shown(fact.summary.name))
      .losing("all rows of " + shown(fact.summary.name));
}

void update_everything(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::update || !fact.takes_all_rows() || fact.in_steps ||
      probe.is_new(fact.summary.name))
    return;
  const std::string table = in_sql(probe.server, fact.summary.name);
  probe
      .report(
          "one UPDATE of all rows of " + shown(fact.summary.name) +
          " locks every one of them until it is committed, and doubles the table's size meanwhile")
      .scanning()
      .instead("UPDATE " + table +
               " SET … WHERE id > … AND id <= …;  -- in ranges of some thousand keys, each "
               "committed by itself");
}

void delete_everything(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::remove || !fact.takes_all_rows() ||
      probe.is_new(fact.summary.name))
    return;
  probe.report("DELETE without WHERE takes away every row of " + shown(fact.summary.name))
      .scanning()
      .losing("all rows of " + shown(fact.summary.name));
}

void cascade(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.cascade || probe.server.language == Language::mysql) return;
  if (fact.summary.verb == Verb::alter || fact.summary.verb == Verb::drop ||
      fact.summary.verb == Verb::truncate)
    probe.report("CASCADE takes along whatever depends on it, in each database something else")
        .losing("objects that are not named here")
        .instead("-- drop what depends on it by name, then this without CASCADE");
}

void drop_database(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::drop ||
      !one_of(fact.summary.object, {"DATABASE", "SCHEMA", "KEYSPACE"}))
    return;
  probe
      .report("DROP " + fact.summary.object + " takes everything in " + shown(fact.summary.name) +
              " away")
      .losing("everything in " + shown(fact.summary.name));
}

void not_null_without_default(Probe& probe) {
  if (probe.server.language == Language::cql) return;
  for_old_table(probe, Kind::add_column, [&](const ActionFact& action) {
    const ColumnFact& column = action.column;
    const bool filled = column.default_value || column.generated || column.identity ||
                        column.auto_increment || column.base.find("SERIAL") != std::string::npos;
    if (!column.not_null || filled) return;
    probe
        .report("the rows that are there have no value for " + column.name +
                ", and code that runs gives none")
        .instead(alter(probe) + " ADD COLUMN " + in_sql(probe.server, column.name) + " " +
                 to_lower(column.type) +
                 ";\n-- fill it, let the code write it, then make it NOT NULL");
  });
}

void unique_over_rows(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (probe.is_new(table_of(fact))) return;
  const auto say = [&](const std::vector<std::string>& columns) {
    const std::string list = listed(columns);
    probe
        .report("where two rows of " + shown(table_of(fact)) + " have the same " + list +
                ", this fails")
        .instead("SELECT " + list + ", count(*) FROM " + in_sql(probe.server, table_of(fact)) +
                 " GROUP BY " + list + " HAVING count(*) > 1;  -- must give nothing");
  };
  if (fact.is(Verb::create, "INDEX") && fact.index.unique) say(fact.index.columns);
  if (!fact.is(Verb::alter, "TABLE")) return;
  for (const ConstraintFact* constraint : made_constraints(fact)) {
    if (constraint->kind == ConstraintFact::Kind::unique && constraint->using_index.empty())
      say(constraint->columns);
  }
}

void drop_primary_key(Probe& probe) {
  for_old_table(probe, Kind::drop_primary_key, [&](const ActionFact&) {
    const auto& actions = probe.fact().actions;
    const bool new_one = std::any_of(actions.begin(), actions.end(), [](const ActionFact& other) {
      return other.kind == Kind::add_constraint &&
             other.constraint.kind == ConstraintFact::Kind::primary_key;
    });
    if (new_one) return;
    probe.report("without its primary key nothing keeps rows of " +
                 shown(probe.fact().summary.name) +
                 " apart, and replication finds them by reading the table");
  });
}

void drop_constraint(Probe& probe) {
  for_old_table(probe, Kind::drop_constraint, [&](const ActionFact& action) {
    const auto& actions = probe.fact().actions;
    const bool replaced = std::any_of(actions.begin(), actions.end(), [](const ActionFact& other) {
      return other.kind == Kind::add_constraint;
    });
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    const bool was_proof =
        table != nullptr &&
        std::any_of(table->checks.begin(), table->checks.end(), [&](const KnownCheck& check) {
          return same_name(check.name, action.name) &&
                 to_lower(check.expression).find("is not null") != std::string::npos;
        });
    if (replaced || was_proof) return;
    probe.report("from now on rows can be written that " + action.name +
                 " refused; putting it back may then fail");
  });
}

void drop_default(Probe& probe) {
  for_old_table(probe, Kind::drop_default, [&](const ActionFact& action) {
    probe.report("code that runs and leaves " + action.name +
                 " out writes NULL, or fails, from now on");
  });
}

void drop_code(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::drop ||
      !one_of(fact.summary.object,
              {"VIEW", "MATERIALIZED VIEW", "FUNCTION", "PROCEDURE", "TYPE", "SEQUENCE"}))
    return;
  const bool back = std::any_of(probe.script.statements.begin(), probe.script.statements.end(),
                                [&](const StatementFact& other) {
                                  return other.summary.verb == Verb::create &&
                                         same_name(other.summary.name.name, fact.summary.name.name);
                                });
  if (back) return;
  probe.report("code that runs may still use the " + to_lower(fact.summary.object) + " " +
               shown(fact.summary.name));
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> loss_rules() {
  static const Rule rules[] = {
      {"ST101", "drop-table", E, "a table is dropped",
       "Its rows are gone for good. Rename it first, and drop it when nothing has missed it.",
       drop_table},
      {"ST102", "drop-column", E, "a column is dropped",
       "Its values are gone for good, and code of the running version still names it. Release code "
       "without it first.",
       drop_column},
      {"ST103", "rename-table", E, "a table is renamed",
       "Code of the running version fails from that moment. A view under the old name bridges it.",
       rename_table},
      {"ST104", "rename-column", E, "a column is renamed",
       "Code of the running version fails from that moment. Add, write both, move, drop: in steps.",
       rename_column},
      {"ST105", "type-narrows", E, "a type that holds less",
       "Values that do not fit are cut, rounded, or make the statement fail.", type_narrows},
      {"ST106", "truncate", E, "TRUNCATE",
       "Every row goes, and on some databases no rollback brings it back.", truncate},
      {"ST107", "update-everything", W, "UPDATE without WHERE",
       "All rows are locked until the commit. Batches by key keep each lock short and can be taken "
       "up again.",
       update_everything},
      {"ST108", "delete-everything", E, "DELETE without WHERE", "Every row goes.",
       delete_everything},
      {"ST109", "cascade", E, "CASCADE", "What goes with it is not written anywhere. Name it.",
       cascade},
      {"ST110", "drop-database", E, "a database, schema or keyspace is dropped",
       "Everything in it goes.", drop_database},
      {"ST111", "not-null-without-default", E,
       "a NOT NULL column without a default is added to a table that was there",
       "It fails as soon as there is a row (MySQL fills in 0 or an empty text), and running code "
       "does not know the column.",
       not_null_without_default},
      {"ST112", "unique-over-rows", W, "a unique key over rows that are there",
       "Find the duplicates before the deployment does.", unique_over_rows},
      {"ST113", "drop-primary-key", E, "a primary key is dropped",
       "Replication and tools find rows by it.", drop_primary_key},
      {"ST114", "drop-constraint", N, "a constraint is dropped",
       "Rows can come that keep it from being added again.", drop_constraint},
      {"ST115", "drop-default", W, "a default is dropped",
       "Code of the running version may rely on it.", drop_default},
      {"ST116", "drop-code", W, "a view, routine, type or sequence is dropped",
       "Code of the running version may call it.", drop_code},
      {"ST117", "type-means-other", W, "a type of another kind",
       "Code of the running version sends and expects the old kind of value until it is replaced.",
       type_means_other},
  };
  return rules;
}

}  // namespace sterna::lint
