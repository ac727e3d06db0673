// The tokens of DBML with their places. Used by the reader alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::diagram {

enum class DbmlTokenKind { word, quoted, string, expression, sign, end };

struct DbmlToken {
  DbmlTokenKind kind = DbmlTokenKind::end;
  std::string text;  ///< without quotes and escapes; a sign is one letter, or "<>"
  std::size_t begin = 0, end = 0;
  int line = 1, column = 1;
  bool first_on_line = false;
  bool is_sign(std::string_view sign) const { return kind == DbmlTokenKind::sign && text == sign; }
  bool is_name() const { return kind == DbmlTokenKind::word || kind == DbmlTokenKind::quoted; }
};

/// The last one is `end`. @throws Error(validation) at what is not closed and signs that DBML does
/// not know.
std::vector<DbmlToken> dbml_tokens(std::string_view text, const std::string& file);

}  // namespace sterna::diagram
