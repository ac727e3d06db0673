// ST0xx, ST2xx: the script itself: its way down, its transaction, what it holds besides
// definitions.
#include "base/text.hpp"
#include "lint/common_rules.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

void missing_down(Probe& probe) {
  const Script& script = probe.script;
  if (script.has_down || script.repeatable || script.code || !script.meta->irreversible.empty())
    return;
  probe.report("there is no way down, and no reason why")
      .instead("-- sterna:down\n…\n-- or: -- sterna:reversible never REASON");
}

void empty_down(Probe& probe) {
  const Script& script = probe.script;
  if (!script.has_down || script.code || !script.down.empty() || script.statements.empty() ||
      !script.meta->irreversible.empty())
    return;
  probe.report("the down part is empty: going down changes nothing, and going up again fails")
      .instead("-- sterna:reversible never REASON");
}

void down_forgets(Probe& probe) {
  const Script& script = probe.script;
  if (script.down.empty()) return;
  for (const StatementFact& fact : script.statements) {
    if (!fact.is(Verb::create, "TABLE") || fact.summary.temporary || fact.summary.if_exists)
      continue;
    const auto named = [&](const std::vector<StatementFact>& statements, Verb verb) {
      return std::any_of(statements.begin(), statements.end(), [&](const StatementFact& other) {
        const auto same = [&](const ObjectName& name) {
          return key_of(name) == key_of(fact.summary.name);
        };
        return other.summary.verb == verb &&
               (same(other.summary.name) || std::any_of(other.summary.more_names.begin(),
                                                        other.summary.more_names.end(), same));
      });
    };
    const bool renamed = std::any_of(
        script.statements.begin(), script.statements.end(), [&](const StatementFact& other) {
          return !other.actions.empty() &&
                 other.actions.front().kind == ActionFact::Kind::rename_table &&
                 key_of(other.summary.name) == key_of(fact.summary.name);
        });
    const bool whole_schema =
        std::any_of(script.down.begin(), script.down.end(), [](const StatementFact& other) {
          return other.summary.verb == Verb::drop &&
                 one_of(other.summary.object, {"SCHEMA", "DATABASE", "KEYSPACE"});
        });
    if (renamed || whole_schema || named(script.down, Verb::drop) ||
        named(script.statements, Verb::drop))
      continue;
    probe.statement = &fact;
    probe
        .report("the way down does not drop " + shown(fact.summary.name) +
                ": going up again fails on it")
        .instead("DROP TABLE " + in_sql(probe.server, fact.summary.name) + ";");
    probe.statement = nullptr;
  }
}

void transaction_control(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!controls_transaction(fact.summary, fact.text(), probe.server.language)) return;
  probe.report("Sterna opens and commits the transaction; this would end it in the middle")
      .instead("-- leave it out; -- sterna:transaction none where there must be none");
}

void definitions_and_rows(Probe& probe) {
  if (probe.server.language == Language::cql) return;
  const StatementFact* definition = nullptr;
  const StatementFact* work = nullptr;
  for (const StatementFact& fact : probe.script.statements) {
    const auto made_here = [&](const ObjectName& name) {
      return std::any_of(probe.script.statements.begin(), probe.script.statements.end(),
                         [&](const StatementFact& other) {
                           return other.summary.verb == Verb::create &&
                                  key_of(other.summary.name) == key_of(name);
                         });
    };
    if ((fact.summary.verb == Verb::alter || fact.is(Verb::create, "INDEX")) &&
        !made_here(table_of(fact)))
      definition = &fact;
    const bool many = fact.summary.verb == Verb::update || fact.summary.verb == Verb::remove ||
                      (fact.summary.verb == Verb::insert && fact.has("SELECT"));
    const bool here = !fact.in_steps && !fact.cost_only;
    if (many && here && !made_here(fact.summary.name)) work = &fact;
  }
  if (definition == nullptr || work == nullptr) return;
  probe.statement = work;
  probe
      .report(
          "rows are changed in the migration that changes definitions: locks of the one are held "
          "for the time of the other")
      .instead("-- in a migration of its own:\n" + work->text() + ";");
  probe.statement = nullptr;
}

void moving_data(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.changes_rows()) return;
  for (const std::string_view function :
       {"random", "rand", "uuid", "gen_random_uuid", "uuid_generate_v4", "newid", "now",
        "clock_timestamp", "sysdate", "randomblob", "currenttimestamp", "uuid_v4"}) {
    if (!fact.calls(function)) continue;
    const bool time = one_of(function, {"now", "clock_timestamp", "sysdate", "currenttimestamp"});
    probe.report(std::string(function) + "() gives every environment " +
                 (time ? "another time" : "other values") +
                 ": two databases with the same history differ");
    return;
  }
}

void bound_to_environment(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb == Verb::create) return;  // what it defines may ask where it runs
  for (const std::string_view function :
       {"current_database", "inet_server_addr", "inet_server_port", "database",
        "pg_postmaster_start_time"}) {
    if (!fact.calls(function)) continue;
    probe.report(std::string(function) +
                 "() makes the script do different things in different places");
    return;
  }
  const bool host =
      std::any_of(fact.tokens.begin(), fact.tokens.end(), [](const sql::Token& token) {
        return equals_ignoring_case(token.text, "@@hostname") ||
               equals_ignoring_case(token.text, "@@server_id");
      });
  if (host)
    probe.report("the server's name makes the script do different things in different places");
}

void only_in_environments(Probe& probe) {
  const Script& script = probe.script;
  if (script.meta->environments.empty()) return;
  const bool defines = std::any_of(
      script.statements.begin(), script.statements.end(), [](const StatementFact& fact) {
        return fact.defines() && !one_of(fact.summary.object, {"ROLE", "USER"});
      });
  if (!defines) return;
  probe
      .report("definitions that exist in " + listed(script.meta->environments) +
              " alone: what is tested elsewhere is another schema")
      .instead("-- a definition for all, and the rows in a script for these environments");
}

void hides_difference(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !fact.summary.if_exists || probe.script.repeatable) return;
  probe.report("where another table of this name exists, IF NOT EXISTS leaves it and says nothing")
      .instead("-- leave IF NOT EXISTS out: the history knows what has run");
}

void nothing_in_it(Probe& probe) {
  if (!probe.script.statements.empty() || probe.script.code) return;
  probe.report("there is no statement in it");
}

void view_of_everything(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::create || !fact.summary.object.ends_with("VIEW") ||
      probe.server.language == Language::cql)
    return;
  for (std::size_t i = 0; i + 1 < fact.tokens.size(); ++i) {
    const bool behind = sql::is_word(fact.tokens[i], "SELECT") ||
                        sql::is_word(fact.tokens[i], "DISTINCT") || fact.tokens[i].is('.');
    if (!behind || !fact.tokens[i + 1].is('*')) continue;
    probe
        .report(
            "SELECT * is spelled out when the view is made: columns that come later are not in it, "
            "and one that goes "
            "breaks it")
        .instead("-- name the columns");
    return;
  }
}

void insert_without_columns(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!one_of(fact.summary.object, {"TABLE"}) ||
      (fact.summary.verb != Verb::insert && fact.summary.verb != Verb::replace))
    return;
  for (std::size_t i = 0; i + 1 < fact.tokens.size(); ++i) {
    const sql::Token& token = fact.tokens[i];
    const bool is_name =
        (token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier) &&
        same_name(sql::unquoted(token), fact.summary.name.name);
    if (!is_name) continue;
    const sql::Token& next = fact.tokens[i + 1];
    if (sql::is_word(next, "VALUES") || sql::is_word(next, "SELECT"))
      probe
          .report(
              "without its columns named, the INSERT fails or mixes up values when a column comes "
              "or moves")
          .instead("INSERT INTO " + in_sql(probe.server, fact.summary.name) + " (…) …");
    return;
  }
}

bool names_a_secret(std::string_view name) {
  const std::string lower = to_lower(name);
  for (const std::string_view word :
       {"password", "passwd", "secret", "api_key", "apikey", "access_token", "private_key"}) {
    if (lower == word || lower.ends_with("_" + std::string(word))) return true;
  }
  return false;
}

bool looks_like_a_secret(std::string_view text) {
  for (const std::string_view start :
       {"AKIA", "ghp_", "gho_", "glpat-", "xoxb-", "xoxp-", "sk_live_", "rk_live_", "-----BEGIN"}) {
    if (text.starts_with(start) && text.size() >= start.size() + 8) return true;
  }
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::size_t at = text.find('@', scheme), colon = text.find(':', scheme + 3);
  return at != std::string_view::npos && colon != std::string_view::npos && colon < at &&
         text.find('/', scheme + 3) > at;
}

/// Behind PASSWORD, IDENTIFIED BY, or `name =`.
bool behind_secret_word(const StatementFact& fact, std::size_t at) {
  if (at == 0) return false;
  const sql::Token& before = fact.tokens[at - 1];
  if (sql::is_word(before, "PASSWORD")) return true;
  if (sql::is_word(before, "BY") && at > 1) return sql::is_word(fact.tokens[at - 2], "IDENTIFIED");
  return before.is('=') && at > 1 && names_a_secret(sql::unquoted(fact.tokens[at - 2]));
}

void secret(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (std::size_t i = 0; i < fact.tokens.size(); ++i) {
    const sql::Token& token = fact.tokens[i];
    if (token.kind != sql::TokenKind::string) continue;
    const std::string text = sql::unquoted(token);
    const bool role = behind_secret_word(fact, i) && !text.empty() && !text.starts_with("$") &&
                      !text.starts_with("{");
    if (!role && !looks_like_a_secret(text)) continue;
    Finding& finding = probe.report(
        "a secret stands in the script: it stays in the version control, and in the server's log");
    finding.statement.clear();  // it is not repeated in reports
    finding.instead("-- set it outside, by whoever runs the server");
    return;
  }
}

void use_database(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::use) return;
  probe
      .report(
          "USE leaves the database that the connection names: what follows, and the history, go "
          "elsewhere")
      .instead("-- write " + in_sql(probe.server, fact.summary.name) +
               ".TABLE where another one is meant");
}

void many_rows(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::insert) return;
  const std::size_t rows = static_cast<std::size_t>(
      std::count(fact.statement->copy_data.begin(), fact.statement->copy_data.end(), '\n'));
  std::size_t tuples = 0;
  for (std::size_t i = fact.find({"VALUES"});
       i != StatementFact::npos && i + 1 < fact.tokens.size(); ++i) {
    if (fact.tokens[i + 1].is('(') &&
        (sql::is_word(fact.tokens[i], "VALUES") || fact.tokens[i].is(',')))
      ++tuples;
  }
  if (std::max(rows, tuples) <= 1000) return;
  probe
      .report(std::to_string(std::max(rows, tuples)) +
              " rows in one statement: data of this size belongs into a seed or a load")
      .instead("-- seeds/…");
}

void not_repeatable(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!probe.script.repeatable || fact.summary.verb != Verb::create || fact.summary.or_replace ||
      fact.summary.if_exists)
    return;
  const bool dropped =
      std::any_of(probe.before().begin(), probe.before().end(), [&](const StatementFact& earlier) {
        return earlier.summary.verb == Verb::drop &&
               same_name(earlier.summary.name.name, fact.summary.name.name);
      });
  if (dropped) return;
  probe
      .report("the script runs again whenever it changes, and then " + shown(fact.summary.name) +
              " is there already")
      .instead("CREATE OR REPLACE …, or DROP … IF EXISTS before it");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> script_rules() {
  static const Rule rules[] = {
      {"ST001", "unreadable", E, "a script that cannot be read",
       "Nothing of it can be run either."},
      {"ST002", "allowance-without-reason", W, "sterna:allow without a reason",
       "The next reader has to know why. Without one the finding stays.", nullptr, nullptr},
      {"ST003", "allowance-without-use", W, "sterna:allow of what is not found",
       "It would hide a finding that comes later. Take it out.", nullptr, nullptr},
      {"ST004", "allowance-unknown", W, "sterna:allow of a rule that does not exist",
       "`sterna lint --rules` lists them.", nullptr, nullptr},
      {"ST201", "missing-down", W, "no way down",
       "Write one, or say why there is none: `-- sterna:reversible never REASON`.", nullptr,
       missing_down},
      {"ST202", "empty-down", W, "an empty way down",
       "Say `-- sterna:reversible never REASON` instead.", nullptr, empty_down},
      {"ST203", "down-forgets", W, "the way down leaves a table behind", "Up, down, up fails then.",
       nullptr, down_forgets},
      {"ST204", "transaction-control", E, "BEGIN, COMMIT or ROLLBACK in a script",
       "It would part the migration from its history row.", transaction_control, nullptr, true},
      {"ST205", "definitions-and-rows", W, "definitions and changes of many rows in one migration",
       "Locks of definitions are held while rows are changed, and after a failure both are to be "
       "done again.",
       nullptr, definitions_and_rows},
      {"ST206", "moving-data", W, "data that is different each time",
       "random(), now() and UUIDs make databases with one history differ.", moving_data},
      {"ST207", "bound-to-environment", W, "a script that asks where it runs",
       "Use `-- sterna:environment`, which plans and status can see.", bound_to_environment,
       nullptr, true},
      {"ST208", "definitions-in-some-environments", W, "definitions for some environments alone",
       "The schema that is tested is not the one that runs.", nullptr, only_in_environments},
      {"ST209", "hides-difference", N, "CREATE TABLE IF NOT EXISTS",
       "It keeps quiet about a table of the same name and another shape.", hides_difference},
      {"ST210", "nothing-in-it", W, "a migration without a statement", "", nullptr, nothing_in_it},
      {"ST211", "view-of-everything", W, "SELECT * in a view",
       "Its columns are those of the moment in which it is made.", view_of_everything},
      {"ST212", "insert-without-columns", W, "INSERT without its columns",
       "It depends on their order.", insert_without_columns, nullptr, true},
      {"ST213", "secret", E, "a secret in the script",
       "Passwords and keys belong into no file of a version control.", secret, nullptr, true},
      {"ST214", "use-database", E, "USE", "The connection says which database it is.", use_database,
       nullptr, true},
      {"ST215", "many-rows", N, "more than 1000 rows in one INSERT",
       "They slow down every fresh database.", many_rows},
      {"ST216", "not-repeatable", E, "a repeatable script that can run only once",
       "It runs again whenever its text changes.", not_repeatable},
  };
  return rules;
}

std::span<const Rule> common_rules() {
  static const std::vector<Rule> rules = [] {
    std::vector<Rule> all;
    for (const std::span<const Rule> part :
         {script_rules(), loss_rules(), body_rules(), design_rules()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return rules;
}

}  // namespace sterna::lint
