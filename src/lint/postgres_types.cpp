// PG4xx: choices in a schema that are cheap today and dear to change later.
#include "base/text.hpp"
#include "lint/postgres_locks.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

/// Reports each column that a statement makes or gives another type.
template <class Wanted, class Say>
void for_columns(Probe& probe, Wanted wanted, Say say) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE" || fact.summary.temporary) return;
  const auto look = [&](const ColumnFact& column) {
    if (!wanted(column)) return;
    Finding& finding = probe.report_at(column.position, {});
    const std::string where = std::move(finding.message);
    say(finding, column);
    finding.message += where;
  };
  for (const ColumnFact* column : made_columns(fact)) look(*column);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::set_type) {
      ColumnFact column = action.column;
      column.position = fact.statement->position;
      look(column);
    }
  }
}

std::string column_sql(const Probe& probe, const ColumnFact& column, std::string_view type) {
  return in_sql(probe.server, column.name) + " " + std::string(type);
}

void serial(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base.find("SERIAL") != std::string::npos; },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message = c.name + " is " + to_lower(c.base) +
                          ": its sequence has rights and an owner of its own, and can be bypassed";
        finding.instead(column_sql(probe, c, "bigint GENERATED ALWAYS AS IDENTITY"));
      });
}

void small_key(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE")) return;
  std::vector<std::string> key;
  for (const ConstraintFact& constraint : fact.constraints) {
    if (constraint.kind == ConstraintFact::Kind::primary_key) key = constraint.columns;
  }
  for_columns(
      probe,
      [&](const ColumnFact& c) {
        const bool is_key = c.primary || (key.size() == 1 && same_name(key.front(), c.name));
        return is_key && is_integer_type(c);
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            "the key " + c.name + " is " + to_lower(c.base) +
            ": it ends at 2 147 483 647 or before, and every column that refers to it with it";
        finding.instead(column_sql(probe, c, "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"));
      });
}

void without_zone(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return c.base == "TIMESTAMP" && c.type.find("WITH TIME ZONE") == std::string::npos;
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name +
            " is a timestamp without time zone: it names no moment, and two sessions in "
            "different zones write different ones";
        finding.instead(column_sql(probe, c, "timestamptz"));
      });
}

void padded_char(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return (c.base == "CHAR" || c.base == "CHARACTER" || c.base == "BPCHAR") &&
               c.type.find("VARYING") == std::string::npos;
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " is char(n): it is filled up with blanks, which comparisons then ignore";
        finding.instead(column_sql(probe, c, "text"));
      });
}

void plain_json(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base == "JSON"; },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name +
            " is json: it has no equality (no DISTINCT, no GROUP BY), no index, and is parsed "
            "anew at each look";
        finding.instead(column_sql(probe, c, "jsonb"));
      });
}

void money(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.base == "MONEY"; },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " is money: its fraction and sign follow the session's lc_monetary";
        finding.instead(column_sql(probe, c, "numeric(12, 2)"));
      });
}

void limited_varchar(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return !c.arguments.empty() &&
               (c.base == "VARCHAR" || c.type.starts_with("CHARACTER VARYING"));
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " has a limit of " + c.arguments.front() +
            ": a shorter one later reads every row, and varchar is no faster than text";
        finding.instead(column_sql(probe, c,
                                   "text CHECK (length(" + in_sql(probe.server, c.name) +
                                       ") <= " + c.arguments.front() + ")"));
      });
}

void time_with_zone(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return c.base == "TIMETZ" ||
               (c.base == "TIME" && c.type.find("WITH TIME ZONE") != std::string::npos);
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " is a time with zone but without a date: summer time makes it ambiguous";
        finding.instead(column_sql(probe, c, "timestamptz"));
      });
}

void whole_seconds(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return (c.base == "TIMESTAMP" || c.base == "TIMESTAMPTZ") && !c.arguments.empty() &&
               c.arguments.front() == "0";
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " is rounded to whole seconds: a value can lie half a second in the future";
        finding.instead(column_sql(probe, c, "timestamptz"));
      });
}

void uuid_as_text(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        const bool text =
            c.base == "VARCHAR" || c.base == "CHAR" || c.base == "CHARACTER" || c.base == "TEXT";
        const std::string name = to_lower(c.name);
        return text && (name == "uuid" || name.ends_with("_uuid") || name == "guid" ||
                        length_of(c.arguments) == 36);
      },
      [&](Finding& finding, const ColumnFact& c) {
        finding.message =
            c.name + " holds a UUID as text: 37 bytes for 16, and no check of its form";
        finding.instead(column_sql(probe, c, "uuid"));
      });
}

void inherits(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !fact.has("INHERITS")) return;
  probe.report("keys and foreign keys do not reach through inheritance; declarative partitions do")
      .instead("CREATE TABLE … PARTITION BY RANGE (…);");
}

void create_rule(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "RULE")) return;
  probe
      .report(
          "a rule rewrites queries before they run and surprises with volatile functions; a "
          "trigger does not")
      .instead("CREATE TRIGGER …;");
}

void not_in_subquery(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (std::size_t at = fact.find({"NOT", "IN"}); at != StatementFact::npos;
       at = fact.find({"NOT", "IN"}, at + 1)) {
    if (at + 3 >= fact.tokens.size() || !fact.tokens[at + 2].is('(') ||
        !sql::is_word(fact.tokens[at + 3], "SELECT"))
      continue;
    probe.report("NOT IN (SELECT …) finds nothing at all as soon as the subquery gives one NULL")
        .instead("WHERE NOT EXISTS (SELECT 1 FROM … WHERE …)");
    return;
  }
}

void unlogged(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !fact.has({"UNLOGGED"})) return;
  probe.report("an unlogged table is emptied after a crash, and is not on replicas")
      .losing("all rows, after a crash");
}

void enum_type(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TYPE") || !fact.has({"AS", "ENUM"})) return;
  probe.report("a value of an enum type can be added and renamed, but never taken away")
      .instead("CREATE TABLE " + in_sql(probe.server, fact.summary.name) +
               " (name text PRIMARY KEY);");
}

void publication_of_all(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "PUBLICATION") || !fact.has({"FOR", "ALL", "TABLES"})) return;
  probe
      .report(
          "FOR ALL TABLES makes UPDATE and DELETE fail on every table without a primary key, and "
          "publishes tables "
          "made later too")
      .instead("CREATE PUBLICATION … FOR TABLE …;");
}

void default_partition(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.partition_of.name.empty() || !fact.has("DEFAULT"))
    return;
  const std::size_t at = fact.find({"PARTITION", "OF"});
  const std::size_t last = fact.tokens.size() - 1;
  if (at == StatementFact::npos || !sql::is_word(fact.tokens[last], "DEFAULT")) return;
  probe.report(
      "a default partition is read in whole, under a lock, whenever another partition is attached");
}

constexpr Severity W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> postgres_type_rules() {
  static const Rule rules[] = {
      {"PG401", "serial", W, "serial instead of identity",
       "Identity columns are the standard, need no rights on a sequence, and refuse values given "
       "by mistake.",
       serial},
      {"PG402", "small-key", W, "a primary key of 32 bits or less",
       "It runs out at 2.1 thousand million rows, counting those that were rolled back; changing "
       "it then rewrites the table "
       "and all that refer to it.",
       small_key},
      {"PG403", "timestamp-without-zone", W, "timestamp without time zone",
       "timestamptz stores the moment and takes the same eight bytes.", without_zone},
      {"PG404", "padded-char", W, "char(n)",
       "It is padded with blanks and has no advantage over text.", padded_char},
      {"PG405", "plain-json", W, "json instead of jsonb", "jsonb can be compared and indexed.",
       plain_json},
      {"PG406", "money", W, "the type money", "Its meaning depends on a setting of the session.",
       money},
      {"PG407", "limited-varchar", N, "varchar with a limit",
       "A limit that is to be a rule of the business is a check, which can be changed without a "
       "rewrite.",
       limited_varchar},
      {"PG408", "time-with-zone", W, "time with time zone",
       "The manual advises against it (8.5.1.2).", time_with_zone},
      {"PG409", "whole-seconds", N, "timestamp(0)", "It rounds; date_trunc() cuts.", whole_seconds},
      {"PG410", "uuid-as-text", W, "a UUID in a text column",
       "The type uuid is half as long and checked.", uuid_as_text},
      {"PG411", "inherits", W, "table inheritance", "Use declarative partitioning or plain tables.",
       inherits},
      {"PG412", "create-rule", W, "CREATE RULE", "Use triggers or views with INSTEAD OF triggers.",
       create_rule},
      {"PG413", "not-in-subquery", W, "NOT IN with a subquery",
       "NULL in its result makes the condition unknown for all rows.", not_in_subquery},
      {"PG414", "unlogged-table", W, "an unlogged table",
       "For what can be made again at any time alone.", unlogged},
      {"PG415", "enum-type", N, "an enum type",
       "Where values come and go, a table with a foreign key is easier to live with.", enum_type},
      {"PG416", "publication-of-all", W, "a publication of all tables", "Name the tables.",
       publication_of_all},
      {"PG417", "default-partition", N, "a default partition",
       "New partitions must prove that none of its rows belongs to them.", default_partition},
  };
  return rules;
}

}  // namespace sterna::lint
