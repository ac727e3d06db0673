#include "testing/contents.hpp"

#include "base/text.hpp"
#include "testing/said.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace sterna::trial {
namespace {

using model::Table;
using Severity = Finding::Severity;
using Values = std::vector<std::string>;

std::string plain(const std::string& literal) {
  const std::size_t open = literal.find('\'');
  if (open == std::string::npos || literal.back() != '\'' || open + 1 >= literal.size())
    return literal;
  return literal.substr(open + 1, literal.size() - open - 2);
}

bool same_number(const std::string& a, const std::string& b) {
  char *end_a = nullptr, *end_b = nullptr;
  const double x = std::strtod(a.c_str(), &end_a), y = std::strtod(b.c_str(), &end_b);
  return end_a != a.c_str() && *end_a == '\0' && end_b != b.c_str() && *end_b == '\0' && x == y;
}

bool same_json(const std::string& a, const std::string& b) {
  const bool may = a.starts_with('{') || a.starts_with('[');
  if (!may) return false;
  const auto left = nlohmann::json::parse(a, nullptr, false);
  const auto right = nlohmann::json::parse(b, nullptr, false);
  return !left.is_discarded() && left == right;
}

bool same_truth(const std::string& a, const std::string& b) {
  const auto truth = [](const std::string& text) {
    const std::string lower = to_lower(text);
    return lower == "true" || lower == "t" || lower == "1"    ? 1
           : lower == "false" || lower == "f" || lower == "0" ? 0
                                                              : -1;
  };
  return truth(a) >= 0 && truth(a) == truth(b);
}

/// A day is its midnight.
bool same_moment(const std::string& a, const std::string& b) {
  const std::string& shorter = a.size() < b.size() ? a : b;
  const std::string& longer = a.size() < b.size() ? b : a;
  if (shorter.size() < 10 || shorter[4] != '-' || !longer.starts_with(shorter)) return false;
  return longer.find_first_not_of(" T0:.+Z", shorter.size()) == std::string::npos;
}

/// The same value, whatever the types that show it.
bool same_value(const std::string& before, const std::string& after) {
  if (before == after) return true;
  if (before == "NULL" || after == "NULL") return false;
  const std::string a = plain(before), b = plain(after);
  return a == b || same_number(a, b) || trim(a) == trim(b) || same_truth(a, b) || same_json(a, b) ||
         same_moment(a, b);
}

/// A literal of a user type without the fields that hold nothing: one that was added to the type
/// stands as null in every older value. Elements of collections are never null.
std::string without_empty_fields(std::string literal) {
  constexpr std::string_view empty = ": null";
  for (std::size_t at = 0; (at = literal.find(empty, at)) != std::string::npos;) {
    const std::size_t begin = literal.find_last_of(",{", at);
    if (begin == std::string::npos) return literal;
    std::size_t end = at + empty.size();
    const bool first = literal[begin] == '{';
    if (first && literal.compare(end, 2, ", ") == 0) end += 2;
    const std::size_t from = first ? begin + 1 : begin;
    literal.erase(from, end - from);
    at = from;
  }
  return literal;
}

std::string shortened(const std::string& literal) {
  return literal.size() <= 60 ? literal : literal.substr(0, 57) + "…'";
}

std::size_t index_of(const TableRows& table, const std::string& column) {
  return static_cast<std::size_t>(std::find(table.columns.begin(), table.columns.end(), column) -
                                  table.columns.begin());
}

Values column_values(const TableRows& table, std::size_t column) {
  Values values;
  for (const Values& row : table.rows) values.push_back(row[column]);
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<std::string> key_of(const Table& table) {
  std::vector<std::string> key = table.partition_key;
  key.insert(key.end(), table.clustering_key.begin(), table.clustering_key.end());
  if (key.empty() && table.primary_key) {
    for (const model::IndexPart& part : table.primary_key->parts) key.push_back(part.column);
  }
  return key;
}

class Comparison {
 public:
  Comparison(const Contents& before, const Contents& after,
             const std::vector<PlannedStatement>& statements, const Dialect& dialect)
      : before_(before), after_(after), said_(statements, dialect.language()) {}

  std::vector<Finding> run() {
    for (const auto& [name, rows] : before_.tables) {
      if (!rows.rows.empty()) table(name, rows);
    }
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string text, const Said* said, std::string advice = {}) {
    Finding finding{severity, std::move(text), {}, {}, {}};
    if (said != nullptr) {
      finding.statement = said->statement->sql;
      finding.position = said->statement->position;
    }
    if (!advice.empty()) finding.suggestions.push_back(std::move(advice));
    findings_.push_back(std::move(finding));
  }

  void table(const model::Name& name, const TableRows& rows) {
    const auto now = after_.tables.find(name);
    if (now == after_.tables.end()) return gone(name, rows);
    compare_rows(name, rows, name, now->second);
  }

  void gone(const model::Name& name, const TableRows& rows) {
    for (const auto& [other, others] : after_.tables) {
      if (before_.tables.contains(other) || said_.speaking_of({name.name, other.name}) == nullptr)
        continue;
      if (others.rows.size() == rows.rows.size() && others.columns == rows.columns)
        return compare_rows(name, rows, other, others);
    }
    const Said* said = said_.speaking_of({name.name});
    add(said != nullptr ? Severity::note : Severity::failure,
        fmt::format("table {} is gone with {} row(s)", name.text(), rows.rows.size()), said);
  }

  void compare_rows(const model::Name& old_name, const TableRows& old_rows,
                    const model::Name& new_name, const TableRows& new_rows) {
    const std::size_t was = old_rows.rows.size(), is = new_rows.rows.size();
    if (is < was) {
      const Said* said = said_.remover_of(old_name.name);
      add(said != nullptr ? Severity::note : Severity::failure,
          fmt::format("{} of {} row(s) of {} are gone", was - is, was, old_name.text()),
          said != nullptr ? said : said_.speaking_of({old_name.name}),
          said == nullptr && said_.made_anew(old_name.name)
              ? "copy all rows into the new table; those that are to go, DELETE from the old one "
                "first"
              : "");
    }
    const Table* old_table = before_.schema.table(old_name);
    const Table* new_table = after_.schema.table(new_name);
    for (const std::string& column : old_rows.columns) {
      const std::size_t at = index_of(old_rows, column);
      std::size_t there = index_of(new_rows, column);
      if (there == new_rows.columns.size()) {
        there = renamed_to(old_rows, at, new_rows);
        if (there == new_rows.columns.size()) {
          column_gone(old_name, column, old_rows, at);
          continue;
        }
      }
      values(*old_table, column, old_rows, at, *new_table, new_rows, there);
    }
  }

  std::size_t renamed_to(const TableRows& old_rows, std::size_t column,
                         const TableRows& new_rows) const {
    for (std::size_t i = 0; i < new_rows.columns.size(); ++i) {
      const bool fresh = index_of(old_rows, new_rows.columns[i]) == old_rows.columns.size();
      if (fresh && said_.speaking_of({old_rows.columns[column], new_rows.columns[i]}) != nullptr &&
          column_values(old_rows, column) == column_values(new_rows, i))
        return i;
    }
    return new_rows.columns.size();
  }

  void column_gone(const model::Name& table, const std::string& column, const TableRows& rows,
                   std::size_t at) {
    const auto count = std::count_if(rows.rows.begin(), rows.rows.end(),
                                     [&](const Values& row) { return row[at] != "NULL"; });
    const Said* said = said_.speaking_of({table.name, column});
    add(said != nullptr ? Severity::note : Severity::failure,
        fmt::format("column {}.{} is gone with {} value(s)", table.text(), column, count), said);
  }

  /// Rows of both, paired by their key where it is the same in both.
  std::vector<std::pair<const Values*, const Values*>> pairs(const Table& old_table,
                                                             const TableRows& old_rows,
                                                             const Table& new_table,
                                                             const TableRows& new_rows) const {
    std::vector<std::pair<const Values*, const Values*>> result;
    const std::vector<std::string> key = key_of(old_table);
    if (key.empty() || key != key_of(new_table)) return result;
    const auto key_values = [&](const TableRows& table, const Values& row) {
      std::string text;
      for (const std::string& column : key) text += plain(row[index_of(table, column)]) + '\x1f';
      return text;
    };
    std::map<std::string, const Values*> by_key;
    for (const Values& row : new_rows.rows) by_key[key_values(new_rows, row)] = &row;
    for (const Values& row : old_rows.rows) {
      const auto found = by_key.find(key_values(old_rows, row));
      if (found != by_key.end()) result.emplace_back(&row, found->second);
    }
    return result;
  }

  void values(const Table& old_table, const std::string& column, const TableRows& old_rows,
              std::size_t at, const Table& new_table, const TableRows& new_rows,
              std::size_t there) {
    std::size_t different = 0, filled = 0;
    std::string example;
    const auto differ = [&](const std::string& was, const std::string& is) {
      if (same_value(was, is)) return;
      if (was == "NULL") ++filled;
      if (before_.schema.dialect == "cql" &&
          same_value(without_empty_fields(was), without_empty_fields(is)))
        return;
      if (different++ == 0) example = shortened(was) + " became " + shortened(is);
    };
    const auto paired = pairs(old_table, old_rows, new_table, new_rows);
    if (!paired.empty()) {
      for (const auto& [was, is] : paired) differ((*was)[at], (*is)[there]);
    } else if (old_rows.rows.size() == new_rows.rows.size()) {
      const Values was = column_values(old_rows, at), is = column_values(new_rows, there);
      for (std::size_t i = 0; i < was.size(); ++i) differ(was[i], is[i]);
    }
    if (different == 0) return;
    const std::string name = old_table.name.text() + "." + column;
    const model::Column* was = old_table.column(column);
    const model::Column* is = new_table.column(new_rows.columns[there]);
    const Said* writer = said_.writer_of(old_table.name.name, column);
    // A table that is made anew with a column that takes no NULL any more has to be given
    // something.
    if (writer == nullptr && filled == different && is != nullptr && !is->nullable)
      writer = said_.speaking_of({old_table.name.name, column});
    if (writer != nullptr) {
      add(Severity::note,
          fmt::format("{} row(s) of {} have other values: {}", different, name, example), writer);
      return;
    }
    if (was != nullptr && is != nullptr && !(was->type == is->type)) {
      add(Severity::failure,
          fmt::format("the conversion of {} loses something in {} row(s): {}", name, different,
                      example),
          said_.speaking_of({old_table.name.name, column}),
          "check the rows before they are converted, or convert them into a new column");
      return;
    }
    add(Severity::failure,
        fmt::format("{} row(s) of {} have other values, and no statement sets them: {}", different,
                    name, example),
        said_.speaking_of({old_table.name.name}));
  }

  const Contents& before_;
  const Contents& after_;
  StatementsSaid said_;
  std::vector<Finding> findings_;
};

}  // namespace

Contents contents_of(Connection& connection, model::Model schema) {
  Contents contents;
  for (const Table& table : schema.tables) {
    TableRows& rows = contents.tables[table.name];
    std::vector<std::string> columns;
    for (const model::Column& column : table.columns) {
      if (column.generated) continue;  // a value of the others
      rows.columns.push_back(column.name);
      columns.push_back(connection.dialect().quote(column.name));
    }
    if (columns.empty()) continue;
    connection.for_each_row(Statement{"SELECT " + join(columns, ", ") + " FROM " +
                                          connection.dialect().quote(table.name),
                                      {},
                                      {},
                                      {}},
                            [&](Row&& row) {
                              Values values;
                              for (std::size_t i = 0; i < row.size(); ++i)
                                values.push_back(connection.dialect().literal(row[i]));
                              rows.rows.push_back(std::move(values));
                            });
  }
  contents.schema = std::move(schema);
  return contents;
}

std::vector<Finding> compare(const Contents& before, const Contents& after,
                             const std::vector<PlannedStatement>& statements,
                             const Dialect& dialect) {
  return Comparison(before, after, statements, dialect).run();
}

}  // namespace sterna::trial
