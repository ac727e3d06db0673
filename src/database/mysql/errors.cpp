#include "database/mysql/errors.hpp"

#include "base/url.hpp"

#include <array>

namespace sterna::mysql {
namespace {

struct Known {
  unsigned number;
  ErrorKind kind;
  std::string_view suggestion;
};

constexpr std::array known_numbers{
    Known{1044, ErrorKind::permission, "the user has no right on this database: GRANT it"},
    Known{1045, ErrorKind::permission, "user name or password were refused: check the URL"},
    Known{1142, ErrorKind::permission, "the user lacks a right on the table: GRANT it"},
    Known{1143, ErrorKind::permission, "the user lacks a right on the column: GRANT it"},
    Known{1227, ErrorKind::permission, "the user lacks a privilege that the message names"},
    Known{1370, ErrorKind::permission,
          "the user lacks the right to the routine: GRANT EXECUTE or ALTER ROUTINE"},
    Known{1419, ErrorKind::permission,
          "binary logging asks for SUPER here, or for log_bin_trust_function_creators=1"},
    Known{1040, ErrorKind::connection, "the server has no free connection"},
    Known{1049, ErrorKind::connection, "the database does not exist: CREATE DATABASE makes one"},
    Known{2002, ErrorKind::connection, "check that the server runs, and host, port or socket"},
    Known{2003, ErrorKind::connection, "check that the server runs, and host and port"},
    Known{2005, ErrorKind::connection, "the host name cannot be resolved"},
    Known{2006, ErrorKind::connection,
          "the server closed the connection: its log may tell why; max_allowed_packet may be too "
          "small"},
    Known{2013, ErrorKind::connection,
          "the connection was lost during the statement: the server's log may tell why"},
    Known{2026, ErrorKind::connection,
          "TLS failed: check ssl-ca, ssl-cert, ssl-key and the host name"},
    Known{2055, ErrorKind::connection, "the connection was lost"},
    Known{1053, ErrorKind::connection, "the server is shutting down"},
    Known{1927, ErrorKind::connection, "the session was killed"},
    Known{1007, ErrorKind::schema, "the database exists already"},
    Known{1050, ErrorKind::schema,
          "the table exists already: `sterna status` tells whether a migration made it; if it was "
          "made by hand, mark the migration as applied with `sterna resolve NAME --as up`"},
    Known{1051, ErrorKind::schema, "the table does not exist"},
    Known{1054, ErrorKind::schema, "the column does not exist: check its name"},
    Known{1060, ErrorKind::schema,
          "the column exists already: `sterna status` tells whether a migration added it"},
    Known{1061, ErrorKind::schema,
          "the index exists already: `sterna status` tells whether a migration made it"},
    Known{1068, ErrorKind::schema, "the table has a primary key already"},
    Known{1071, ErrorKind::schema, "the key is too long: index a prefix of the column"},
    Known{1072, ErrorKind::schema, "a key names a column that does not exist"},
    Known{1091, ErrorKind::schema, "it does not exist: check its name"},
    Known{1146, ErrorKind::schema,
          "the table does not exist: a migration that makes it may be pending"},
    Known{1176, ErrorKind::schema, "the index does not exist"},
    Known{1304, ErrorKind::schema,
          "the routine exists already: CREATE OR REPLACE (MariaDB), or drop it first"},
    Known{1305, ErrorKind::schema, "the routine does not exist"},
    Known{1359, ErrorKind::schema, "the trigger exists already"},
    Known{1360, ErrorKind::schema, "the trigger does not exist"},
    Known{1005, ErrorKind::schema,
          "SHOW ENGINE INNODB STATUS tells more under LATEST FOREIGN KEY ERROR: both columns need "
          "the same type, and the other an index"},
    Known{1215, ErrorKind::schema,
          "both columns of a foreign key need the same type, and the referenced one an index"},
    Known{1822, ErrorKind::schema, "the referenced columns need an index"},
    Known{1826, ErrorKind::schema, "a foreign key of this name exists already in the database"},
    Known{3780, ErrorKind::schema, "both columns of a foreign key need the same type"},
    Known{1064, ErrorKind::syntax,
          "`sterna debug split FILE --dialect mysql` shows the statements as they are sent"},
    Known{1149, ErrorKind::syntax, ""},
    Known{1205, ErrorKind::lock,
          "another session holds a lock on it: SHOW PROCESSLIST shows which; it is tried again"},
    Known{1213, ErrorKind::lock, "two sessions waited for each other: it is tried again"},
    Known{3572, ErrorKind::lock, "another session holds a lock on it"},
    Known{1969, ErrorKind::timeout, ""},
    Known{3024, ErrorKind::timeout, ""},
    Known{1317, ErrorKind::timeout, ""},
    Known{1062, ErrorKind::data,
          "two rows have the same value: SELECT … GROUP BY … HAVING count(*) > 1 finds them"},
    Known{1048, ErrorKind::data, "give the column a value in every row first, or a default"},
    Known{1138, ErrorKind::data, "rows hold NULL: give them a value first"},
    Known{1264, ErrorKind::data, "a value is out of the range of the column's type"},
    Known{1265, ErrorKind::data, "a value does not fit the column's type"},
    Known{1292, ErrorKind::data, "a value is no valid one of the column's type"},
    Known{1364, ErrorKind::data, "the column has no default: give it a value"},
    Known{1366, ErrorKind::data, "a value does not fit the column's type or character set"},
    Known{1406, ErrorKind::data, "a value is longer than the column"},
    Known{1451, ErrorKind::data, "other rows refer to it: delete or change them first"},
    Known{1452, ErrorKind::data,
          "rows refer to others that do not exist: correct or delete them first"},
    Known{1690, ErrorKind::data, "a value is out of range"},
    Known{3819, ErrorKind::data, "rows do not satisfy the check"},
    Known{4025, ErrorKind::data, "rows do not satisfy the check"},
    Known{1217, ErrorKind::dependency,
          "a foreign key of another table refers to it: drop that one first"},
    Known{1553, ErrorKind::dependency, "a foreign key needs the index: drop the key first"},
    Known{1828, ErrorKind::dependency, "a foreign key needs the column: drop the key first"},
    Known{1829, ErrorKind::dependency,
          "a foreign key of another table needs the column: drop the key first"},
    Known{3730, ErrorKind::dependency,
          "a foreign key of another table refers to it: drop that one first"},
    Known{1114, ErrorKind::connection, "the table space or disk is full"},
    Known{1021, ErrorKind::connection, "the disk is full"},
    Known{1294, ErrorKind::schema, ""},
    Known{1235, ErrorKind::schema, "this version of the server does not support it"},
    Known{1295, ErrorKind::validation, ""}};

}  // namespace

ErrorKind kind_of(unsigned number, std::string_view sqlstate) {
  for (const Known& known : known_numbers) {
    if (known.number == number) return known.kind;
  }
  if (number >= 2000 && number < 2100) return ErrorKind::connection;
  if (sqlstate.starts_with("08")) return ErrorKind::connection;
  if (sqlstate.starts_with("28")) return ErrorKind::permission;
  if (sqlstate.starts_with("22") || sqlstate.starts_with("23") || sqlstate.starts_with("45"))
    return ErrorKind::data;
  if (sqlstate.starts_with("42")) return ErrorKind::schema;
  if (sqlstate.starts_with("40")) return ErrorKind::lock;
  return ErrorKind::unknown;
}

Error error_of(unsigned number, const std::string& sqlstate, const std::string& message,
               const Statement& statement) {
  Error error(kind_of(number, sqlstate), mask_passwords(message));
  error.with_code(std::to_string(number) + " (" + sqlstate + ")")
      .with_statement(statement.sql)
      .at(statement.position);
  for (const Known& known : known_numbers) {
    if (known.number == number && !known.suggestion.empty())
      error.suggest(std::string(known.suggestion));
  }
  return error;
}

}  // namespace sterna::mysql
