// What is known of migration files from an earlier run, so that a run with nothing to do asks the
// system about each file once instead of reading it. Trusted as version controls trust theirs: by
// size, inode and the times of the last change. Used by the folder reader alone; what it holds may
// vanish at any time.
#pragma once

#include "sql/language.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::detail {

/// A file as the system describes it. ctime cannot be set by hand: whoever changes a file and puts
/// its mtime back still gives it a new one.
struct FileStamp {
  std::int64_t size = 0, modified_ns = 0, changed_ns = 0;
  std::uint64_t inode = 0, device = 0;
  bool operator==(const FileStamp&) const = default;
};
/// Nothing when there is no such file.
std::optional<FileStamp> stamp_of(const std::string& path) noexcept;

class FileCache {
 public:
  struct Entry {
    std::string_view name;
    FileStamp stamp;
    std::string_view hash_up, hash_down;  ///< empty: there is no such part
  };

  /// Of one migrations folder read as `language`. `where`: the folder of all caches; empty: nothing
  /// is found and nothing kept.
  /// Files that changed less than `settled` before they are saved are not kept.
  FileCache(const std::filesystem::path& where, const std::filesystem::path& folder,
            Language language, std::chrono::nanoseconds settled = std::chrono::seconds(2));

  /// Names must be asked for in ascending order. Nothing when the file is not as it was.
  const Entry* find(std::string_view name, const FileStamp& stamp) noexcept;

  /// Keeps what is known now instead of what was. Files that changed a moment ago are left out:
  /// they may change again without a new time. Failures are no matter.
  void save(const std::vector<Entry>& entries) const noexcept;

 private:
  void load() noexcept;

  std::filesystem::path file_;
  std::chrono::nanoseconds settled_;
  std::string head_;
  std::string text_;
  std::vector<Entry> entries_;  // into text_
  std::size_t next_ = 0;
};

}  // namespace sterna::detail
