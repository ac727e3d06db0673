// One UPDATE, DELETE or INSERT … SELECT, taken apart as far as it must be to run it over one range
// of a table's rows at a time. Refuses what would give another result in parts than as a whole.
#pragma once

#include "model/model.hpp"
#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::bulk {

/// column = expression, of an UPDATE. An expression that reads columns only by their names.
struct Assigned {
  std::string column;      ///< unquoted
  std::string written;     ///< the column as written
  std::string expression;  ///< as written
};

struct Shape {
  enum class Kind { update, remove, insert_select } kind = Kind::update;
  model::Name table;       ///< whose rows are gone through
  std::string table_text;  ///< as written
  std::string
      reference;       ///< what its columns are qualified with: the alias, or the table as written
  std::string before;  ///< up to WHERE
  std::string where;   ///< without the word; may be empty
  std::string after;   ///< ON CONFLICT …, or empty
  std::vector<Assigned> assigned;  ///< of an UPDATE
  std::string assigned_too;        ///< left sides that name more than a column: (a, b), a[1]
  bool joined = false;             ///< other tables stand beside it
  /// Run twice on a row it leaves what it left after the first time.
  bool repeatable = false;

  /// The statement for the rows of one range, which `range` gives as a condition.
  std::string over(const std::string& range) const;
};

/// @throws Error(validation) with what to do, for a statement that cannot be parted safely.
/// `table`: the one that the directive names; empty: none.
Shape shape_of(const Statement& statement, Language language, const std::string& table);

/// The columns of `columns` that an expression reads, with `reference` before them or without.
std::vector<std::string> columns_read(std::string_view expression, Language language,
                                      const std::vector<std::string>& columns);
/// The expression with each of these columns written as `prefix` + column as it stands.
/// @throws Error(validation) when it holds a subquery, whose names are its own.
std::string with_prefix(std::string_view expression, Language language, std::string_view prefix,
                        const std::vector<std::string>& columns, std::string_view reference);
/// The conditions that AND joins, at the top.
std::vector<std::string> conjuncts(std::string_view condition, Language language);

}  // namespace sterna::bulk
