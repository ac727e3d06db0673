// What a statement means for the transaction around it: the rest of sql/classify.hpp.
#include "base/text.hpp"
#include "sql/classify.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <array>

namespace sterna {
namespace {

using sql::TokenCursor;
using sql::TokenKind;

std::string inside_block(std::string_view what) {
  return std::string(what) + " cannot run inside a transaction block";
}

/// True when these words stand in a row somewhere.
bool has_words(std::string_view statement, Language language,
               std::initializer_list<std::string_view> words) {
  for (TokenCursor cursor(statement, language); !cursor.at_end(); cursor.take()) {
    if (cursor.accept(words)) return true;
  }
  return false;
}

/// WITH (… option = false)
bool turns_off(std::string_view statement, std::string_view option) {
  TokenCursor cursor(statement, Language::postgres);
  for (; !cursor.at_end(); cursor.take()) {
    if (!cursor.at(option) || !cursor.at('=', 1)) continue;
    const std::string value = to_lower(sql::unquoted(cursor.peek(2)));
    if (value == "false" || value == "off" || value == "0" || value == "no") return true;
  }
  return false;
}

std::optional<std::string> postgres_subscription(Verb verb, std::string_view statement) {
  if (verb == Verb::create) {
    if (turns_off(statement, "CONNECT") || turns_off(statement, "CREATE_SLOT")) return std::nullopt;
    return inside_block("CREATE SUBSCRIPTION with its replication slot");
  }
  if (verb == Verb::drop) return inside_block("DROP SUBSCRIPTION with its replication slot");
  const bool refreshes = has_words(statement, Language::postgres, {"REFRESH", "PUBLICATION"}) ||
                         (has_words(statement, Language::postgres, {"PUBLICATION"}) &&
                          !turns_off(statement, "REFRESH"));
  if (refreshes) return inside_block("ALTER SUBSCRIPTION with a refresh");
  return std::nullopt;
}

/// A DO block that commits by itself (manual, "Transaction Management" of PL/pgSQL) is refused in a
/// transaction.
bool commits_in_body(std::string_view statement) {
  for (TokenCursor cursor(statement, Language::postgres); !cursor.at_end(); cursor.take()) {
    if (cursor.peek().kind != TokenKind::dollar_string) continue;
    std::string_view body = cursor.peek().text;
    const std::size_t tag = body.find('$', 1) + 1;
    body = body.substr(tag, body.size() - 2 * tag);
    TokenCursor inside(body, Language::postgres);
    for (; !inside.at_end(); inside.take()) {
      if (inside.at_any({"COMMIT", "ROLLBACK"}) && (inside.at(';', 1) || inside.at("AND", 1)))
        return true;
    }
  }
  return false;
}

/// The callers of PreventInTransactionBlock, as the manual says in the notes of each command.
std::optional<std::string> postgres_reason(const StatementSummary& summary,
                                           std::string_view statement) {
  const std::string& object = summary.object;
  const bool database_or_space = object == "DATABASE" || object == "TABLESPACE";
  switch (summary.verb) {
    case Verb::create:
      if (database_or_space) return inside_block("CREATE " + object);
      if (object == "INDEX" && summary.concurrently)
        return inside_block("CREATE INDEX CONCURRENTLY");
      if (object == "SUBSCRIPTION") return postgres_subscription(summary.verb, statement);
      return std::nullopt;
    case Verb::drop:
      if (database_or_space) return inside_block("DROP " + object);
      if (object == "INDEX" && summary.concurrently) return inside_block("DROP INDEX CONCURRENTLY");
      if (object == "SUBSCRIPTION") return postgres_subscription(summary.verb, statement);
      return std::nullopt;
    case Verb::alter:
      if (object == "SYSTEM") return inside_block("ALTER SYSTEM");
      if (object == "DATABASE" && has_words(statement, Language::postgres, {"SET", "TABLESPACE"})) {
        return inside_block("ALTER DATABASE … SET TABLESPACE");
      }
      if (object == "TABLE" && summary.concurrently)
        return inside_block("ALTER TABLE … DETACH PARTITION CONCURRENTLY");
      if (object == "SUBSCRIPTION") return postgres_subscription(summary.verb, statement);
      return std::nullopt;
    case Verb::reindex:
      if (summary.concurrently) return inside_block("REINDEX CONCURRENTLY");
      if (object == "DATABASE" || object == "SYSTEM" || object == "SCHEMA")
        return inside_block("REINDEX " + object);
      return std::nullopt;
    case Verb::do_block:
      if (commits_in_body(statement)) return inside_block("A DO block with COMMIT or ROLLBACK");
      return std::nullopt;
    case Verb::vacuum:
      return inside_block("VACUUM");
    case Verb::cluster:
      if (summary.name.name.empty()) return inside_block("CLUSTER without a table");
      return std::nullopt;
    case Verb::commit:
    case Verb::rollback:
      if (has_words(statement, Language::postgres, {"PREPARED"}))
        return inside_block("COMMIT PREPARED and ROLLBACK PREPARED");
      return std::nullopt;
    case Verb::other:
      if (object == "DISCARD" && has_words(statement, Language::postgres, {"ALL"}))
        return inside_block("DISCARD ALL");
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

/// SQLite manual: "PRAGMA Statements", ATTACH, DETACH, VACUUM.
std::optional<std::string> sqlite_reason(const StatementSummary& summary,
                                         std::string_view statement) {
  if (summary.verb == Verb::vacuum) return "VACUUM cannot run inside a transaction";
  if (summary.verb == Verb::attach) return "ATTACH and DETACH cannot run inside a transaction";
  if (summary.verb != Verb::pragma) return std::nullopt;
  constexpr std::array<std::string_view, 4> settings{"foreign_keys", "journal_mode", "synchronous",
                                                     "temp_store"};
  const std::string name = to_lower(summary.name.name);
  if (std::find(settings.begin(), settings.end(), name) == settings.end()) return std::nullopt;
  TokenCursor cursor(statement, Language::sqlite);
  while (!cursor.at_end() && !cursor.at('=') && !cursor.at('(')) cursor.take();
  if (cursor.at_end()) return std::nullopt;  // asks for the value
  return "PRAGMA " + name + " cannot be changed inside a transaction";
}

/// SET …, [SESSION] autocommit = …, @@autocommit = …
bool sets_autocommit(std::string_view statement, Language language) {
  TokenCursor cursor(statement, language);
  for (; !cursor.at_end(); cursor.take()) {
    const auto& token = cursor.peek();
    const bool named =
        (token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier) &&
        equals_ignoring_case(sql::unquoted(token), "autocommit");
    const bool system_variable =
        token.kind == TokenKind::parameter && equals_ignoring_case(token.text, "@@autocommit");
    if ((named || system_variable) && (cursor.at('=', 1) || cursor.peek(1).text == ":="))
      return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> refuses_transaction(const StatementSummary& summary,
                                               std::string_view statement, Language language) {
  switch (language) {
    case Language::postgres:
      return postgres_reason(summary, statement);
    case Language::sqlite:
      return sqlite_reason(summary, statement);
    case Language::mysql:
    case Language::cql:
    case Language::cpp:
      break;
  }
  return std::nullopt;
}

bool commits_implicitly(const StatementSummary& summary, Language language) {
  if (language == Language::cql) return true;  // it has no transactions
  if (language != Language::mysql) return false;
  switch (summary.verb) {
    case Verb::create:
    case Verb::drop:
      return !(summary.object == "TABLE" && summary.temporary);
    case Verb::alter:
    case Verb::rename:
    case Verb::truncate:
    case Verb::grant:
    case Verb::revoke:
    case Verb::begin:
    case Verb::lock:
    case Verb::analyze:
      return true;
    case Verb::set:
      return summary.object == "PASSWORD";
    case Verb::other: {
      constexpr std::array<std::string_view, 11> words{"INSTALL", "UNINSTALL", "CACHE",   "CHECK",
                                                       "FLUSH",   "OPTIMIZE",  "REPAIR",  "START",
                                                       "STOP",    "CHANGE",    "SHUTDOWN"};
      return std::find(words.begin(), words.end(), summary.object) != words.end();
    }
    default:
      return false;
  }
}

bool controls_transaction(const StatementSummary& summary, std::string_view statement,
                          Language language) {
  switch (summary.verb) {
    case Verb::begin:
    case Verb::commit:
    case Verb::rollback:
    case Verb::savepoint:
      return true;
    case Verb::set:
      return language == Language::mysql && sets_autocommit(statement, language);
    default:
      return false;
  }
}

}  // namespace sterna
