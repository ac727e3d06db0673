#include "database/sqlite/locker.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace sterna::sqlite {
namespace {

namespace fs = std::filesystem;

class NoLock final : public Locker {
 public:
  bool try_acquire() override { return true; }
  void release() noexcept override {}
  std::optional<LockHolder> holder() override { return std::nullopt; }
  std::string_view kind() const override { return "no lock (in memory)"; }
};

class FileLock final : public Locker {
 public:
  explicit FileLock(fs::path path) : path_(std::move(path)) {}
  ~FileLock() override { release(); }

  bool try_acquire() override {
    if (fd_ >= 0) return true;
    for (;;) {
      const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
      if (fd < 0) throw refused(errno);
      if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        ::close(fd);
        if (code == EWOULDBLOCK) return false;
        throw refused(code);
      }
      // The former holder removes the file before it lets go: what was locked may be a file that
      // nobody else can see any more.
      if (!stands_at_path(fd)) {
        ::close(fd);
        continue;
      }
      fd_ = fd;
      const std::string text = utc_now() + "\n" + runner_identity() + "\n";
      if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) < 0) {
        // The text is for people; the lock holds without it.
      }
      return true;
    }
  }

  void release() noexcept override {
    if (fd_ < 0) return;
    if (stands_at_path(fd_)) ::unlink(path_.c_str());  // and never another's
    ::close(fd_);
    fd_ = -1;
  }

  void check() override {
    if (fd_ < 0 || stands_at_path(fd_)) return;
    throw Error(ErrorKind::lock,
                "the lock file " + path_.string() + " was removed while it was held")
        .suggest("let nothing clean up beside the database while a migration runs");
  }

  std::optional<LockHolder> holder() override {
    if (!held_by_anybody()) return std::nullopt;
    try {
      const auto text = read_file_if_exists(path_);
      if (!text) return std::nullopt;
      const std::vector<std::string> lines = split(*text, '\n');
      if (lines.size() < 2 || lines[1].empty()) return std::nullopt;
      const auto held = std::chrono::system_clock::now() - parse_timestamp(lines[0]);
      return LockHolder{lines[1], std::chrono::duration<double>(held).count()};
    } catch (const Error&) {
      return std::nullopt;
    }
  }

  std::string_view kind() const override { return "lock file"; }

 private:
  /// A run that was killed leaves its file behind, but not the lock on it.
  bool held_by_anybody() const noexcept {
    if (fd_ >= 0) return true;
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return errno != ENOENT;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
    ::close(fd);
    return held;
  }

  bool stands_at_path(int fd) const noexcept {
    struct stat open {
    }, present{};
    return ::fstat(fd, &open) == 0 && ::stat(path_.c_str(), &present) == 0 &&
           open.st_ino == present.st_ino && open.st_dev == present.st_dev;
  }

  Error refused(int code) const {
    Error error(code == EACCES || code == EROFS || code == EPERM ? ErrorKind::permission
                                                                 : ErrorKind::connection,
                "cannot make the lock file " + path_.string() + ": " + std::strerror(code));
    error.suggest("the folder of the database must be writable, for SQLite's own journal too");
    return error;
  }

  fs::path path_;
  int fd_ = -1;
};

}  // namespace

std::unique_ptr<Locker> make_locker(const std::string& database, const std::string&) {
  if (database.empty()) return std::make_unique<NoLock>();
  // Two names of one file must lead to one lock.
  std::error_code error;
  const fs::path real = fs::weakly_canonical(database, error);
  return std::make_unique<FileLock>((error ? database : real.string()) + "-sterna-lock");
}

}  // namespace sterna::sqlite
