#include "migration/file_cache.hpp"

#include "base/file.hpp"
#include "base/hash.hpp"
#include "base/system.hpp"
#include "sql/script.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sterna::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t nanoseconds = 1'000'000'000;

std::int64_t ns(const timespec& time) { return time.tv_sec * nanoseconds + time.tv_nsec; }

/// Cuts the next word off; false when there is none.
bool take(std::string_view& line, std::string_view& word) {
  const std::size_t end = line.find(' ');
  if (end == std::string_view::npos || end == 0) return false;
  word = line.substr(0, end);
  line.remove_prefix(end + 1);
  return true;
}

template <class Number>
bool take(std::string_view& line, Number& number) {
  std::string_view word;
  if (!take(line, word)) return false;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size();
}

bool take_hash(std::string_view& line, std::string_view& hash) {
  if (!take(line, hash)) return false;
  if (hash == "-") hash = {};
  return true;
}

/// "size mtime ctime inode device hash_up hash_down name"
bool parse(std::string_view line, FileCache::Entry& entry) {
  FileStamp& stamp = entry.stamp;
  if (!take(line, stamp.size) || !take(line, stamp.modified_ns) || !take(line, stamp.changed_ns) ||
      !take(line, stamp.inode) || !take(line, stamp.device) || !take_hash(line, entry.hash_up) ||
      !take_hash(line, entry.hash_down))
    return false;
  entry.name = line;
  return !line.empty();
}

/// Nobody else may have written it.
bool is_ours(const fs::path& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && info.st_uid == ::geteuid() &&
         (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

}  // namespace

std::optional<FileStamp> stamp_of(const std::string& path) noexcept {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileStamp{info.st_size, ns(info.st_mtim), ns(info.st_ctim), info.st_ino, info.st_dev};
}

FileCache::FileCache(const fs::path& where, const fs::path& folder, Language language,
                     std::chrono::nanoseconds settled)
    : settled_(settled) {
  if (where.empty()) return;
  std::error_code error;
  const std::string path = fs::absolute(folder, error).lexically_normal().string();
  if (error) return;
  head_ = "sterna files 1 " + std::string(version()) + " " + std::to_string(token_hash_algorithm) +
          " " + std::to_string(static_cast<int>(language)) + " " + path + "\n";
  file_ = where / ("files-" + sha256_hex(head_).substr(0, 24));
  load();
}

void FileCache::load() noexcept {
  try {
    if (!is_ours(file_)) return;
    text_ = read_file(file_);
    std::string_view rest = text_;
    if (!rest.starts_with(head_)) return;
    rest.remove_prefix(head_.size());
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      Entry entry;
      if (end == std::string_view::npos || !parse(rest.substr(0, end), entry)) break;
      entries_.push_back(entry);
      rest.remove_prefix(end + 1);
    }
  } catch (const std::exception&) {  // a cache that cannot be read is an empty one
    entries_.clear();
  }
}

const FileCache::Entry* FileCache::find(std::string_view name, const FileStamp& stamp) noexcept {
  while (next_ < entries_.size() && entries_[next_].name < name) ++next_;
  if (next_ == entries_.size() || entries_[next_].name != name) return nullptr;
  return entries_[next_].stamp == stamp ? &entries_[next_] : nullptr;
}

void FileCache::save(const std::vector<Entry>& entries) const noexcept {
  if (file_.empty()) return;
  try {
    const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count();
    std::string text = head_;
    const auto add = [&](const auto& word) { (text += word) += ' '; };
    for (const Entry& entry : entries) {
      const FileStamp& stamp = entry.stamp;
      if (now - std::max(stamp.changed_ns, stamp.modified_ns) < settled_.count()) continue;
      if (entry.name.find('\n') != std::string_view::npos) continue;
      add(std::to_string(stamp.size));
      add(std::to_string(stamp.modified_ns));
      add(std::to_string(stamp.changed_ns));
      add(std::to_string(stamp.inode));
      add(std::to_string(stamp.device));
      add(entry.hash_up.empty() ? "-" : entry.hash_up);
      add(entry.hash_down.empty() ? "-" : entry.hash_down);
      (text += entry.name) += '\n';
    }
    fs::create_directories(file_.parent_path());
    write_file_atomically(file_, text, Durability::fast);
  } catch (const std::exception&) {  // it is made again by the next run
  }
}

}  // namespace sterna::detail
