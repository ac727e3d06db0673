#include "sql/traits.hpp"

#include <array>

namespace sterna::sql {
namespace {

using namespace std::string_view_literals;

constexpr std::array postgres_operators{"::"sv, ":="sv, ".."sv};
constexpr std::array mysql_operators{"->>"sv, "<=>"sv, ":="sv, "<="sv, ">="sv, "<>"sv, "!="sv,
                                     "<<"sv,  ">>"sv,  "&&"sv, "||"sv, "->"sv, ".."sv};
constexpr std::array sqlite_operators{"->>"sv, "<="sv, ">="sv, "<>"sv, "!="sv,
                                      "<<"sv,  ">>"sv, "||"sv, "=="sv, "->"sv};
constexpr std::array cql_operators{"<="sv, ">="sv, "!="sv, ".."sv};
// Without >> and >>=: `a<b<c>>` and `a<b<c> >` are the same to the compiler.
constexpr std::array cpp_operators{"<=>"sv, "<<="sv, "->*"sv, "..."sv, "++"sv, "--"sv, "<<"sv,
                                   "<="sv,  ">="sv,  "=="sv,  "!="sv,  "&&"sv, "||"sv, "+="sv,
                                   "-="sv,  "*="sv,  "/="sv,  "%="sv,  "&="sv, "|="sv, "^="sv,
                                   "->"sv,  "::"sv,  ".*"sv,  "##"sv};

constexpr Traits postgres() {
  Traits traits;
  traits.nested_comments = true;
  traits.escape_strings = true;
  traits.unicode_quotes = true;
  traits.dollar_quotes = DollarQuotes::tagged;
  traits.string_prefixes = "eEbBxXnN";
  traits.dollar_numbers = true;
  traits.question_marks = false;  // an operator character: jsonb ? text
  traits.free_operators = true;
  traits.operators = postgres_operators;
  traits.bodies = BodyStyle::atomic;
  traits.parentheses_hold_semicolons = true;
  traits.copy_data = true;
  traits.backslash_commands = true;
  return traits;
}

constexpr Traits mysql() {
  Traits traits;
  traits.dash_needs_space = true;
  traits.hash_comments = true;
  traits.conditional_comments = true;
  traits.backslash_escapes = true;
  traits.double_quoted_strings = true;
  traits.backquotes = true;
  traits.dollar_quotes = DollarQuotes::after_as;
  traits.string_prefixes = "bBxXnN";
  traits.dollar_starts_words = true;
  traits.at_names = true;
  traits.operators = mysql_operators;
  traits.bodies = BodyStyle::routine;
  traits.delimiter_command = true;
  traits.alters_keys = true;
  return traits;
}

constexpr Traits sqlite() {
  Traits traits;
  traits.backquotes = true;
  traits.brackets = true;
  traits.string_prefixes = "xX";
  traits.dollar_names = true;
  traits.colon_names = true;
  traits.at_names = true;
  traits.operators = sqlite_operators;
  traits.bodies = BodyStyle::trigger;
  return traits;
}

constexpr Traits cql() {
  Traits traits;
  traits.slash_comments = true;
  traits.dollar_quotes = DollarQuotes::bare;
  traits.dollar_in_words = false;
  traits.colon_names = true;
  traits.operators = cql_operators;
  traits.bodies = BodyStyle::batch;
  traits.angle_brackets = true;
  traits.alters_without_verb = true;
  return traits;
}

constexpr Traits cpp() {
  Traits traits;
  traits.dash_comments = false;
  traits.slash_comments = true;
  traits.backslash_escapes = true;
  traits.double_quoted_strings = true;
  traits.dollar_starts_words = true;
  traits.digit_separators = true;
  traits.question_marks = false;
  traits.operators = cpp_operators;
  return traits;
}

constexpr std::array table{postgres(), mysql(), sqlite(), cql(), cpp()};

}  // namespace

const Traits& traits_of(Language language) noexcept {
  return table[static_cast<std::size_t>(language)];
}

}  // namespace sterna::sql
