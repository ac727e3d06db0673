#include "database/sqlite/probe.hpp"

#include "database/connection.hpp"
#include "database/sqlite/connection.hpp"
#include "sql/token_cursor.hpp"

#include <filesystem>

namespace sterna::sqlite {
namespace {

/// What VACUUM [schema] INTO 'file' writes; empty for any other statement, and for a file that is
/// computed by an expression.
std::string vacuum_target(const Statement& statement) {
  sql::TokenCursor cursor(statement.sql, Language::sqlite);
  if (!cursor.accept("VACUUM")) return {};
  if (!cursor.at("INTO") && cursor.at_name()) cursor.identifier();
  if (!cursor.accept("INTO") || cursor.peek().kind != sql::TokenKind::string) return {};
  const std::string file = sql::unquoted(cursor.take());
  return cursor.at_end() || cursor.at(';') ? file : std::string();
}

bool into_a_file(const Statement& statement) {
  sql::TokenCursor cursor(statement.sql, Language::sqlite);
  return cursor.accept("VACUUM") && cursor.skip_to({"INTO"});
}

/// The copy may be cut off: SQLite does not promise that an interrupted one is whole or absent
/// (https://www.sqlite.org/lang_vacuum.html#vacuum_with_an_into_clause).
EffectReport vacuum_into(const Statement& statement) {
  const std::string file = vacuum_target(statement);
  if (file.empty())
    return {Effect::unknown, "the file that VACUUM INTO writes is not a plain text", {}};
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) || std::filesystem::file_size(file, ignored) == 0)
    return {Effect::none, "there is no file " + file, {}};
  try {
    Url url;
    url.scheme = "sqlite";
    url.database = file;
    url.parameters["mode"] = "ro";
    const Rows found = SqliteConnection(url).query("PRAGMA integrity_check(1)");
    if (!found.empty() && found.front().get<std::string>(0) == "ok")
      return {Effect::complete, "the file " + file + " is there and whole", {}};
  } catch (const Error&) {  // it cannot be read: not whole
  }
  return {Effect::unknown, "the file " + file + " is there and not whole: remove it", {}};
}

}  // namespace

// Nearly everything is transactional here and commits together with the journal. What is not can be
// run again without harm, but for VACUUM INTO, which refuses a file that exists.
bool needs_fingerprint(const Statement&) { return false; }
std::string fingerprint(Connection&, const Statement&) { return {}; }

EffectReport effect(Connection&, const Statement& statement, std::string_view) {
  if (into_a_file(statement)) return vacuum_into(statement);
  const StatementSummary summary = classify(statement.sql, Language::sqlite);
  switch (summary.verb) {
    case Verb::vacuum:
    case Verb::pragma:
    case Verb::analyze:
    case Verb::reindex:
    case Verb::attach:
      return {Effect::repeatable, "running it again gives the same result", {}};
    default:
      return {Effect::unknown, "this statement is not known to run outside a transaction", {}};
  }
}

void explain(Error& error, Connection& connection) noexcept {
  if (error.code() != "SQLITE_CONSTRAINT_FOREIGNKEY (787)") return;
  try {
    const std::vector<std::string> rows = connection.foreign_key_violations();
    std::string text;
    for (std::size_t i = 0; i < rows.size() && i < 5; ++i) text += (i > 0 ? "; " : "") + rows[i];
    if (!text.empty()) error.with_detail(text);
  } catch (const Error&) {  // the error itself is what matters
  }
}

}  // namespace sterna::sqlite
