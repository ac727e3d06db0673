#include "database/sqlite/errors.hpp"

#include "sql/classify.hpp"

#include <sqlite3.h>

#include <array>

namespace sterna::sqlite {
namespace {

struct Known {
  int code;
  std::string_view name;
  ErrorKind kind;
  std::string_view suggestion;
};

constexpr std::array<Known, 31> known_codes{{
    {SQLITE_PERM, "SQLITE_PERM", ErrorKind::permission, "check the rights of the database file"},
    {SQLITE_BUSY, "SQLITE_BUSY", ErrorKind::lock,
     "another process writes to the database: end it, or wait longer with lock_timeout"},
    {SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT", ErrorKind::lock,
     "another process wrote meanwhile: run it again"},
    {SQLITE_LOCKED, "SQLITE_LOCKED", ErrorKind::lock,
     "another statement of this program still reads the table"},
    {SQLITE_READONLY, "SQLITE_READONLY", ErrorKind::permission,
     "make the database file and its folder writable"},
    {SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY", ErrorKind::permission,
     "make the folder of the database writable: SQLite keeps its journal there"},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT", ErrorKind::timeout, ""},
    {SQLITE_IOERR, "SQLITE_IOERR", ErrorKind::connection, "check the disk"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT", ErrorKind::connection,
     "the file is damaged: restore a backup, or try sqlite3's .recover"},
    {SQLITE_NOTADB, "SQLITE_NOTADB", ErrorKind::connection,
     "the file is no SQLite database: check the path in the URL"},
    {SQLITE_FULL, "SQLITE_FULL", ErrorKind::connection, "the disk is full"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN", ErrorKind::connection,
     "check the path in the URL, and the rights of its folder"},
    {SQLITE_AUTH, "SQLITE_AUTH", ErrorKind::permission, ""},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG", ErrorKind::data, ""},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH", ErrorKind::data,
     "an INTEGER PRIMARY KEY takes integers only"},
    {SQLITE_RANGE, "SQLITE_RANGE", ErrorKind::validation,
     "the number of bound values does not fit the statement"},
    {SQLITE_NOMEM, "SQLITE_NOMEM", ErrorKind::internal, ""},
    {SQLITE_SCHEMA, "SQLITE_SCHEMA", ErrorKind::schema,
     "the schema changed meanwhile: run it again"},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT", ErrorKind::data, ""},
    {SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK", ErrorKind::data,
     "a row does not satisfy a CHECK"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY", ErrorKind::data,
     "a row refers to one that does not exist, or is referred to by another: PRAGMA "
     "foreign_key_check lists them"},
    {SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL", ErrorKind::data,
     "give the column a value in every row first, or a default"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY", ErrorKind::data,
     "two rows have the same key"},
    {SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE", ErrorKind::data,
     "two rows have the same value: SELECT … GROUP BY … HAVING count(*) > 1 finds them"},
    {SQLITE_CONSTRAINT_ROWID, "SQLITE_CONSTRAINT_ROWID", ErrorKind::data, ""},
    {SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER", ErrorKind::data,
     "a trigger refused it with RAISE"},
    {SQLITE_CONSTRAINT_DATATYPE, "SQLITE_CONSTRAINT_DATATYPE", ErrorKind::data,
     "the table is STRICT: the value's type does not fit the column"},
    {SQLITE_MISUSE, "SQLITE_MISUSE", ErrorKind::internal, ""},
    {SQLITE_PROTOCOL, "SQLITE_PROTOCOL", ErrorKind::lock, "run it again"},
    {SQLITE_EMPTY, "SQLITE_EMPTY", ErrorKind::internal, ""},
    {SQLITE_ERROR, "SQLITE_ERROR", ErrorKind::unknown, ""},
}};

const Known& look_up(int extended) {
  for (const Known& known : known_codes) {
    if (known.code == extended) return known;
  }
  for (const Known& known : known_codes) {
    if (known.code == (extended & 0xFF)) return known;
  }
  return known_codes.back();
}

/// The statement's place, moved on by `offset` bytes.
SourcePosition moved(SourcePosition position, std::string_view sql, int offset) {
  if (offset < 0 || position.line <= 0) return position;
  for (const char c : sql.substr(0, static_cast<std::size_t>(offset))) {
    if (c == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

}  // namespace

Error error_of(sqlite3* handle, const Statement& statement, Phase phase) {
  const int code = sqlite3_extended_errcode(handle);
  const int offset = sqlite3_error_offset(handle);
  const std::string message = sqlite3_errmsg(handle);
  const Known& known = look_up(code);
  const ErrorKind kind = (code & 0xFF) == SQLITE_ERROR
                             ? kind_of_plain_error(handle, statement, phase, offset)
                             : known.kind;
  Error error(kind, message);
  error.with_code(std::string(known.name) + " (" + std::to_string(code) + ")")
      .with_statement(statement.sql)
      .at(moved(statement.position, statement.sql, offset));
  if (!known.suggestion.empty()) error.suggest(std::string(known.suggestion));
  if (kind == ErrorKind::schema) {
    error.with_object(classify(statement.sql, Language::sqlite).name.name);
    error.suggest(
        "`sterna status` tells which migrations the database has seen; the object may have been "
        "made or dropped by hand");
  }
  return error;
}

}  // namespace sterna::sqlite
