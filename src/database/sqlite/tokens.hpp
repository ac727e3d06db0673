// The tokens of a definition as SQLite keeps it. Used by what reads those texts: the rebuild and
// the inspector. Tokens point into the text they were made from.
#pragma once

#include "sql/token_cursor.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::sqlite {

using sql::Token;
using Tokens = std::span<const Token>;

/// Without comments.
std::vector<Token> tokens_of(std::string_view text);
/// The text from the first to the last of these tokens, as it was written.
std::string text_of(const Token& first, const Token& last);
/// Past the bracketed group that begins at `at`.
std::size_t past_group(Tokens tokens, std::size_t at);
bool has_word(std::string_view text, std::string_view upper);

/// The tokens with one space wherever there was white space or a comment between two.
std::string one_line(Tokens tokens);
/// Without the parentheses that enclose the whole.
Tokens without_parentheses(Tokens tokens);
/// What stands between the commas outside parentheses.
std::vector<Tokens> split_at_commas(Tokens tokens);

}  // namespace sterna::sqlite
