#include "database/mysql/errors.hpp"

#include "database/mysql/error_numbers.hpp"
#include "database/mysql/error_place.hpp"
#include "database/mysql/secrets.hpp"
#include "sql/classify.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::mysql {
namespace {

static_assert(std::ranges::is_sorted(known_numbers, {}, &Known::number));
static_assert(std::ranges::adjacent_find(known_numbers, {}, &Known::number) == known_numbers.end());

const Known* look_up(unsigned number) {
  const auto found = std::ranges::lower_bound(known_numbers, number, {}, &Known::number);
  return found != known_numbers.end() && found->number == number ? &*found : nullptr;
}

/// MariaDB tells by the numbers for rows, and for files, that a foreign key needs what a definition
/// would drop.
bool drops_what_is_needed(unsigned number, const Statement& statement) {
  if (number != 1451 && number != 1025) return false;
  const StatementSummary summary = classify(statement.sql, Language::mysql);
  if (number == 1451) {
    return summary.verb == Verb::drop || summary.verb == Verb::truncate ||
           summary.verb == Verb::alter;
  }
  using Kind = AlterAction::Kind;
  return std::ranges::any_of(summary.actions, [](const AlterAction& action) {
    return action.kind == Kind::drop_primary_key || action.kind == Kind::drop_index ||
           action.kind == Kind::drop_column;
  });
}

/// MySQL 8 tells by one number of a key that cannot be made and of a column that a key needs as it
/// is.
bool changes_what_is_needed(unsigned number, const Statement& statement) {
  if (number != 3780) return false;
  using Kind = AlterAction::Kind;
  const StatementSummary summary = classify(statement.sql, Language::mysql);
  return summary.verb == Verb::alter &&
         std::ranges::none_of(summary.actions, [](const AlterAction& action) {
           return action.kind == Kind::add_foreign_key;
         });
}

}  // namespace

ErrorKind kind_of(unsigned number, std::string_view sqlstate) {
  if (const Known* known = look_up(number)) return known->kind;
  if (number >= 2000 && number < 2100) return ErrorKind::connection;
  if (sqlstate.starts_with("08")) return ErrorKind::connection;
  if (sqlstate.starts_with("28")) return ErrorKind::permission;
  if (sqlstate.starts_with("25")) return ErrorKind::validation;
  if (sqlstate.starts_with("40")) return ErrorKind::lock;
  if (sqlstate.starts_with("42") || sqlstate.starts_with("0A")) return ErrorKind::schema;
  for (const std::string_view data : {"02", "21", "22", "23", "44", "45"}) {
    if (sqlstate.starts_with(data)) return ErrorKind::data;
  }
  return ErrorKind::unknown;
}

Error error_of(unsigned number, const std::string& sqlstate, const std::string& message,
               const Statement& statement) {
  Error error(kind_of(number, sqlstate), mask_message(message, statement.sql));
  error.with_code(std::to_string(number) + " (" + sqlstate + ")")
      .with_statement(secrets_in(statement.sql).empty() ? statement.sql
                                                        : mask_secrets(statement.sql))
      .at(place_of(number, message, statement));
  if (drops_what_is_needed(number, statement)) {
    return error.with_kind(ErrorKind::dependency)
        .suggest("a foreign key refers to it: drop the key first");
  }
  if (changes_what_is_needed(number, statement)) {
    return error.with_kind(ErrorKind::dependency)
        .suggest("a foreign key needs the column as it is: drop the key first");
  }
  if (const Known* known = look_up(number); known != nullptr && !known->suggestion.empty())
    error.suggest(std::string(known->suggestion));
  return error;
}

unsigned number_of(const Error& error) {
  unsigned number = 0;
  const std::string& code = error.code();
  std::from_chars(code.data(), code.data() + code.size(), number);
  return number;
}

bool ends_session(unsigned number) {
  switch (number) {
    case 1053:  // ER_SERVER_SHUTDOWN
    case 1153:  // ER_NET_PACKET_TOO_LARGE
    case 1156:  // ER_NET_PACKETS_OUT_OF_ORDER
    case 1927:  // ER_CONNECTION_KILLED
    case 2006:  // CR_SERVER_GONE_ERROR
    case 2013:  // CR_SERVER_LOST
    case 2026:  // CR_SSL_CONNECTION_ERROR: how a killed session ends under TLS
    case 2027:  // CR_MALFORMED_PACKET
    case 2055:  // CR_SERVER_LOST_EXTENDED
    case 3169:  // ER_SESSION_WAS_KILLED
      return true;
    default:
      return number >= 1158 && number <= 1161;  // ER_NET_READ_ERROR … ER_NET_WRITE_INTERRUPTED
  }
}

bool tries_next_host(const Error& error) {
  const unsigned number = number_of(error);
  return (number >= 2000 && number < 2100) || number == 1040 || ends_session(number);
}

}  // namespace sterna::mysql
