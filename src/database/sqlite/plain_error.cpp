// SQLITE_ERROR says nothing: a syntax error, a missing table and a name that is taken share it.
// What tells them apart without reading messages is where parsing stops when there is no schema to
// look names up in: https://www.sqlite.org/c3ref/errcode.html (sqlite3_error_offset, since 3.38).
#include "database/sqlite/errors.hpp"
#include "sql/classify.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace sterna::sqlite {
namespace {

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

/// "table", "view", … of an object in the schema; empty when there is none of this name.
std::string type_of(sqlite3* handle, const std::string& name) {
  sqlite3_stmt* statement = nullptr;
  const char* sql =
      "SELECT type FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE UNION ALL SELECT type FROM "
      "sqlite_temp_schema WHERE name = ?1 COLLATE NOCASE";
  if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) != SQLITE_OK) return {};
  sqlite3_bind_text(statement, 1, name.data(), static_cast<int>(name.size()), SQLITE_TRANSIENT);
  std::string type;
  if (sqlite3_step(statement) == SQLITE_ROW)
    type = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  return type;
}

/// An empty database with the attached names of `live` and, for a trigger, something to hang it on:
/// these are what SQLite looks up while it still parses.
Handle scratch_of(sqlite3* live, const StatementSummary& summary) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle scratch(raw);
  if (code != SQLITE_OK) return nullptr;
  const auto run = [&](const std::string& sql) {
    sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr);
  };
  for (int i = 2; const char* name = sqlite3_db_name(live, i); ++i)
    run("ATTACH ':memory:' AS " + quoted(name));
  if (const std::string& on = summary.table.name; summary.object == "TRIGGER" && !on.empty()) {
    if (const std::string type = type_of(live, on); type == "view")
      run("CREATE VIEW " + quoted(on) + " AS SELECT 1");
    else if (type == "table")
      run("CREATE TABLE " + quoted(on) + " (a)");
  }
  return scratch;
}

/// Where parsing `sql` fails, in bytes; -1 when it fails at no token, or does not fail.
int failing_offset(sqlite3* handle, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  const int offset = code == SQLITE_OK ? -1 : sqlite3_error_offset(handle);
  sqlite3_finalize(statement);
  return offset;
}

bool has_schema(sqlite3* live, const std::string& name) {
  if (name.empty()) return true;
  for (int i = 0; const char* schema = sqlite3_db_name(live, i); ++i) {
    if (sqlite3_stricmp(schema, name.c_str()) == 0) return true;
  }
  return false;
}

/// Without a schema a statement fails at a token of its own when that token is wrong, and at the
/// same one as before. Otherwise the parser reaches what is put behind it: a character that is no
/// token shows that nothing before it was wrong, a semicolon at which it fails that something is
/// missing.
bool has_syntax_error(sqlite3* live, const std::string& sql, int offset,
                      const StatementSummary& summary) {
  const Handle scratch = scratch_of(live, summary);
  if (!scratch || !has_schema(live, summary.name.schema)) return false;
  const int end = static_cast<int>(sql.size()) + 1;
  const int at = failing_offset(scratch.get(), sql + "\n\x01");
  if (at == end) return failing_offset(scratch.get(), sql + "\n;") == end;
  return at >= 0 && at == offset;
}

bool can_be_prepared(sqlite3* handle, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  sqlite3_finalize(statement);
  return code == SQLITE_OK;
}

ErrorKind kind_while_running(const StatementSummary& summary) {
  switch (summary.verb) {
    case Verb::alter:
      // Rows may stand in the way of a new column; all other failures come from reading the views,
      // triggers and indexes that the change would break.
      return std::any_of(summary.actions.begin(), summary.actions.end(),
                         [](const AlterAction& action) {
                           return action.kind == AlterAction::Kind::add_column;
                         })
                 ? ErrorKind::data
                 : ErrorKind::dependency;
    case Verb::create:
    case Verb::drop:
    case Verb::reindex:
    case Verb::attach:
      return ErrorKind::schema;
    case Verb::select:
    case Verb::insert:
    case Verb::update:
    case Verb::remove:
    case Verb::replace:
      return ErrorKind::data;  // a function refused a value: integer overflow, malformed JSON
    case Verb::begin:
    case Verb::commit:
    case Verb::rollback:
    case Verb::savepoint:
    case Verb::vacuum:
      return ErrorKind::validation;  // not in this state of the transaction
    default:
      return ErrorKind::unknown;
  }
}

}  // namespace

ErrorKind kind_of_plain_error(sqlite3* handle, const Statement& statement, Phase phase,
                              int offset) {
  const StatementSummary summary = classify(statement.sql, Language::sqlite);
  if (phase == Phase::step && can_be_prepared(handle, statement.sql))
    return kind_while_running(summary);
  return has_syntax_error(handle, statement.sql, offset, summary) ? ErrorKind::syntax
                                                                  : ErrorKind::schema;
}

}  // namespace sterna::sqlite
