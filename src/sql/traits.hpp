// What differs between the languages, for the lexer and the scanner: one table instead of one lexer
// each. Read by this folder alone; knows nothing of statements' meaning.
#pragma once

#include "sql/language.hpp"

#include <span>
#include <string_view>

namespace sterna::sql {

/// Where `$` opens a quoted text.
enum class DollarQuotes {
  none,
  bare,      ///< $$ … $$ (CQL function bodies)
  tagged,    ///< $tag$ … $tag$ (PostgreSQL)
  after_as,  ///< tagged, but only behind the word AS, because `$` may begin a name (MySQL 9,
             ///< JavaScript routines)
};

/// How bodies that hold semicolons are recognised.
enum class BodyStyle {
  none,
  atomic /* PostgreSQL */,
  trigger /* SQLite */,
  routine /* MySQL */,
  batch /* CQL */
};

struct Traits {
  // comments
  bool dash_comments = true;
  bool dash_needs_space = false;  ///< `--x` is two operators (MySQL manual, "Comments")
  bool hash_comments = false;
  bool slash_comments = false;        ///< //
  bool nested_comments = false;       ///< /* /* */ */
  bool conditional_comments = false;  ///< /*! … */ and /*M! … */ hold code, /*+ … */ hints
  // quotes
  bool backslash_escapes = false;  ///< in every string, not just in E''
  bool escape_strings = false;     ///< E'…' (PostgreSQL)
  bool unicode_quotes = false;     ///< U&'…' and U&"…"
  bool double_quoted_strings = false;
  bool backquotes = false;
  bool brackets = false;  ///< [name]
  DollarQuotes dollar_quotes = DollarQuotes::none;
  std::string_view
      string_prefixes;  ///< one-letter words that belong to the quote behind them (X'ff')
  // words, numbers, parameters
  bool dollar_in_words = true;
  bool dollar_starts_words = false;
  bool digit_separators =
      false;                    ///< 1'000 (C++), which also has raw strings and character literals
  bool dollar_numbers = false;  ///< $1
  bool dollar_names = false;    ///< $name
  bool colon_names = false;     ///< :name
  bool at_names = false;        ///< @name, @@name
  bool question_marks = true;   ///< ? and ?1
  // operators
  bool free_operators =
      false;  ///< any run of operator characters is one operator (PostgreSQL manual, 4.1.3)
  std::span<const std::string_view>
      operators;  ///< of two and more characters, longest first; the others are one character
  // statements
  BodyStyle bodies = BodyStyle::none;
  bool parentheses_hold_semicolons = false;  ///< CREATE RULE … DO ALSO (a; b)
  bool copy_data = false;                    ///< COPY … FROM stdin; with lines up to \. behind it
  bool backslash_commands = false;           ///< psql's
  bool delimiter_command = false;            ///< the mysql client's DELIMITER
  // ALTER TABLE
  bool alters_keys =
      false;  ///< ADD|DROP INDEX|KEY|PARTITION …; elsewhere these words may name a column
  bool angle_brackets = false;  ///< map<text, int>
  bool alters_without_verb =
      false;  ///< ADD a int, b int: the verb counts for the items that follow
};

const Traits& traits_of(Language language) noexcept;

}  // namespace sterna::sql
