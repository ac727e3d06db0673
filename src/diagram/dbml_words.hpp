// What the writer and the reader of DBML must agree on: its words, its numbers, and how SQL spells
// the name of an enum. Used by dbml*.cpp alone.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>

namespace sterna::diagram {

/// A word with a meaning of its own somewhere in DBML; as a name it is quoted. In any case.
bool is_dbml_word(std::string_view word);
/// "42", "-1.5", "1e9".
bool is_dbml_number(std::string_view text);
/// As a column's type: mood, "Mood", app."Mood".
std::string sql_spelling(const model::Name& name);

}  // namespace sterna::diagram
