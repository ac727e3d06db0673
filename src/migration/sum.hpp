// sterna.sum: one line a migration, so that two branches that each add one conflict in the version
// control, not in production. Reads and writes the file's text; what the hashes are of is the
// sources' business.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct Source;

struct SumLine {
  std::string key;  ///< version, or "R:name" for a repeatable
  std::string name;
  std::string hash_up, hash_down;  ///< "-" in the file when empty
  int line = 0;
  bool operator==(const SumLine& other) const {
    return key == other.key && name == other.name && hash_up == other.hash_up &&
           hash_down == other.hash_down;
  }
};

inline constexpr std::string_view sum_file_name = "sterna.sum";

/// @throws Error(validation) with file:line for a malformed line or two lines with one version.
std::vector<SumLine> parse_sum(std::string_view text, std::string_view file);
std::string format_sum(const std::vector<SumLine>& lines);
/// The lines that a folder should hold: of its file sources, in their order.
std::vector<SumLine> sum_of(const std::vector<const Source*>& sources);

/// What differs, one sentence each; empty when they agree.
std::vector<std::string> compare_sum(const std::vector<SumLine>& written,
                                     const std::vector<SumLine>& actual);

}  // namespace sterna
