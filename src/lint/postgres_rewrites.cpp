// PG2xx: what makes PostgreSQL write or read a whole table (manual, ALTER TABLE, "Notes").
#include "base/text.hpp"
#include "lint/postgres_locks.hpp"

#include <algorithm>
#include <map>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;

std::string alter(const Probe& probe) {
  return "ALTER TABLE " + in_sql(probe.server, probe.fact().summary.name);
}

bool volatile_default(const std::string& text) {
  const std::string lower = to_lower(text);
  if (lower.find('(') == std::string::npos) return false;
  for (const std::string_view stable :
       {"now(", "current_timestamp(", "transaction_timestamp(", "statement_timestamp(",
        "current_setting(", "current_user(", "session_user("}) {
    if (lower.starts_with(stable)) return false;
  }
  for (const std::string_view moving :
       {"random(", "clock_timestamp(", "timeofday(", "nextval(", "gen_random_uuid(",
        "uuid_generate_v", "gen_random_bytes(", "uuidv7(", "uuidv4("}) {
    if (lower.find(moving) != std::string::npos) return true;
  }
  return false;
}

std::string in_steps(const Probe& probe, const ColumnFact& column) {
  const std::string name = in_sql(probe.server, column.name);
  return alter(probe) + " ADD COLUMN " + name + " " + to_lower(column.type) + ";\n" + alter(probe) +
         " ALTER COLUMN " + name + " SET DEFAULT " + column.default_value.value_or("…") +
         ";\n-- then fill the rows that are there, in batches, in a migration of its own";
}

void volatile_default_rewrites(Probe& probe) {
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    if (!action.column.default_value || !volatile_default(*action.column.default_value)) return;
    locked(probe.report("the default " + *action.column.default_value +
                        " differs from row to row: the whole table is written anew"),
           access_exclusive, probe.fact().summary.name)
        .rewriting()
        .instead(in_steps(probe, action.column));
  });
}

void default_rewrites_before_11(Probe& probe) {
  if (probe.server.since(110000)) return;
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    if (!action.column.default_value || volatile_default(*action.column.default_value)) return;
    locked(probe.report("before PostgreSQL 11 a column with a default is written into every row"),
           access_exclusive, probe.fact().summary.name)
        .rewriting()
        .instead(in_steps(probe, action.column));
  });
}

void generated_rewrites(Probe& probe) {
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    if (!action.column.generated || !action.column.stored) return;
    locked(
        probe.report(
            "a stored generated column is computed for every row: the whole table is written anew"),
        access_exclusive, probe.fact().summary.name)
        .rewriting()
        .instead(alter(probe) + " ADD COLUMN " + in_sql(probe.server, action.name) + " " +
                 to_lower(action.column.type) +
                 ";\n-- kept by a trigger, and filled in batches in a migration of its own; or "
                 "compute it in a view");
  });
}

void numbered_column_rewrites(Probe& probe) {
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    const bool serial = action.column.base.find("SERIAL") != std::string::npos;
    if (!serial && !action.column.identity) return;
    locked(probe.report("every row gets a number of its own: the whole table is written anew"),
           access_exclusive, probe.fact().summary.name)
        .rewriting();
  });
}

/// A type as the server's catalogue calls it, by its spellings.
std::string canonical(const std::string& base, const std::string& type) {
  static const std::map<std::string, std::string, std::less<>> names{
      {"CHARACTER", "VARCHAR"}, {"INT", "INTEGER"},   {"INT4", "INTEGER"},
      {"INT8", "BIGINT"},       {"INT2", "SMALLINT"}, {"DECIMAL", "NUMERIC"},
      {"FLOAT8", "DOUBLE"},     {"FLOAT4", "REAL"},   {"BOOL", "BOOLEAN"}};
  if (base == "TIMESTAMP" && type.find("WITH TIME ZONE") != std::string::npos) return "TIMESTAMPTZ";
  if (base == "CHARACTER" && type.find("VARYING") == std::string::npos) return "CHAR";
  const auto found = names.find(base);
  return found == names.end() ? base : found->second;
}

int argument(const std::vector<std::string>& arguments, std::size_t index) {
  return arguments.size() > index ? length_of({arguments[index]}) : -1;
}

/// What a change of the type does to the rows: read from what the manual calls binary coercible.
enum class Conversion { none, rewrite, unknown };

Conversion conversion(const KnownColumn* from, const ColumnFact& to) {
  const std::string target = canonical(to.base, to.type);
  const bool textual = target == "TEXT" || target == "VARCHAR";
  if (from == nullptr)
    return textual && to.arguments.empty() ? Conversion::unknown : Conversion::rewrite;
  const std::string source = canonical(from->base, from->type);
  const bool from_textual = source == "TEXT" || source == "VARCHAR";
  const int old_length = length_of(from->arguments), new_length = length_of(to.arguments);
  if (from_textual && textual) {
    if (new_length < 0) return Conversion::none;
    return source == "VARCHAR" && old_length >= 0 && old_length <= new_length ? Conversion::none
                                                                              : Conversion::rewrite;
  }
  if (source != target) {
    const bool same_bytes =
        (source == "CIDR" && target == "INET") || (source == "VARBIT" && target == "BIT");
    return same_bytes ? Conversion::none : Conversion::rewrite;
  }
  if (to.type == from->type) return Conversion::none;
  if (source == "NUMERIC") {
    const int old_scale = std::max(argument(from->arguments, 1), 0),
              new_scale = std::max(argument(to.arguments, 1), 0);
    const bool wider =
        new_length < 0 || (old_length >= 0 && new_length >= old_length && new_scale == old_scale);
    return wider ? Conversion::none : Conversion::rewrite;
  }
  const bool fractional = source.starts_with("TIME") || source == "INTERVAL";
  if (fractional && (new_length < 0 || (old_length >= 0 && new_length >= old_length)))
    return Conversion::none;
  return Conversion::rewrite;
}

void type_change_rewrites(Probe& probe) {
  for_actions(probe, Kind::set_type, [&](const ActionFact& action) {
    const KnownTable* table = probe.known.table(probe.fact().summary.name);
    const KnownColumn* from = table == nullptr ? nullptr : table->column(action.name);
    Conversion what = conversion(from, action.column);
    if (!action.column.using_expression.empty() &&
        !same_name(action.column.using_expression, action.name) && what == Conversion::none)
      what = Conversion::unknown;
    if (what == Conversion::none) return;
    const std::string now = to_lower(action.column.type);
    const std::string name = in_sql(probe.server, action.name),
                      fresh = in_sql(probe.server, action.name + "_new");
    Finding& finding = probe.report(
        what == Conversion::rewrite
            ? "the type of " + action.name +
                  (from != nullptr ? " goes from " + to_lower(from->type) : std::string()) +
                  " to " + now + ": the whole table is written anew, and its indexes with it"
            : "the change of " + action.name + " to " + now +
                  " may write the whole table anew: its type now is not known");
    locked(finding, access_exclusive, probe.fact().summary.name)
        .instead(alter(probe) + " ADD COLUMN " + fresh + " " + now +
                 ";\n-- keep it in step with a trigger, fill it in " +
                 "batches, let the code read it, then in a later migration:\n" + alter(probe) +
                 " DROP COLUMN " + name + ";\n" + alter(probe) + " RENAME COLUMN " + fresh +
                 " TO " + name + ";");
    if (what == Conversion::rewrite)
      finding.rewriting();
    else
      finding.as(Severity::warning);
  });
}

void logged_rewrites(Probe& probe) {
  for (const Kind kind : {Kind::set_logged, Kind::set_unlogged}) {
    for_actions(probe, kind, [&](const ActionFact&) {
      locked(probe.report(std::string(kind == Kind::set_logged ? "SET LOGGED" : "SET UNLOGGED") +
                          " writes the whole table anew"),
             access_exclusive, probe.fact().summary.name)
          .rewriting();
    });
  }
}

void access_method_rewrites(Probe& probe) {
  for_actions(probe, Kind::set_access_method, [&](const ActionFact&) {
    locked(probe.report("another access method writes the whole table anew"), access_exclusive,
           probe.fact().summary.name)
        .rewriting();
  });
}

void column_with_constraint(Probe& probe) {
  for_actions(probe, Kind::add_column, [&](const ActionFact& action) {
    const ColumnFact& column = action.column;
    const bool filled_key =
        column.references && column.default_value && !same_name(*column.default_value, "NULL");
    if (!column.unique && !column.primary && !column.check && !filled_key) return;
    const char* what = column.unique || column.primary
                           ? "the index of the new column's key is built"
                       : column.check ? "the new column's check is made for every row"
                                      : "the new column's key is looked up for every row";
    locked(probe.report(std::string(what) + " while nobody can read or write " +
                        shown(probe.fact().summary.name)),
           access_exclusive, probe.fact().summary.name)
        .scanning()
        .instead(alter(probe) + " ADD COLUMN " + in_sql(probe.server, column.name) + " " +
                 to_lower(column.type) +
                 ";\n-- its constraint afterwards: NOT VALID and VALIDATE, or a unique index made "
                 "CONCURRENTLY");
  });
}

void domain_checked(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "DOMAIN") || fact.has({"NOT", "VALID"})) return;
  if (!fact.has("ADD") && !fact.has({"SET", "NOT", "NULL"})) return;
  probe
      .report(
          "every table that has a column of the domain is read, under a SHARE lock, to see that "
          "its values fit")
      .scanning()
      .instead(fact.has("ADD")
                   ? fact.text() + " NOT VALID;\n-- in a migration of its own: ALTER DOMAIN " +
                         in_sql(probe.server, fact.summary.name) + " VALIDATE CONSTRAINT …;"
                   : std::string());
}

constexpr Severity E = Severity::error, W = Severity::warning;

}  // namespace

std::span<const Rule> postgres_rewrite_rules() {
  static const Rule rules[] = {
      {"PG201", "volatile-default", E, "a new column with a default that differs from row to row",
       "Since PostgreSQL 11 a constant default costs nothing, but random(), gen_random_uuid() or "
       "clock_timestamp() must be "
       "written into every row, under ACCESS EXCLUSIVE.",
       volatile_default_rewrites},
      {"PG202", "default-before-11", E, "a new column with a default, on PostgreSQL 10 and older",
       "These servers write the default into every row.", default_rewrites_before_11},
      {"PG203", "stored-generated-column", E, "a new stored generated column",
       "Its value is computed for every row, under ACCESS EXCLUSIVE.", generated_rewrites},
      {"PG204", "numbered-column", E, "a new serial or identity column",
       "Every row gets a number: the table is written anew.", numbered_column_rewrites},
      {"PG205", "type-change-rewrites", E, "a type that cannot be changed in the catalogue alone",
       "Only where the old values stay as they are on disk (varchar to a longer one or to text, a "
       "wider numeric) no row is "
       "touched. Everything else writes the table and its indexes anew under ACCESS EXCLUSIVE.",
       type_change_rewrites},
      {"PG206", "logged-rewrites", E, "SET LOGGED, SET UNLOGGED",
       "The table is written anew, and to the log.", logged_rewrites},
      {"PG207", "access-method", E, "SET ACCESS METHOD", "The table is written anew.",
       access_method_rewrites},
      {"PG208", "column-with-constraint", E, "a new column with its constraint in one step",
       "UNIQUE builds an index, CHECK and REFERENCES look at every row, all under the ACCESS "
       "EXCLUSIVE of ADD COLUMN.",
       column_with_constraint},
      {"PG209", "domain-checked", W, "a constraint on a domain without NOT VALID",
       "All tables that use the domain are read.", domain_checked},
  };
  return rules;
}

}  // namespace sterna::lint
