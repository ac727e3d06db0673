// Where the steps of a migration stand, as the journal keeps it: one line each, "step N", number,
// hash over the statements before it, and the step's own cursor, parted by tabs.
#pragma once

#include "base/text.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

inline std::string step_name(int number) { return fmt::format("step {}", number); }

inline std::string step_line(int number, const std::string& prefix, std::string_view cursor) {
  return fmt::format("{}\t{}\t{}\t{}", step_name(number), number, prefix, cursor);
}

/// The line of a step among those of the journal; empty when there is none.
inline std::string line_of_step(const std::string& lines, int number) {
  for (std::string& line : split(lines, '\n')) {
    if (split(line, '\t').front() == step_name(number)) return line;
  }
  return {};
}

inline std::string cursor_of_line(const std::string& line) {
  const std::vector<std::string> fields = split(line, '\t');
  return fields.size() == 4 ? fields[3] : std::string();
}

inline std::string without_step(const std::string& lines, int number) {
  std::vector<std::string> kept;
  for (std::string& line : split(lines, '\n')) {
    if (!line.empty() && split(line, '\t').front() != step_name(number))
      kept.push_back(std::move(line));
  }
  return join(kept, "\n");
}

}  // namespace sterna
