// A table gone through by ranges of a unique key. Looks up where the next range ends and writes the
// condition for the rows between two places; keeps no state of its own.
#pragma once

#include "database/bulk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sterna::bulk {

/// Values of the key's columns, as literals.
using Place = std::vector<std::string>;

/// The columns by which `table` can be gone through: its primary key, or a unique key without
/// NULLs.
/// @throws Error(validation) with advice when there is none.
std::vector<std::string> key_of_table(const model::Table& table, const BulkWords& words);
/// Their types.
std::vector<model::Type> types_of(const model::Table& table, const std::vector<std::string>& key);

/// The key is one column of whole numbers: of any n numbers in a row, n rows at most have one.
bool is_whole_number(const model::Table& table, const std::vector<std::string>& key);

/// The number `rows` behind `after`, `end` when that is nearer. Nothing where either is no number
/// of 64 bits.
std::optional<Place> number_behind(const Place& after, const Place& end, std::int64_t rows);
/// Of the numbers behind `after` up to `to`, so many that looking for the end of a range is more
/// work than a few rows less in it.
bool close_together(const Place& after, const Place& to, std::int64_t rows);

/// The table as the live database has it. Nothing when it is not there (yet).
std::optional<model::Table> live_table(Connection& connection, const model::Name& name);

class Walk {
 public:
  /// `reference`: alias of the table, or its text. `key`: columns, unquoted, and their types.
  Walk(Connection& connection, const BulkWords& words, std::string table_text,
       std::string reference, const std::vector<std::string>& key,
       const std::vector<model::Type>& types);

  /// The greatest key; nothing when the table is empty.
  std::optional<Place> last();
  /// The end of a range of `rows` rows behind `after` (nothing: from the start) that fulfil
  /// `condition` (empty: all). `end` when there are fewer.
  Place next(const std::optional<Place>& after, const Place& end, std::int64_t rows,
             const std::string& condition);
  /// Condition for the rows behind `after`, up to and including `to`.
  std::string range(const std::optional<Place>& after, const Place& to) const;
  /// "users AS u", or the table alone.
  const std::string& source() const noexcept { return source_; }
  /// Rows whose key holds a NULL: no range finds them.
  bool has_null_keys();

 private:
  std::optional<Place> look_up(const std::string& rest);

  Connection& connection_;
  const BulkWords& words_;
  std::string source_;
  std::vector<KeyPart> key_;
  std::vector<std::string> columns_;  // qualified and quoted
};

}  // namespace sterna::bulk
