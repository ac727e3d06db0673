// Tokens of one statement as a list that can be looked at from any place, for what reads parts of
// statements: bodies, constant texts, calls.
#pragma once

#include "sql/lexer.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

using Tokens = std::span<const sql::Token>;

bool is_any(const sql::Token& token, std::initializer_list<std::string_view> words);
/// A word, or a name in quotes.
bool is_name(const sql::Token& token);
/// What stands between the bracket at `open` and its partner; empty when it is not closed.
Tokens in_brackets(Tokens tokens, std::size_t open);
/// The parts between commas that stand in no brackets.
std::vector<Tokens> parts_of(Tokens list);
/// As it is written, from its first to its last token, which point into one text.
std::string written(Tokens statement);

}  // namespace sterna::lint
