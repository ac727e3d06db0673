#include "base/file.hpp"

#include <sterna/error.hpp>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace sterna {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error failure(const char* what, const fs::path& path, int code) {
  Error error(ErrorKind::config,
              std::string(what) + " " + path.string() + ": " + std::strerror(code));
  error.at({path.string(), 0, 0});
  return error;
}

enum class FileKind { regular, unknown };

/// A small file, as scripts are, takes one read: one that gives less than was asked for has reached
/// the end of a regular file.
std::string read_all(int fd, const fs::path& path, FileKind kind) {
  char first[32768];
  std::string text;
  const auto fill = [&](char* buffer, std::size_t size) {
    ssize_t count = 0;
    do {
      count = ::read(fd, buffer, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0) throw failure("cannot read", path, errno);
    return static_cast<std::size_t>(count);
  };
  std::size_t count = fill(first, sizeof first);
  text.assign(first, count);
  if (count < sizeof first && kind == FileKind::regular) return text;
  while ((count = fill(first, sizeof first)) > 0) text.append(first, count);
  return text;
}

}  // namespace

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw failure("cannot read", path, errno);
  return read_all(file.get(), path, FileKind::unknown);
}

std::string read_listed_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw failure("cannot read", path, errno);
  return read_all(file.get(), path, FileKind::regular);
}

std::optional<std::string> read_file_if_exists(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (file.get() < 0) throw failure("cannot read", path, errno);
  return read_all(file.get(), path, FileKind::unknown);
}

void write_file_atomically(const fs::path& path, std::string_view text, Durability durability) {
  struct stat old {};
  const bool existed = ::stat(path.c_str(), &old) == 0;
  std::string temporary = path.string() + ".XXXXXX";
  {
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0) throw failure("cannot write", path, errno);
    const auto give_up = [&](int code) {
      ::unlink(temporary.c_str());
      return failure("cannot write", path, code);
    };
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::fchmod(file.get(), existed ? old.st_mode & 07777 : 0666 & ~mask);
    while (!text.empty()) {
      const ssize_t count = ::write(file.get(), text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw give_up(errno);
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (durability == Durability::flushed && ::fsync(file.get()) != 0) throw give_up(errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw give_up(errno);
  }
  if (durability == Durability::fast) return;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

std::vector<std::string> list_files(const fs::path& folder) {
  DIR* directory = ::opendir(folder.c_str());
  if (directory == nullptr) throw failure("cannot read the folder", folder, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    bool regular = entry->d_type == DT_REG;
    if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN) {
      struct stat info {};
      regular =
          ::fstatat(::dirfd(directory), entry->d_name, &info, 0) == 0 && S_ISREG(info.st_mode);
    }
    if (regular) names.emplace_back(entry->d_name);
  }
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sterna
