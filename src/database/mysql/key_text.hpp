// The keys that a failing statement was to make, read from its text: what an error of the server
// leaves out. Used by explain alone; asks no server.
#pragma once

#include "sql/classify.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::mysql {

struct ForeignKeyText {
  std::string name;  ///< empty when the statement gives none
  std::vector<std::string> columns;
  ObjectName other;  ///< an empty schema means the one of the table
  std::vector<std::string> other_columns;
};

/// A unique index or primary key.
struct UniqueKeyText {
  std::string name;                ///< "PRIMARY"; empty when the statement gives none
  std::vector<std::string> parts;  ///< SQL expressions: `a`, LEFT(`b`, 10), or an expression
};

struct KeyTexts {
  ObjectName table;
  std::vector<ForeignKeyText> foreign_keys;
  std::vector<UniqueKeyText> unique_keys;
  std::vector<std::string> dropped_indexes;  ///< "PRIMARY" for the primary key
};

/// Reads ALTER TABLE, CREATE INDEX and DROP INDEX; nothing for any other statement.
std::optional<KeyTexts> read_keys(std::string_view statement);

}  // namespace sterna::mysql
