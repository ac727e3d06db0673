// The text of a CREATE TABLE as SQLite keeps it, taken apart into columns and constraints that stay
// text: whatever a rebuild does not change survives word by word (collations, conflict clauses,
// checks). Used by the rebuild and the inspector.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sterna::sqlite {

/// NOT NULL, DEFAULT 5, REFERENCES …: one constraint of a column, with its CONSTRAINT name if it
/// has one.
struct ClauseText {
  std::string keyword;  ///< upper case: "NOT", "NULL", "DEFAULT", "COLLATE", "PRIMARY", "UNIQUE",
                        ///< "CHECK", "REFERENCES", "GENERATED", "AS"
  std::string name;     ///< of CONSTRAINT name
  std::string text;
};

struct ColumnText {
  std::string name;    ///< without quotes
  std::string quoted;  ///< as it is written
  std::string type;
  std::vector<ClauseText> clauses;

  bool has(std::string_view keyword) const;
  void remove(std::string_view keyword);
  bool generated() const { return has("GENERATED") || has("AS"); }
  std::string text() const;
};

/// PRIMARY KEY (…), UNIQUE (…), CHECK (…), FOREIGN KEY (…) of the table.
struct ConstraintText {
  std::string keyword;  ///< "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"
  std::string name;
  std::vector<std::string> columns;  ///< of keys, without quotes
  std::string text;
  bool added = false;  ///< by the change at hand: not in the live table
};

struct TableText {
  std::vector<ColumnText> columns;
  std::vector<ConstraintText> constraints;
  std::string suffix;  ///< what follows the closing parenthesis: STRICT, WITHOUT ROWID

  ColumnText* column(std::string_view name);
  const ColumnText* column(std::string_view name) const;
  bool strict() const;
  bool without_rowid() const;
  bool counted() const;  ///< AUTOINCREMENT
  /// The INTEGER PRIMARY KEY, which is the rowid under another name; empty where there is none
  /// (https://www.sqlite.org/lang_createtable.html#rowid).
  std::string rowid_column() const;
};

/// @throws Error(validation) for a text that is no plain CREATE TABLE (a virtual table).
TableText parse_table_text(std::string_view sql, std::string_view table);
/// One column's definition, as it stands between the commas.
ColumnText parse_column_text(std::string_view definition);

/// The value behind DEFAULT, usable in an expression.
std::string default_of(const ClauseText& clause);
/// `CHECK (column IN ('a', 'b'))`: what an enumeration is written as.
bool lists_values(std::string_view check, std::string_view column);
/// `sql` with every "text" that is none of `names` written as 'text'. Old programs wrote strings
/// so; SQLite keeps reading those from the file but takes no new ones on a strict session
/// (https://www.sqlite.org/quirks.html, 8). Text before the first parenthesis stays.
std::string with_strings_in_single_quotes(std::string_view sql,
                                          const std::vector<std::string>& names);
/// What stands in CHECK (…), as the inspector writes it. `columns`: of the table.
std::string check_expression(std::string_view check, const std::vector<std::string>& columns);

}  // namespace sterna::sqlite
