// An assertion for sqlite3: a row that a check refuses. RAISE() is known to triggers alone.
#include "database/sqlite/dialect.hpp"
#include "sql/question.hpp"

#include <fmt/format.h>

namespace sterna::sqlite {
namespace {

/// A query of one row, 0 or 1. The first part of the union gives the only column a name, whatever
/// the query calls it.
std::string holds(std::string_view query) {
  if (!gives_one_column(query, Language::sqlite))
    return fmt::format("SELECT NOT EXISTS (\n{}\n)", query);
  return fmt::format(
      "SELECT count(*) = 0 OR (count(*) = 1 AND coalesce(max(CASE typeof(answer) WHEN 'real' THEN "
      "answer = 0 ELSE CAST(answer AS TEXT) IN ('0', 'f', 'false') END), 0))\n"
      "  FROM (SELECT NULL AS answer WHERE 0 UNION ALL SELECT * FROM (\n{}\n))",
      query);
}

}  // namespace

std::optional<std::string> SqliteDialect::client_assertion(std::string_view query,
                                                           std::string_view place) const {
  if (!can_be_subquery(query, Language::sqlite)) return std::nullopt;
  return fmt::format(
      "CREATE TEMP TABLE sterna_assertion (holds INTEGER NOT NULL CONSTRAINT {} CHECK (holds));\n"
      "INSERT INTO temp.sterna_assertion {};\nDROP TABLE temp.sterna_assertion;\n",
      quote(fmt::format("the assertion at {} does not hold", place)), holds(query));
}

}  // namespace sterna::sqlite
