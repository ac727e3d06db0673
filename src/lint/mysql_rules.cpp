// MY3xx and MY4xx: implicit commits, settings, and choices in a schema, on MySQL and MariaDB.
#include "base/text.hpp"
#include "lint/mysql_algorithm.hpp"

#include <algorithm>
#include <set>

namespace sterna::lint {
namespace {

using C = ConstraintFact::Kind;

void commits_rows(Probe& probe) {
  const auto& statements = probe.script.statements;
  bool rows = false;
  for (const StatementFact& fact : statements) {
    if (fact.changes_rows()) rows = true;
    if (!rows || !commits_implicitly(fact.summary, Language::mysql)) continue;
    probe.statement = &fact;
    probe
        .report(
            "this commits the rows that were changed before it: what fails later does not take "
            "them back")
        .instead("-- definitions first, rows in a migration of their own");
    probe.statement = nullptr;
    return;
  }
}

/// The value that SET gives a variable; empty when it does not.
std::string setting(const StatementFact& fact, std::string_view name) {
  if (fact.summary.verb != Verb::set) return {};
  for (std::size_t i = 0; i + 2 < fact.tokens.size(); ++i) {
    std::string_view word = fact.tokens[i].text;
    while (word.starts_with('@')) word.remove_prefix(1);
    if (word.find('.') != std::string_view::npos) word.remove_prefix(word.find('.') + 1);
    if (equals_ignoring_case(word, name) &&
        (fact.tokens[i + 1].is('=') || fact.tokens[i + 1].text == ":="))
      return to_upper(sql::unquoted(fact.tokens[i + 2]));
  }
  return {};
}

bool is_off(const std::string& value) { return value == "0" || value == "OFF" || value == "FALSE"; }

void checks_stay_off(Probe& probe) {
  for (const std::string_view name : {"foreign_key_checks", "unique_checks"}) {
    const StatementFact* off = nullptr;
    for (const StatementFact& fact : probe.script.statements) {
      const std::string value = setting(fact, name);
      if (value.empty()) continue;
      off = is_off(value) ? &fact : nullptr;
    }
    if (off == nullptr) continue;
    probe.statement = off;
    probe
        .report(std::string(name) +
                " stays off: later migrations of this session write rows that nothing checks")
        .instead("SET " + std::string(name) + " = 1;");
    probe.statement = nullptr;
  }
}

void loose_mode(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::set || !fact.has("sql_mode")) return;
  const std::string text = to_upper(fact.text());
  if (text.find("STRICT_") != std::string::npos || text.find("OLD_SQL_MODE") != std::string::npos)
    return;
  probe
      .report(
          "without a strict sql_mode values that do not fit are cut and dates become zero, with a "
          "warning nobody reads")
      .losing("what does not fit");
}

void log_off(Probe& probe) {
  if (!is_off(setting(probe.fact(), "sql_log_bin"))) return;
  probe.report("with sql_log_bin off the change never reaches replicas or backups");
}

void set_global(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::set ||
      (!fact.has({"SET", "GLOBAL"}) && !fact.has({"SET", "PERSIST"})))
    return;
  probe.report(
      "SET GLOBAL is for the whole server, needs rights that a deployment should not have, and is "
      "gone after a restart");
}

template <class Wanted>
void for_columns(Probe& probe, Wanted wanted, const char* message, const char* type) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE") return;
  const auto look = [&](const ColumnFact& column) {
    if (!wanted(column)) return;
    Finding& finding = probe.report_at(column.position, column.name + " " + message);
    if (*type != '\0') finding.instead(in_sql(probe.server, column.name) + " " + type);
  };
  for (const ColumnFact* column : made_columns(fact)) look(*column);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::modify_column) look(action.column);
  }
}

bool utf8mb3(std::string_view charset) {
  const std::string name = to_lower(charset);
  return name == "utf8" || name == "utf8mb3" || name.starts_with("utf8_") ||
         name.starts_with("utf8mb3_");
}

void three_byte_utf8(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const auto option = [&](std::string_view name) {
    const auto found = fact.options.find(name);
    return found != fact.options.end() && utf8mb3(found->second);
  };
  bool found = option("CHARSET") || option("COLLATE");
  for (const ColumnFact* column : made_columns(fact))
    found = found || utf8mb3(column->charset) || utf8mb3(column->collation);
  for (const ActionFact& action : fact.actions)
    found = found ||
            ((action.kind == ActionFact::Kind::charset ||
              action.kind == ActionFact::Kind::convert_charset) &&
             utf8mb3(action.value)) ||
            (action.kind == ActionFact::Kind::modify_column && utf8mb3(action.column.charset));
  if (found)
    probe.report("utf8 is utf8mb3 here: three bytes a character, no emoji, and deprecated")
        .instead("CHARACTER SET utf8mb4");
}

void engine_without_transactions(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const auto found = fact.options.find("ENGINE");
  std::string engine = found == fact.options.end() || !fact.is(Verb::create, "TABLE")
                           ? std::string()
                           : to_upper(found->second);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::engine) engine = action.value;
  }
  if (!one_of(engine, {"MYISAM", "ARIA", "MEMORY", "CSV", "ARCHIVE", "MERGE"})) return;
  probe
      .report(engine +
              " knows no transactions and no foreign keys, and locks whole tables; MEMORY loses "
              "its rows at each start")
      .instead("ENGINE=InnoDB");
}

void timestamp_2038(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base == "TIMESTAMP"; },
      "is a TIMESTAMP: it ends on 19 January 2038 (MariaDB before 11.5, MySQL), and changes with "
      "the session's time zone",
      "datetime(6)");
}
void float_digits(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return one_of(c.base, {"FLOAT", "DOUBLE", "REAL"}) && c.arguments.size() == 2;
      },
      "has digits on a binary fraction: deprecated, and rounded twice", "decimal(12, 2)");
}
void display_width(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return one_of(c.base, {"INT", "INTEGER", "BIGINT", "SMALLINT", "MEDIUMINT"}) &&
               !c.arguments.empty() && !c.zerofill;
      },
      "has a display width: it limits nothing, and is deprecated", "");
}
void zerofill(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.zerofill; },
      "is ZEROFILL: deprecated, and what a program shows is its own matter", "");
}
void enum_column(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base == "ENUM"; },
      "is an ENUM: its values sort by their numbers, and only one at the end is cheap to add", "");
}
void set_column(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base == "SET"; },
      "is a SET: no index finds one of its members", "");
}
void year_two(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return c.base == "YEAR" && !c.arguments.empty() && c.arguments.front() == "2";
      },
      "is YEAR(2), which newer servers refuse", "year");
}
void zero_date(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return c.default_value && c.default_value->starts_with("'0000-00-00");
      },
      "has a zero date as its default: no date at all, refused in strict mode",
      "datetime NULL DEFAULT NULL");
}

void signed_key(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.auto_increment && is_integer_type(c); },
      "counts in an integer of 32 bits or less: at its end no row can be written, and changing it "
      "copies the table",
      "bigint unsigned NOT NULL AUTO_INCREMENT");
}

void random_key(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE")) return;
  std::set<std::string> key;
  for (const ConstraintFact& constraint : fact.constraints) {
    if (constraint.kind == C::primary_key && !constraint.columns.empty())
      key.insert(to_lower(constraint.columns.front()));
  }
  for_columns(
      probe,
      [&](const ColumnFact& c) {
        const bool text = one_of(c.base, {"CHAR", "VARCHAR"}) && length_of(c.arguments) >= 32 &&
                          length_of(c.arguments) <= 40;
        return text && (c.primary || key.contains(to_lower(c.name)));
      },
      "is a UUID as text and the primary key: InnoDB stores rows in its order, and every index "
      "repeats it",
      "binary(16)");
}

int bytes_of(const ColumnFact& column) {
  if (!one_of(column.base, {"VARCHAR", "CHAR"})) return 0;
  return length_of(column.arguments) *
         (one_of(column.charset, {"latin1", "ascii", "binary"}) ? 1 : 4);
}

void key_too_long(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const KnownTable* known = probe.known.table(table_of(fact));
  const auto look = [&](const std::vector<std::string>& columns) {
    int bytes = 0;
    std::string text;
    for (const std::string& name : columns) {
      for (const ColumnFact* column : made_columns(fact)) {
        if (!same_name(column->name, name)) continue;
        bytes += bytes_of(*column);
        if (column->base.ends_with("TEXT") || column->base.ends_with("BLOB")) text = name;
      }
      const KnownColumn* there = known == nullptr ? nullptr : known->column(name);
      if (there != nullptr && one_of(there->base, {"VARCHAR", "CHAR"}))
        bytes += length_of(there->arguments) * 4;
    }
    if (bytes > 3072)
      probe
          .report("an index over (" + listed(columns) + ") may need " + std::to_string(bytes) +
                  " bytes; InnoDB takes 3072")
          .instead("-- a prefix: (" + columns.front() + "(191))");
  };
  for (const ColumnFact* column : made_columns(fact)) {
    if (column->primary || column->unique) look({column->name});
  }
  for (const ConstraintFact* constraint : made_constraints(fact)) {
    const bool key = constraint->kind == C::unique || constraint->kind == C::index ||
                     constraint->kind == C::primary_key;
    if (key) look(constraint->columns);
  }
  if (fact.is(Verb::create, "INDEX") && !fact.index.full_text &&
      fact.text().find("(") == fact.text().rfind("("))
    look(fact.index.columns);
}

void charset_left_open(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.as_select || fact.columns.empty() ||
      fact.options.contains("CHARSET") || fact.options.contains("COLLATE"))
    return;
  const bool text = std::any_of(fact.columns.begin(), fact.columns.end(), [](const ColumnFact& c) {
    return c.charset.empty() && c.collation.empty() &&
           (one_of(c.base, {"VARCHAR", "CHAR", "ENUM"}) || c.base.ends_with("TEXT"));
  });
  if (text)
    probe
        .report(
            "the character set is whatever the database has: it differs between servers, and keys "
            "of different ones cannot be joined")
        .instead("DEFAULT CHARSET=utf8mb4");
}

void insert_ignore(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::insert || !fact.has({"INSERT", "IGNORE"})) return;
  probe.report("INSERT IGNORE leaves out rows that break any rule, and cuts values that do not fit")
      .losing("rows that do not fit, without an error")
      .instead("INSERT … ON DUPLICATE KEY UPDATE id = id");
}

void replace_rows(Probe& probe) {
  if (probe.fact().summary.verb != Verb::replace) return;
  probe
      .report(
          "REPLACE deletes the row that is there: ON DELETE CASCADE takes its children, columns "
          "that are not named get their defaults")
      .losing("children of the replaced rows")
      .instead("INSERT … ON DUPLICATE KEY UPDATE …");
}

void definer(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::create || !fact.has("DEFINER") ||
      fact.has({"SECURITY", "DEFINER"}))
    return;
  const std::size_t at = fact.find({"DEFINER"});
  if (at + 2 < fact.tokens.size() && sql::is_word(fact.tokens[at + 2], "CURRENT_USER")) return;
  probe
      .report(
          "the DEFINER is an account of one server: where it does not exist, the view or routine "
          "fails when it is used")
      .instead("-- leave DEFINER out, or SQL SECURITY INVOKER");
}

void grant_anywhere(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::grant) return;
  const bool all = fact.has({"GRANT", "ALL"});
  const bool any_host = fact.text().find("'%'") != std::string::npos ||
                        fact.text().find("\"%\"") != std::string::npos;
  if (all || any_host)
    probe.report(all ? "GRANT ALL gives more than an application needs"
                     : "the account may come from any host");
}

void account(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!one_of(fact.summary.object, {"USER", "ROLE"}) ||
      (fact.summary.verb != Verb::create && fact.summary.verb != Verb::drop))
    return;
  probe.report(
      "accounts belong to the whole server: a second database on it fails on the same migration");
}

void wide_row(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE")) return;
  long bytes = 0;
  for (const ColumnFact& column : fact.columns) bytes += bytes_of(column);
  if (bytes > 65535)
    probe
        .report("its VARCHAR columns may need " + std::to_string(bytes) +
                " bytes together; a row has 65 535, and CREATE TABLE fails")
        .instead("-- TEXT for the long ones");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> mysql_other_rules() {
  static const Rule rules[] = {
      {"MY301", "commits-rows", W, "a definition behind changed rows",
       "Definitions commit what is open. Sterna's journal goes on behind it after a failure, but "
       "nothing takes the rows back.",
       nullptr, commits_rows},
      {"MY302", "checks-stay-off", E, "foreign_key_checks or unique_checks is left off",
       "Rows written afterwards are not checked, and never will be.", nullptr, checks_stay_off},
      {"MY303", "loose-mode", E, "sql_mode without STRICT", "Values that do not fit are cut.",
       loose_mode},
      {"MY304", "log-off", E, "sql_log_bin = 0",
       "Replicas and point-in-time recovery miss the change.", log_off},
      {"MY305", "set-global", W, "SET GLOBAL, SET PERSIST",
       "Settings of a server belong to whoever runs it.", set_global},
      {"MY401", "three-byte-utf8", W, "utf8, which is utf8mb3",
       "Characters beyond the first plane cannot be stored.", three_byte_utf8},
      {"MY402", "engine-without-transactions", W, "MyISAM, Aria, MEMORY and their like",
       "Neither transactions nor foreign keys; a crash may need a repair.",
       engine_without_transactions},
      {"MY403", "timestamp-2038", W, "TIMESTAMP", "DATETIME reaches the year 9999.",
       timestamp_2038},
      {"MY404", "float-digits", W, "FLOAT(m,d), DOUBLE(m,d)", "Deprecated since MySQL 8.0.17.",
       float_digits},
      {"MY405", "display-width", N, "INT(11)", "The number limits nothing.", display_width},
      {"MY406", "zerofill", N, "ZEROFILL", "Deprecated since MySQL 8.0.17.", zerofill},
      {"MY407", "enum-column", N, "ENUM",
       "A table of values with a foreign key is easier to change.", enum_column},
      {"MY408", "set-column", W, "SET", "A table of members can be searched.", set_column},
      {"MY409", "year-two", E, "YEAR(2)", "Removed.", year_two},
      {"MY410", "zero-date", E, "a zero date as default", "NULL says \"not known\".", zero_date},
      {"MY411", "small-counter", W, "AUTO_INCREMENT in 32 bits or less",
       "2 147 483 647 is reached sooner than planned: ids of rolled back rows count.", signed_key},
      {"MY412", "random-key", W, "a UUID as text as the primary key",
       "Pages split at random, and each secondary index carries 36 bytes a row.", random_key},
      {"MY413", "key-too-long", E, "an index over more than 3072 bytes",
       "InnoDB refuses it; utf8mb4 counts four bytes a character.", key_too_long},
      {"MY414", "charset-left-open", N, "a table without a character set", "Say utf8mb4.",
       charset_left_open},
      {"MY415", "insert-ignore", W, "INSERT IGNORE", "It hides more errors than duplicates.",
       insert_ignore},
      {"MY416", "replace-rows", W, "REPLACE", "It is DELETE and INSERT.", replace_rows},
      {"MY417", "definer", W, "DEFINER = account", "It ties the object to one server's accounts.",
       definer},
      {"MY418", "grant-anywhere", W, "GRANT ALL, or to an account of any host",
       "Name rights and hosts.", grant_anywhere},
      {"MY419", "account", W, "accounts made or dropped by a migration",
       "They are shared by all databases of a server.", account},
      {"MY420", "wide-row", E, "rows of more than 65 535 bytes",
       "The limit is of the server, whatever the engine.", wide_row},
  };
  return rules;
}

std::span<const Rule> mysql_rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (const std::span<const Rule> part : {mysql_online_rules(), mysql_other_rules()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rules;
}

}  // namespace sterna::lint
