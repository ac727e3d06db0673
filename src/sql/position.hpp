// Turns offsets into line and column. Used wherever this folder reports a place in a script.
#pragma once

#include <sterna/error.hpp>

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace sterna::sql {

/// Offsets asked in ascending order cost one pass over the text in all. Columns count bytes from 1;
/// a BOM does not count.
class PositionCounter {
 public:
  PositionCounter(std::string_view text, std::string_view file, int first_line)
      : text_(text), file_(file), line_(first_line), first_line_(first_line) {
    if (text.starts_with("\xEF\xBB\xBF")) bom_ = line_start_ = 3;
  }

  SourcePosition at(std::size_t offset) {
    if (offset < line_start_) {
      line_ = first_line_;
      line_start_ = bom_;
    }
    while (line_start_ < offset) {
      const void* found = std::memchr(text_.data() + line_start_, '\n', offset - line_start_);
      if (found == nullptr) break;
      line_start_ = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data()) + 1;
      ++line_;
    }
    const std::size_t column = offset < line_start_ ? 1 : offset - line_start_ + 1;
    return {std::string(file_), line_, static_cast<int>(column)};
  }

 private:
  std::string_view text_;
  std::string_view file_;
  int line_;
  int first_line_;
  std::size_t bom_ = 0;
  std::size_t line_start_ = 0;
};

}  // namespace sterna::sql
