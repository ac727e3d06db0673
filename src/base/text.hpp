// Small text helpers that several rooms need. ASCII only; never locale dependent.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
std::string_view trim(std::string_view text) noexcept;
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
/// "FooBar baz" → "foo_bar_baz": for file names and default names.
std::string to_snake_case(std::string_view text);
/// `word` stands in `text` with no letter, digit or underscore beside it.
bool holds_word(std::string_view text, std::string_view word);
/// The candidates within a small edit distance of `word`, nearest first: for "did you mean".
std::vector<std::string> near_misses(std::string_view word, std::span<const std::string> candidates,
                                     std::size_t most = 3);

/// "850 ms", "3.2 s", "4 min 10 s".
std::string format_duration(double seconds);
/// Reads "500ms", "5s", "2m", "1h", or a bare number of seconds; result in seconds. @throws
/// Error(validation) otherwise.
double parse_duration(std::string_view text);

}  // namespace sterna
