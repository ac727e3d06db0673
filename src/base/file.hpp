// Files: whole reads, atomic writes, directory listings, locks. Errors name the path and the
// reason.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// @throws Error(config) "cannot read PATH: reason".
std::string read_file(const std::filesystem::path& path);
/// The same with fewer system calls, for what list_files found to be a regular file.
std::string read_listed_file(const std::string& path);
/// Nothing when the file does not exist; other failures throw.
std::optional<std::string> read_file_if_exists(const std::filesystem::path& path);
/// `flushed`: what was written survives a crash of the machine.
enum class Durability { flushed, fast };
/// Writes to a temporary file beside `path` and renames: a reader sees the old text or the new,
/// never a part.
void write_file_atomically(const std::filesystem::path& path, std::string_view text,
                           Durability durability = Durability::flushed);
/// Names (not paths) of the regular files in a folder, sorted by bytes. @throws Error(config) when
/// it is no readable folder.
std::vector<std::string> list_files(const std::filesystem::path& folder);

}  // namespace sterna
