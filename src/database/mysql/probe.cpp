#include "database/mysql/probe.hpp"
#include "database/mysql/catalog.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/mysql/catalog.hpp"

#include <fmt/format.h>

// Single statements are atomic on MySQL 8 and MariaDB 10.6 and later: a definition took effect as a
// whole or not at all (MySQL manual, "Atomic Data Definition Statement Support"; MariaDB knowledge
// base, "Atomic DDL"). One part that can be seen therefore tells for all.

namespace sterna::mysql {
namespace {

bool any(Connection& connection, const std::string& sql, std::vector<Value> parameters) {
  return !connection.query(Statement{sql, std::move(parameters), {}, {}}).empty();
}

bool object_exists(Connection& connection, const std::string& kind, const ObjectName& name) {
  const auto look = [&](const std::string& table, const std::string& schema,
                        const std::string& column, const std::string& more = {}) {
    return any(connection,
               fmt::format("SELECT 1 FROM information_schema.{} WHERE {}{} AND {} = ?{}", table,
                           schema, in_schema, column, more),
               {name.schema, name.name});
  };
  if (kind == "TABLE" || kind == "VIEW" || kind == "SEQUENCE")
    return look("tables", "table_schema", "table_name");
  if (kind == "PROCEDURE" || kind == "FUNCTION")
    return look("routines", "routine_schema", "routine_name", " AND routine_type = '" + kind + "'");
  if (kind == "TRIGGER") return look("triggers", "trigger_schema", "trigger_name");
  if (kind == "EVENT") return look("events", "event_schema", "event_name");
  if (kind == "DATABASE" || kind == "SCHEMA")
    return any(connection, "SELECT 1 FROM information_schema.schemata WHERE schema_name = ?",
               {name.name});
  return false;
}

bool known_kind(const std::string& kind) {
  for (const std::string_view known : {"TABLE", "VIEW", "SEQUENCE", "PROCEDURE", "FUNCTION",
                                       "TRIGGER", "EVENT", "DATABASE", "SCHEMA"}) {
    if (kind == known) return true;
  }
  return false;
}

bool constraint_exists(Connection& connection, const ObjectName& table, const std::string& name) {
  return any(connection,
             fmt::format("SELECT 1 FROM information_schema.table_constraints WHERE table_schema{} "
                         "AND table_name = ? AND constraint_name = ?",
                         in_schema),
             {table.schema, table.name, name});
}

EffectReport seen(bool took_effect, std::string evidence) {
  return {took_effect ? Effect::complete : Effect::none, std::move(evidence), {}};
}

std::string presence(const std::string& what, bool exists) {
  return what + (exists ? " exists" : " does not exist");
}

/// Verdict of one action of ALTER TABLE; nothing where it cannot be seen.
std::optional<EffectReport> action_effect(Connection& connection, const ObjectName& table,
                                          const AlterAction& action) {
  const model::Name name(table.schema, table.name);
  const auto column = [&](const std::string& c) { return connection.has_column(name, c); };
  const auto index = [&](const std::string& i) { return connection.has_index(name, i); };
  using Kind = AlterAction::Kind;
  if (action.if_exists) return std::nullopt;  // it would not have failed either way
  switch (action.kind) {
    case Kind::add_column:
      return seen(column(action.name), presence("column " + action.name, column(action.name)));
    case Kind::drop_column:
      return seen(!column(action.name), presence("column " + action.name, column(action.name)));
    case Kind::rename_column: {
      const bool done = column(action.new_name) && !column(action.name);
      return seen(done, presence("column " + action.new_name, column(action.new_name)));
    }
    case Kind::add_index:
      if (action.name.empty()) return std::nullopt;
      return seen(index(action.name), presence("index " + action.name, index(action.name)));
    case Kind::drop_index:
      return seen(!index(action.name), presence("index " + action.name, index(action.name)));
    case Kind::rename_index:
      return seen(index(action.new_name),
                  presence("index " + action.new_name, index(action.new_name)));
    case Kind::add_primary_key:
      return seen(index("PRIMARY"), presence("the primary key", index("PRIMARY")));
    case Kind::drop_primary_key:
      return seen(!index("PRIMARY"), presence("the primary key", index("PRIMARY")));
    case Kind::add_foreign_key:
    case Kind::add_check:
    case Kind::add_constraint_other:
      if (action.name.empty()) return std::nullopt;
      return seen(
          constraint_exists(connection, table, action.name),
          presence("constraint " + action.name, constraint_exists(connection, table, action.name)));
    case Kind::drop_constraint:
      return seen(
          !constraint_exists(connection, table, action.name),
          presence("constraint " + action.name, constraint_exists(connection, table, action.name)));
    case Kind::rename_table:
      return seen(!connection.has_table(name),
                  presence("table " + table.name, connection.has_table(name)));
    case Kind::modify_column:
    case Kind::option:
    case Kind::partition:
    case Kind::other:
      return std::nullopt;
  }
  return std::nullopt;
}

bool decidable(const AlterAction& action) {
  using Kind = AlterAction::Kind;
  if (action.if_exists) return false;
  switch (action.kind) {
    case Kind::modify_column:
    case Kind::option:
    case Kind::partition:
    case Kind::other:
      return false;
    case Kind::add_index:
    case Kind::add_foreign_key:
    case Kind::add_check:
    case Kind::add_constraint_other:
      return !action.name.empty();
    default:
      return true;
  }
}

/// Running it again gives the same result: a column set to the same definition, an option to the
/// same value, an IF EXISTS form.
bool repeatable(const AlterAction& action) {
  return action.if_exists || action.kind == AlterAction::Kind::modify_column ||
         action.kind == AlterAction::Kind::option;
}

/// DROP TABLE a, b and RENAME TABLE a TO b, c TO d are atomic on MySQL 8, but on MariaDB each table
/// by itself.
EffectReport several_tables(Connection& connection, const StatementSummary& summary) {
  std::vector<std::pair<ObjectName, ObjectName>> pairs{{summary.name, summary.new_name}};
  for (std::size_t i = 0; i < summary.more_names.size(); ++i) {
    pairs.emplace_back(summary.more_names[i], i < summary.more_new_names.size()
                                                  ? summary.more_new_names[i]
                                                  : ObjectName{});
  }
  std::size_t done = 0;
  std::vector<Statement> rest;
  const Dialect& dialect = connection.dialect();
  const auto quoted = [&](const ObjectName& name) {
    return dialect.quote(model::Name(name.schema, name.name));
  };
  for (const auto& [from, to] : pairs) {
    if (!object_exists(connection, summary.object, from)) {
      ++done;
      continue;
    }
    rest.push_back({summary.verb == Verb::drop
                        ? "DROP " + summary.object + " " + quoted(from)
                        : "RENAME TABLE " + quoted(from) + " TO " + quoted(to),
                    {},
                    {},
                    {}});
  }
  const std::string evidence = fmt::format("{} of {} names are gone", done, pairs.size());
  if (done == 0) return {Effect::none, evidence, {}};
  if (done == pairs.size()) return {Effect::complete, evidence, {}};
  for (const Statement& statement : rest)
    connection.execute(
        statement);  // the rest is done here: the statement itself would fail on what is gone
  return {Effect::complete, evidence + "; the rest was completed", {}};
}

EffectReport by_fingerprint(Connection& connection, const Statement& statement,
                            std::string_view before) {
  if (before.empty())
    return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
  const bool same = fingerprint(connection, statement) == before;
  return seen(!same, same ? "the definition is the same as before"
                          : "the definition differs from the one before");
}

EffectReport alter_table_effect(Connection& connection, const Statement& statement,
                                const StatementSummary& summary, std::string_view before) {
  for (const AlterAction& action : summary.actions) {
    if (auto report = action_effect(connection, summary.name, action)) return *report;
  }
  const bool all_repeatable =
      !summary.actions.empty() &&
      std::all_of(summary.actions.begin(), summary.actions.end(), repeatable);
  if (all_repeatable) return {Effect::repeatable, "running it again gives the same result", {}};
  return by_fingerprint(connection, statement, before);
}

}  // namespace

bool needs_fingerprint(const Statement& statement) {
  const StatementSummary summary = classify(statement.sql, Language::mysql);
  if (summary.verb == Verb::alter && summary.object == "TABLE") {
    if (std::any_of(summary.actions.begin(), summary.actions.end(), decidable)) return false;
    return summary.actions.empty() ||
           !std::all_of(summary.actions.begin(), summary.actions.end(), repeatable);
  }
  return summary.verb == Verb::create && summary.object == "INDEX" && summary.name.name.empty();
}

std::string fingerprint(Connection& connection, const Statement& statement) {
  const StatementSummary summary = classify(statement.sql, Language::mysql);
  const ObjectName& table = summary.table.name.empty() ? summary.name : summary.table;
  const Rows rows = connection.query(
      "SHOW CREATE TABLE " + connection.dialect().quote(model::Name(table.schema, table.name)));
  std::string definition = rows.empty() ? std::string("nothing") : rows.front().get<std::string>(1);
  // The counter moves with every row that an application inserts meanwhile.
  if (const std::size_t start = definition.find(" AUTO_INCREMENT="); start != std::string::npos) {
    const std::size_t end = definition.find_first_not_of("0123456789", start + 16);
    definition.erase(start, end == std::string::npos ? end : end - start);
  }
  return sha256_hex(definition);
}

EffectReport effect(Connection& connection, const Statement& statement,
                    std::string_view fingerprint_before) {
  const StatementSummary summary = classify(statement.sql, Language::mysql);
  if (summary.or_replace || summary.if_exists) {
    // CREATE TABLE IF NOT EXISTS … SELECT inserts rows even into a table that exists.
    const bool copies = summary.verb == Verb::create && summary.object == "TABLE" &&
                        to_upper(statement.sql).find("SELECT") != std::string::npos;
    if (!copies && (summary.verb == Verb::create || summary.verb == Verb::drop))
      return {Effect::repeatable, "running it again gives the same result", {}};
  }
  const std::string what = to_lower(summary.object) + " " + summary.name.name;
  switch (summary.verb) {
    case Verb::create:
    case Verb::drop:
      if (summary.object == "INDEX") {
        if (summary.name.name.empty())
          return by_fingerprint(connection, statement, fingerprint_before);
        const bool exists = connection.has_index(
            model::Name(summary.table.schema, summary.table.name), summary.name.name);
        return seen(exists == (summary.verb == Verb::create), presence(what, exists));
      }
      if (summary.object == "USER" || summary.object == "ROLE") {
        return {Effect::unknown, "look into mysql.user whether it exists", {}};
      }
      if (!known_kind(summary.object))
        return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
      if (summary.verb == Verb::drop && !summary.more_names.empty())
        return several_tables(connection, summary);
      {
        const bool exists = object_exists(connection, summary.object, summary.name);
        return seen(exists == (summary.verb == Verb::create), presence(what, exists));
      }
    case Verb::rename:
      if (summary.object != "TABLE")
        return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
      return several_tables(connection, summary);
    case Verb::alter:
      if (summary.object == "TABLE")
        return alter_table_effect(connection, statement, summary, fingerprint_before);
      return {Effect::repeatable, "running it again gives the same result", {}};
    case Verb::truncate:
    case Verb::grant:
    case Verb::revoke:
    case Verb::analyze:
    case Verb::set:
    case Verb::use:
    case Verb::select:
      return {Effect::repeatable, "running it again gives the same result", {}};
    case Verb::call:
      return {Effect::unknown,
              "what a procedure had done when it died cannot be seen from outside",
              {}};
    default:
      return {Effect::unknown, "what this statement does cannot be seen from outside", {}};
  }
}

}  // namespace sterna::mysql
