// The text of a CREATE TABLE as SQLite keeps it, taken apart into columns and constraints that stay
// text: whatever a rebuild does not change survives word by word (collations, conflict clauses,
// checks). Used by the rebuild alone.
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
};

struct TableText {
  std::vector<ColumnText> columns;
  std::vector<ConstraintText> constraints;
  std::string suffix;  ///< what follows the closing parenthesis: STRICT, WITHOUT ROWID

  ColumnText* column(std::string_view name);
  bool strict() const;
  bool without_rowid() const;
};

/// @throws Error(validation) for a text that is no plain CREATE TABLE (a virtual table).
TableText parse_table_text(std::string_view sql, std::string_view table);

}  // namespace sterna::sqlite
