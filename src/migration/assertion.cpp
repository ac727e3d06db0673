#include "migration/assertion.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {
namespace {

constexpr std::string_view mark = "/* sterna:assert */ ";
constexpr std::size_t rows_shown = 3;

bool is_zero(const Value& value) {
  if (value.is_null()) return false;
  const std::string text = convert<std::string>(value);
  return text == "0" || text == "f" || text == "false";
}

std::string text_of(const Row& row) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < row.size(); ++i)
    cells.push_back(row.columns()[i] + " = " +
                    (row[i].is_null() ? std::string("NULL") : convert<std::string>(row[i])));
  return join(cells, ", ");
}

}  // namespace

bool is_assertion(const Statement& statement) noexcept { return statement.sql.starts_with(mark); }

std::vector<Statement> with_assertions(std::vector<Statement> statements,
                                       const std::vector<Directive>& directives, int from, int to) {
  for (const Directive& directive : directives) {
    const int line = directive.position.line;
    if (directive.key != "assert" || line < from || (to > 0 && line >= to)) continue;
    std::string_view question = trim(directive.value);
    while (question.ends_with(';')) question = trim(question.substr(0, question.size() - 1));
    Statement assertion;
    assertion.sql = std::string(mark) + std::string(question);
    assertion.position = directive.position;
    const auto behind =
        std::find_if(statements.begin(), statements.end(),
                     [&](const Statement& one) { return one.position.line > line; });
    statements.insert(behind, std::move(assertion));
  }
  return statements;
}

void check_assertion(const Statement& statement, const Rows& rows) {
  if (rows.empty() || (rows.size() == 1 && rows.front().size() == 1 && is_zero(rows.front()[0])))
    return;
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < std::min(rows.size(), rows_shown); ++i)
    shown.push_back(text_of(rows[i]));
  if (rows.size() > rows_shown)
    shown.push_back(fmt::format("and {} more", rows.size() - rows_shown));
  Error error(ErrorKind::data,
              "an assertion does not hold: its question has to give no rows, or zero");
  error.at(statement.position)
      .with_statement(statement.sql.substr(mark.size()))
      .with_detail(join(shown, "; "));
  error.suggest("mend the rows that it names, then run again");
  throw error;
}

}  // namespace sterna
