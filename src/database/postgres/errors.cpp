#include "database/postgres/errors.hpp"

#include "base/url.hpp"
#include "database/postgres/libpq.hpp"

#include <array>
#include <cstdlib>

namespace sterna::postgres {
namespace {

struct Known {
  std::string_view state;  // five characters, or the two of a class
  ErrorKind kind;
  std::string_view suggestion;
};

constexpr std::array known_states{
    Known{"40P01", ErrorKind::lock, "two sessions waited for each other: it is tried again"},
    Known{"55P03", ErrorKind::lock,
          "another session holds a lock on it: pg_stat_activity and pg_locks show which; it is "
          "tried again"},
    Known{"55006", ErrorKind::lock, "the object is in use by another session"},
    Known{"55P04", ErrorKind::schema,
          "a new enum value can be used only after it is committed: put ALTER TYPE … ADD VALUE "
          "into a migration of its own"},
    Known{"55000", ErrorKind::schema, ""},
    Known{"40001", ErrorKind::lock, "another transaction changed the same rows: it is tried again"},
    Known{"57014", ErrorKind::timeout, ""},
    Known{"25P03", ErrorKind::timeout, ""},
    Known{"25001", ErrorKind::validation,
          "put '-- sterna:transaction none' into the head of the migration"},
    Known{"42501", ErrorKind::permission,
          "the role lacks a right: GRANT it, or run with the owner's role"},
    Known{"42601", ErrorKind::syntax,
          "`sterna debug split FILE` shows the statements as they are sent"},
    Known{"42P07", ErrorKind::schema,
          "it exists already: `sterna status` tells whether a migration made it; if it was made by "
          "hand, mark the migration as applied with `sterna resolve NAME --as up`"},
    Known{"42701", ErrorKind::schema,
          "the column exists already: `sterna status` tells whether a migration added it"},
    Known{"42710", ErrorKind::schema,
          "it exists already: `sterna status` tells whether a migration made it"},
    Known{"42P06", ErrorKind::schema, "the schema exists already"},
    Known{"42723", ErrorKind::schema, "the function exists already: CREATE OR REPLACE"},
    Known{"42P01", ErrorKind::schema,
          "the table does not exist: a migration that makes it may be pending, or another "
          "search_path be in force"},
    Known{"42703", ErrorKind::schema, "the column does not exist: check its name"},
    Known{"42883", ErrorKind::schema,
          "the function or operator does not exist for these types: an extension or a cast may be "
          "missing"},
    Known{"42704", ErrorKind::schema, "it does not exist: an extension or type may be missing"},
    Known{"3F000", ErrorKind::schema, "the schema does not exist"},
    Known{"2BP01", ErrorKind::dependency,
          "other objects depend on it: drop or change them first (the detail names them)"},
    Known{"3D000", ErrorKind::connection, "the database does not exist: createdb makes one"},
    Known{"53300", ErrorKind::connection, "the server has no free connection"},
    Known{"23502", ErrorKind::data, "give the column a value in every row first, or a default"},
    Known{"23503", ErrorKind::data,
          "rows refer to others that do not exist: correct or delete them first"},
    Known{"23505", ErrorKind::data,
          "two rows have the same value: SELECT … GROUP BY … HAVING count(*) > 1 finds them"},
    Known{"23514", ErrorKind::data,
          "rows do not satisfy the check: correct them first, or add it NOT VALID"},
    Known{"08", ErrorKind::connection, ""},
    Known{"57", ErrorKind::connection, "the server is shutting down or starting"},
    Known{"53", ErrorKind::connection, "the server lacks memory, disk or connections"},
    Known{"28", ErrorKind::permission,
          "user name or password were refused: check the URL and pg_hba.conf"},
    Known{"22", ErrorKind::data, ""},
    Known{"23", ErrorKind::data, ""},
    Known{"21", ErrorKind::data, ""},
    Known{"44", ErrorKind::data, ""},
    Known{"42", ErrorKind::schema, ""},
    Known{"0A", ErrorKind::schema, "this version of the server does not support it"},
    Known{"2F", ErrorKind::data, ""},
    Known{"38", ErrorKind::data, ""},
    Known{"P0", ErrorKind::data, ""},
    Known{"40", ErrorKind::lock, ""},
    Known{"55", ErrorKind::schema, ""},
    Known{"25", ErrorKind::validation, ""},
    Known{"54", ErrorKind::schema, ""},
    Known{"58", ErrorKind::connection, ""},
    Known{"2B", ErrorKind::dependency, ""},
    Known{"XX", ErrorKind::unknown, "a fault of the server: its log may tell more"}};

const Known* look_up(std::string_view state) {
  for (const Known& known : known_states) {
    if (known.state == state || (known.state.size() == 2 && state.starts_with(known.state)))
      return &known;
  }
  return nullptr;
}

std::string field(const PGresult* result, int code) {
  const char* text = libpq().PQresultErrorField(result, code);
  return text == nullptr ? std::string() : std::string(text);
}

/// The place of character `index` (from 0; the server counts characters, not bytes) of the
/// statement.
SourcePosition moved(SourcePosition position, std::string_view sql, std::size_t index) {
  if (position.line <= 0) return position;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if ((static_cast<unsigned char>(sql[i]) & 0xC0) != 0x80 && seen++ == index) break;
    if (sql[i] == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
  }
  return position;
}

}  // namespace

ErrorKind kind_of(std::string_view sqlstate) {
  const Known* known = look_up(sqlstate);
  return known == nullptr ? ErrorKind::unknown : known->kind;
}

Error error_of(const PGresult* result, const Statement& statement, std::size_t character_offset) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = mask_passwords(libpq().PQresultErrorMessage(result));
  const Known* known = look_up(state);
  Error error(state.empty()      ? ErrorKind::connection
              : known == nullptr ? ErrorKind::unknown
                                 : known->kind,
              message);
  error.with_code(state).with_statement(statement.sql).at(statement.position);
  if (const std::string place = field(result, PG_DIAG_STATEMENT_POSITION); !place.empty()) {
    const std::size_t index = static_cast<std::size_t>(std::atol(place.c_str())) - 1;
    if (index >= character_offset)
      error.at(moved(statement.position, statement.sql, index - character_offset));
  }
  std::string object = field(result, PG_DIAG_TABLE_NAME);
  if (const std::string column = field(result, PG_DIAG_COLUMN_NAME); !column.empty())
    object += "." + column;
  if (const std::string constraint = field(result, PG_DIAG_CONSTRAINT_NAME); !constraint.empty())
    object += (object.empty() ? "" : " ") + constraint;
  error.with_object(object);
  std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (const std::string context = field(result, PG_DIAG_CONTEXT);
      detail.empty() && !context.empty())
    detail = context;
  error.with_detail(detail);
  if (const std::string hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
    error.suggest(hint);
  if (known != nullptr && !known->suggestion.empty()) error.suggest(std::string(known->suggestion));
  return error;
}

}  // namespace sterna::postgres
