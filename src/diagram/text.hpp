// Escaping for the languages that this room writes. Used by its writers alone; what it returns is
// always safe where its name says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sterna::diagram {

/// Every `what` as `by`.
std::string replaced(std::string_view text, char what, std::string_view by);
/// Text and attribute values of XML 1.0 and HTML. What XML cannot hold (control characters, bytes
/// that are no UTF-8) becomes U+FFFD.
std::string xml(std::string_view text);
/// White space and line ends as single spaces.
std::string one_line(std::string_view text);
/// Letters, digits and _, not beginning with a digit; ASCII.
bool is_plain_word(std::string_view text);
/// Columns of a fixed-width font that a text takes: wide letters take two.
std::size_t display_width(std::string_view text);
/// On one line, cut to so many columns, with … where something is left out.
std::string shortened(std::string_view text, std::size_t width);
/// "1 table", "2 tables".
std::string number_of(std::size_t count, std::string_view what);

}  // namespace sterna::diagram
