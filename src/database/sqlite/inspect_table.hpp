// One table as a value, from the text that SQLite keeps of it. Used by inspect.cpp; asks the
// database nothing.
#pragma once

#include "database/sqlite/table_text.hpp"
#include "database/sqlite/tokens.hpp"
#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::sqlite {

/// What SQLite itself says of a column (pragma_table_xinfo).
struct ColumnFact {
  std::string name;
  bool not_null = false;
};

/// The columns, keys and checks. Keys and constraints without a name have none yet; what they refer
/// to is named as it was written.
/// @throws Error(validation) when the text and SQLite do not agree on the columns.
model::Table read_table(const model::Name& name, std::string_view sql,
                        const std::vector<ColumnFact>& facts);

/// Adds the index of a CREATE INDEX text to its table: as a Unique where it is no more than that.
/// @throws Error(validation) for a text that is none.
void read_index(model::Table& table, const std::string& name, std::string_view sql);

// inspect_types.cpp

/// A portable kind where SQLite spells it just so; else native, in lower case.
model::Type read_type(std::string_view text, bool strict);
/// `names`: what may stand in double quotes without being a string.
model::Default read_default(const ClauseText& clause, const model::Type& type,
                            const std::vector<std::string>& names);
/// One line, without enclosing parentheses, with strings in single quotes.
std::string expression_text(Tokens tokens, const std::vector<std::string>& names);

}  // namespace sterna::sqlite
