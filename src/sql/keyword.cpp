#include "sql/keyword.hpp"

#include <algorithm>
#include <array>

namespace sterna::sql {
namespace {

struct Entry {
  std::string_view text;
  Keyword keyword;
};

constexpr std::size_t longest = 9;

/// Grouped by length, so that most words are told apart by it.
constexpr std::array entries = [] {
  using enum Keyword;
  std::array all{Entry{"AS", as},
                 Entry{"DO", do_},
                 Entry{"IF", if_},
                 Entry{"IS", is},
                 Entry{"OR", or_},
                 Entry{"END", end},
                 Entry{"FOR", for_},
                 Entry{"NOT", not_},
                 Entry{"ROW", row},
                 Entry{"SET", set},
                 Entry{"CALL", call},
                 Entry{"CASE", case_},
                 Entry{"COPY", copy},
                 Entry{"EACH", each},
                 Entry{"ELSE", else_},
                 Entry{"FROM", from},
                 Entry{"LOOP", loop},
                 Entry{"ROLE", role},
                 Entry{"TEMP", temp},
                 Entry{"THEN", then},
                 Entry{"USER", user},
                 Entry{"VIEW", view},
                 Entry{"WHEN", when},
                 Entry{"WITH", with},
                 Entry{"ALTER", alter},
                 Entry{"APPLY", apply},
                 Entry{"BATCH", batch},
                 Entry{"BEGIN", begin},
                 Entry{"ELSIF", elsif},
                 Entry{"EVENT", event},
                 Entry{"INDEX", index},
                 Entry{"STDIN", stdin_},
                 Entry{"TABLE", table},
                 Entry{"UNTIL", until},
                 Entry{"WHILE", while_},
                 Entry{"ATOMIC", atomic},
                 Entry{"CREATE", create},
                 Entry{"DELETE", delete_},
                 Entry{"ELSEIF", elseif},
                 Entry{"EXISTS", exists},
                 Entry{"INSERT", insert},
                 Entry{"REPEAT", repeat},
                 Entry{"RETURN", return_},
                 Entry{"SCHEMA", schema},
                 Entry{"SELECT", select},
                 Entry{"SERVER", server},
                 Entry{"UNIQUE", unique},
                 Entry{"UPDATE", update},
                 Entry{"COUNTER", counter},
                 Entry{"DECLARE", declare},
                 Entry{"FOLLOWS", follows},
                 Entry{"HANDLER", handler},
                 Entry{"PACKAGE", package},
                 Entry{"REPLACE", replace},
                 Entry{"RETURNS", returns},
                 Entry{"TRIGGER", trigger},
                 Entry{"DATABASE", database},
                 Entry{"FUNCTION", function},
                 Entry{"PRECEDES", precedes},
                 Entry{"SEQUENCE", sequence},
                 Entry{"SQLSTATE", sqlstate},
                 Entry{"TRUNCATE", truncate},
                 Entry{"UNLOGGED", unlogged},
                 Entry{"CHARACTER", character},
                 Entry{"PROCEDURE", procedure},
                 Entry{"TEMPORARY", temporary}};
  std::sort(all.begin(), all.end(),
            [](const Entry& a, const Entry& b) { return a.text.size() < b.text.size(); });
  return all;
}();

/// Where the words of each length begin.
constexpr std::array first_of_length = [] {
  std::array<std::size_t, longest + 2> first{};
  for (std::size_t length = 0; length < first.size(); ++length) {
    while (first[length] < entries.size() && entries[first[length]].text.size() < length)
      ++first[length];
  }
  return first;
}();

}  // namespace

Keyword keyword_of(const Token& token) noexcept {
  const std::size_t length = token.text.size();
  if (token.kind != TokenKind::word || length > longest) return Keyword::none;
  for (std::size_t i = first_of_length[length]; i < first_of_length[length + 1]; ++i) {
    if (is_word(token.text, entries[i].text)) return entries[i].keyword;
  }
  return Keyword::none;
}

}  // namespace sterna::sql
