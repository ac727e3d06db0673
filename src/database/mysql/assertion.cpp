// An assertion for the clients of MySQL and MariaDB. SIGNAL cannot be said under a condition
// outside a routine, and a routine would commit the open transaction: so the condition chooses the
// text of a prepared statement, and the one for the worse names a column that cannot be.
#include "database/mysql/dialect.hpp"
#include "sql/question.hpp"

#include <fmt/format.h>

namespace sterna::mysql {
namespace {

/// True or false as an expression. The first part of the union gives the only column a name,
/// whatever the query calls it. Text is compared in binary, for which no collation is in the way.
std::string holds(std::string_view query) {
  if (!gives_one_column(query, Language::mysql)) return fmt::format("NOT EXISTS (\n{}\n)", query);
  return fmt::format(
      "(SELECT COUNT(*) = 0 OR (COUNT(*) = 1 AND COALESCE(MIN(CAST(answer AS BINARY)) IN "
      "('0', 'f', 'false'), FALSE))\n"
      "  FROM (SELECT NULL AS answer FROM DUAL WHERE FALSE UNION ALL SELECT * FROM (\n{}\n) AS "
      "question) AS answers)",
      query);
}

}  // namespace

std::optional<std::string> MysqlDialect::client_assertion(std::string_view query,
                                                          std::string_view place) const {
  if (!can_be_subquery(query, Language::mysql)) return std::nullopt;
  constexpr std::size_t longest_name = 64;
  std::string failure = fmt::format("the assertion at {} does not hold", place);
  if (failure.size() > longest_name) failure = "an assertion does not hold";
  return fmt::format(
      "SET @sterna_assertion = IF({}, 'DO 0', {});\n"
      "PREPARE sterna_assertion FROM @sterna_assertion;\nEXECUTE sterna_assertion;\n"
      "DEALLOCATE PREPARE sterna_assertion;\n",
      holds(query), string_literal("SELECT " + quote(failure)));
}

}  // namespace sterna::mysql
