#include "database/postgres/errors.hpp"

#include "base/url.hpp"
#include "database/postgres/libpq.hpp"

#include <array>
#include <charconv>

namespace sterna::postgres {
namespace {

struct Known {
  std::string_view state;  // five characters, or the two of a class
  ErrorKind kind;
  std::string_view suggestion;
};

/// PostgreSQL manual, Appendix A. First the codes that say more than their class, then every class.
constexpr std::array known_states{
    Known{"08P01", ErrorKind::connection,
          "client and server misunderstand each other: a proxy in between may be the cause"},
    Known{"0LP01", ErrorKind::permission, "the role may not grant this"},
    Known{"21000", ErrorKind::data, "a subquery that must give one row gave more"},
    Known{"22P02", ErrorKind::data, "a text cannot be read as the column's type"},
    Known{"22001", ErrorKind::data, "a text is longer than the column: widen it, or cut the rows"},
    Known{"22003", ErrorKind::data, "a number does not fit the column's type"},
    Known{"22012", ErrorKind::data, "guard the divisor with nullif(…, 0)"},
    Known{"23502", ErrorKind::data, "give the column a value in every row first, or a default"},
    Known{
        "23503", ErrorKind::data,
        "rows refer to others that do not exist: correct or delete them first, or add the key NOT "
        "VALID and validate it later"},
    Known{"23505", ErrorKind::data,
          "two rows have the same value: SELECT … GROUP BY … HAVING count(*) > 1 finds them"},
    Known{"23514", ErrorKind::data,
          "rows do not satisfy the check: correct them first, or add it NOT VALID"},
    Known{"23P01", ErrorKind::data, "two rows exclude each other: correct one of them first"},
    Known{"25001", ErrorKind::validation,
          "put '-- sterna:transaction none' into the head of the migration"},
    Known{"25006", ErrorKind::permission,
          "the session is read-only: is this a standby, or default_transaction_read_only on?"},
    Known{"25P02", ErrorKind::validation, "an earlier statement of the transaction failed"},
    Known{"25P03", ErrorKind::timeout,
          "the session sat idle in a transaction: idle_in_transaction_session_timeout ended it"},
    Known{"28P01", ErrorKind::permission, "the password was refused: check the URL or PGPASSFILE"},
    Known{"2BP01", ErrorKind::dependency,
          "other objects depend on it: drop or change them first (the detail names them)"},
    Known{"2B000", ErrorKind::dependency, "privileges depend on it: REVOKE them first"},
    Known{"3D000", ErrorKind::connection, "the database does not exist: createdb makes one"},
    Known{"3F000", ErrorKind::schema, "the schema does not exist"},
    Known{"40001", ErrorKind::lock, "another transaction changed the same rows: it is tried again"},
    Known{"40002", ErrorKind::data, "a deferred constraint failed"},
    Known{"40003", ErrorKind::connection,
          "whether the statement was completed is not known: look before it is run again"},
    Known{"40P01", ErrorKind::lock, "two sessions waited for each other: it is tried again"},
    Known{"42501", ErrorKind::permission,
          "the role lacks a right: GRANT it, or run with the owner's role"},
    Known{"42601", ErrorKind::syntax,
          "`sterna debug split FILE` shows the statements as they are sent"},
    Known{"42P01", ErrorKind::schema,
          "the table does not exist: a migration that makes it may be pending, or another "
          "search_path be in force"},
    Known{"42P02", ErrorKind::validation, "bind one value for each parameter"},
    Known{"42P06", ErrorKind::schema, "the schema exists already"},
    Known{"42P07", ErrorKind::schema,
          "it exists already: `sterna status` tells whether a migration made it; if it was made by "
          "hand, mark the migration as applied with `sterna resolve NAME --as up`"},
    Known{"42P16", ErrorKind::schema, "the table cannot be defined like this"},
    Known{"42701", ErrorKind::schema,
          "the column exists already: `sterna status` tells whether a migration added it"},
    Known{"42702", ErrorKind::schema, "write the table before the column: table.column"},
    Known{"42703", ErrorKind::schema, "the column does not exist: check its name"},
    Known{"42704", ErrorKind::schema, "it does not exist: an extension or type may be missing"},
    Known{"42710", ErrorKind::schema,
          "it exists already: `sterna status` tells whether a migration made it"},
    Known{"42723", ErrorKind::schema, "the function exists already: CREATE OR REPLACE"},
    Known{"42804", ErrorKind::schema, "the types do not fit: add a USING expression or a cast"},
    Known{"42809", ErrorKind::schema, "it is an object of another kind (a view, not a table?)"},
    Known{"42830", ErrorKind::schema,
          "a foreign key needs a primary or unique key on exactly the columns it refers to"},
    Known{"42846", ErrorKind::schema, "the type cannot be converted: add a USING expression"},
    Known{"42883", ErrorKind::schema,
          "the function or operator does not exist for these types: an extension or a cast may be "
          "missing"},
    Known{"42939", ErrorKind::schema, "the name is reserved: choose another"},
    Known{"53100", ErrorKind::connection, "the server's disk is full"},
    Known{"53200", ErrorKind::connection,
          "the server lacks memory, or places for locks (max_locks_per_transaction): split the "
          "migration"},
    Known{"53300", ErrorKind::connection,
          "the server has no free connection: end some, or raise max_connections"},
    Known{"55000", ErrorKind::schema, ""},
    Known{"55006", ErrorKind::lock, "the object is in use by another session"},
    Known{"55P02", ErrorKind::validation, "this setting needs a restart of the server"},
    Known{"55P03", ErrorKind::lock,
          "another session holds a lock on it: pg_stat_activity and pg_locks show which; it is "
          "tried again"},
    Known{"55P04", ErrorKind::schema,
          "a new enum value can be used only after it is committed: put ALTER TYPE … ADD VALUE "
          "into a migration of its own"},
    Known{"57014", ErrorKind::timeout,
          "a clock ran out or somebody cancelled it: see what it waited for, or give it more time "
          "with '-- sterna:timeout'"},
    Known{"57P01", ErrorKind::connection, "an administrator ended the session, or the server"},
    Known{"57P02", ErrorKind::connection, "the server crashed: its log tells why"},
    Known{"57P03", ErrorKind::connection, "the server is starting: try again in a moment"},
    Known{"57P05", ErrorKind::connection, "idle_session_timeout ended the session"},
    Known{"03", ErrorKind::unknown, ""},
    Known{"08", ErrorKind::connection, "check network and server, then run the command again"},
    Known{"09", ErrorKind::data, "a trigger failed"},
    Known{"0A", ErrorKind::schema, "this version of the server does not support it"},
    Known{"0B", ErrorKind::validation, "the transaction cannot be begun like this"},
    Known{"0F", ErrorKind::data, ""},
    Known{"0L", ErrorKind::permission, "the role may not grant this"},
    Known{"0P", ErrorKind::permission, "the role is not valid here"},
    Known{"0Z", ErrorKind::data, ""},
    Known{"20", ErrorKind::data, "no branch of CASE fits: add ELSE"},
    Known{"21", ErrorKind::data, ""},
    Known{"22", ErrorKind::data,
          "a value does not fit its type: correct the rows or the statement"},
    Known{"23", ErrorKind::data, "rows do not satisfy a constraint: correct them first"},
    Known{"24", ErrorKind::validation, "the cursor is not in a state for this"},
    Known{"25", ErrorKind::validation, "the transaction is not in a state for this statement"},
    Known{"26", ErrorKind::validation, "there is no such prepared statement in this session"},
    Known{"27", ErrorKind::data, "a trigger changed the same row: make it an AFTER trigger"},
    Known{"28", ErrorKind::permission,
          "user name or password were refused: check the URL and pg_hba.conf"},
    Known{"2B", ErrorKind::dependency, ""},
    Known{"2D", ErrorKind::validation, "COMMIT and ROLLBACK are not allowed here"},
    Known{"2F", ErrorKind::data, "a function of SQL failed"},
    Known{"34", ErrorKind::validation, "there is no such cursor"},
    Known{"38", ErrorKind::data, "a function in another language failed"},
    Known{"39", ErrorKind::data, "a function in another language could not be called"},
    Known{"3B", ErrorKind::validation, "there is no such savepoint"},
    Known{"3D", ErrorKind::connection, "the database does not exist: createdb makes one"},
    Known{"3F", ErrorKind::schema, "the schema does not exist"},
    Known{"40", ErrorKind::lock, "the transaction was rolled back: it is tried again"},
    Known{"42", ErrorKind::schema, "check the names and types in the statement"},
    Known{"44", ErrorKind::data, "the row does not satisfy the view's WITH CHECK OPTION"},
    Known{"53", ErrorKind::connection, "the server lacks memory, disk or connections"},
    Known{"54", ErrorKind::schema, "a limit of the server was passed: make the statement smaller"},
    Known{"55", ErrorKind::schema, "the object is not in a state for this"},
    Known{"57", ErrorKind::connection, "the server is shutting down or starting"},
    Known{"58", ErrorKind::connection, "the server's system failed: its log tells more"},
    Known{"72", ErrorKind::data, "the snapshot is too old: make the migration shorter"},
    Known{"F0", ErrorKind::connection, "the server's configuration file has a fault"},
    Known{"HV", ErrorKind::connection, "the foreign server failed: check its options and mapping"},
    Known{"P0", ErrorKind::data, "a function or DO block raised it"},
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

/// "schema.table.column constraint", as far as the server names them; `public` is left out.
std::string object_of(const PGresult* result) {
  std::string object = field(result, PG_DIAG_SCHEMA_NAME);
  if (object == "public") object.clear();
  for (const int part : {PG_DIAG_TABLE_NAME, PG_DIAG_COLUMN_NAME, PG_DIAG_DATATYPE_NAME}) {
    if (const std::string name = field(result, part); !name.empty())
      object += (object.empty() ? "" : ".") + name;
  }
  if (const std::string name = field(result, PG_DIAG_CONSTRAINT_NAME); !name.empty())
    object += (object.empty() ? "" : " ") + name;
  return object;
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

std::optional<std::size_t> error_character(const PGresult* result) {
  const std::string place = field(result, PG_DIAG_STATEMENT_POSITION);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  return number - 1;
}

Error error_of(const PGresult* result, const Statement& statement, std::size_t character_offset) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  std::string message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (message.empty()) message = libpq().PQresultErrorMessage(result);
  const Known* known = look_up(state);
  Error error(state.empty()      ? ErrorKind::connection
              : known == nullptr ? ErrorKind::unknown
                                 : known->kind,
              mask_passwords(message));
  error.with_code(state).with_statement(statement.sql).at(statement.position);
  if (const auto character = error_character(result); character && *character >= character_offset)
    error.at(moved(statement.position, statement.sql, *character - character_offset));
  error.with_object(object_of(result));
  std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  if (detail.empty()) detail = field(result, PG_DIAG_CONTEXT);
  error.with_detail(mask_passwords(detail));
  if (const std::string hint = field(result, PG_DIAG_MESSAGE_HINT); !hint.empty())
    error.suggest(mask_passwords(hint));
  if (known != nullptr && !known->suggestion.empty()) error.suggest(std::string(known->suggestion));
  return error;
}

}  // namespace sterna::postgres
