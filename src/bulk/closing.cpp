#include "bulk/closing.hpp"

#include "base/text.hpp"
#include "sql/lexer.hpp"

#include <algorithm>
#include <array>

namespace sterna::bulk {
namespace {

/// Each call gives another value: what is stored cannot be compared with it.
constexpr std::array<std::string_view, 22> changing{"RANDOM",
                                                    "RAND",
                                                    "UUID",
                                                    "GEN_RANDOM_UUID",
                                                    "UUID_GENERATE_V4",
                                                    "UUIDV7",
                                                    "UUID_SHORT",
                                                    "NOW",
                                                    "CURRENT_TIMESTAMP",
                                                    "CURRENT_TIME",
                                                    "LOCALTIME",
                                                    "SYSDATE",
                                                    "CLOCK_TIMESTAMP",
                                                    "LOCALTIMESTAMP",
                                                    "NEXTVAL",
                                                    "RANDOMBLOB",
                                                    "UNIX_TIMESTAMP",
                                                    "UTC_TIMESTAMP",
                                                    "DATETIME",
                                                    "TIMEOFDAY",
                                                    "RANDOM_BYTES",
                                                    "STATEMENT_TIMESTAMP"};

bool may_change(const std::string& expression, Language language) {
  sql::Lexer lexer(expression, language);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::word) continue;
    if (std::find(changing.begin(), changing.end(), to_upper(token.text)) != changing.end())
      return true;
  }
  return false;
}

}  // namespace

Closing::Closing(Connection& connection, const BulkWords& words, const Shape& shape,
                 std::string source)
    : connection_(connection), words_(words), shape_(shape), source_(std::move(source)) {
  condition_ = by_values();
  if (condition_.empty()) condition_ = by_condition();
}

/// Rows whose columns do not hold the values that the UPDATE gives them.
std::string Closing::by_values() const {
  if (shape_.kind != Shape::Kind::update || !shape_.repeatable || shape_.joined ||
      shape_.assigned.empty())
    return {};
  const Language language = connection_.dialect().language();
  std::vector<std::string> ways;
  for (const Assigned& one : shape_.assigned) {
    if (may_change(one.expression, language) || equals_ignoring_case(one.expression, "DEFAULT"))
      return {};
    ways.push_back(words_.differs(shape_.reference + "." + one.written, one.expression));
  }
  std::string condition = "(" + join(ways, " OR ") + ")";
  if (!shape_.where.empty()) condition = "(" + shape_.where + "\n) AND " + condition;
  // Types that an assignment converts and a comparison does not, types without equality (json).
  try {
    connection_.query("SELECT 1 FROM " + source_ + " WHERE " + condition + " LIMIT 0");
  } catch (const Error& error) {
    if (!connection_.alive() || error.kind() == ErrorKind::timeout) throw;
    return {};
  }
  return condition;
}

/// Rows that the WHERE still takes, where the statement makes it false.
std::string Closing::by_condition() const {
  if (shape_.joined || !shape_.repeatable || shape_.where.empty()) return {};
  if (shape_.kind == Shape::Kind::remove) return shape_.where;
  std::vector<std::string> assigned;
  for (const Assigned& one : shape_.assigned) assigned.push_back(one.column);
  const bool marks =
      !columns_read(shape_.where, connection_.dialect().language(), assigned).empty();
  return marks ? shape_.where : std::string();
}

std::int64_t Closing::rows_of(const std::string& condition) {
  return connection_.query("SELECT count(*) FROM " + source_ + " WHERE " + condition)
      .front()
      .get<std::int64_t>(0);
}

std::int64_t Closing::count(const Cursor& cursor) {
  if (!known()) return 0;
  const std::int64_t left = rows_of(condition_);
  // Most of what was written is not as it was given: the values are converted on their way in
  // (rounded, cut, a trigger), and comparing them says nothing.
  if (cursor.pass == 1 && left > 0 && left >= cursor.rows / 2) {
    const std::string other = by_condition();
    if (other == condition_) return left;
    condition_ = other;
    return known() ? rows_of(condition_) : 0;
  }
  return left;
}

}  // namespace sterna::bulk
