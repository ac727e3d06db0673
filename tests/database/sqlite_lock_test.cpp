// The lock file beside a database, among real processes.
#include "database/sqlite_support.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

struct SqliteLock : SqliteFile {
  std::string lock_file() const { return path() + "-sterna-lock"; }
  bool is_free(const std::string& url) const {
    const auto session = connect(parse_url(url));
    const auto locker = session->locker("sterna_migrations");
    return locker->try_acquire();
  }
};

/// A child process that does `work` and ends with what it returns; 99 after an exception.
template <class Work>
pid_t child(Work work) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  int code = 99;
  try {
    code = work();
  } catch (const std::exception& error) {  // the code tells the parent
    std::fprintf(stderr, "in the child: %s\n", error.what());
  }
  ::_exit(code);
}

int ended(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(SqliteLock, KeepsTwentyProcessesApart) {
  constexpr int processes = 20, turns = 15;
  const fs::path counter = folder.path() / "counter";
  std::ofstream(counter) << 0;
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    children.push_back(child([&] {
      const auto session = open();
      const auto locker = session->locker("sterna_migrations");
      for (int turn = 0; turn < turns; ++turn) {
        while (!locker->try_acquire()) std::this_thread::sleep_for(std::chrono::microseconds(300));
        int number = 0;  // read, pause, write: two holders at once lose a count
        std::ifstream(counter) >> number;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        std::ofstream(counter) << number + 1;
        locker->release();
      }
      return 0;
    }));
  }
  for (const pid_t pid : children) EXPECT_EQ(ended(pid), 0);
  int number = 0;
  std::ifstream(counter) >> number;
  EXPECT_EQ(number, processes * turns);
  EXPECT_FALSE(fs::exists(lock_file()));
}

TEST_F(SqliteLock, IsFreeAtOnceWhenItsHolderIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t holder = child([&] {
    const auto session = open();
    const auto locker = session->locker("sterna_migrations");
    if (!locker->try_acquire() || ::write(ready[1], "x", 1) != 1) return 1;
    ::pause();
    return 0;
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const auto locker = connection->locker("sterna_migrations");
  EXPECT_FALSE(locker->try_acquire());
  const auto who = locker->holder();
  ASSERT_TRUE(who.has_value());
  EXPECT_THAT(who->who, testing::HasSubstr("(pid " + std::to_string(holder) + ")"));
  EXPECT_GE(who->seconds, 0);
  ::kill(holder, SIGKILL);
  EXPECT_EQ(ended(holder), 128 + SIGKILL);
  EXPECT_TRUE(locker->try_acquire());  // the very first try: nothing is waited for
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(SqliteLock, IsOneForAllNamesOfAFile) {
  const auto locker = connection->locker("sterna_migrations");
  ASSERT_TRUE(locker->try_acquire());
  fs::create_symlink(path(), folder.path() / "link.db");
  fs::create_directory_symlink(folder.path(), folder.path() / "again");
  const std::vector<std::string> names{
      path(), (folder.path() / "link.db").string(), (folder.path() / "again" / "test.db").string(),
      (folder.path() / "again" / ".." / folder.path().filename() / "test.db").string()};
  for (const std::string& name : names) EXPECT_FALSE(is_free("sqlite:" + name)) << name;
  EXPECT_FALSE(is_free("sqlite:file:" + path()));
  locker->release();
  for (const std::string& name : names) EXPECT_TRUE(is_free("sqlite:" + name)) << name;
}

TEST_F(SqliteLock, IsNotTakenFromAFileThatNobodySeesAnyMore) {
  const auto first = connection->locker("sterna_migrations");
  ASSERT_TRUE(first->try_acquire());
  fs::remove(lock_file());  // by hand, while it is held
  const auto session = open();
  const auto second = session->locker("sterna_migrations");
  EXPECT_TRUE(second->try_acquire());
  EXPECT_EQ(error_from([&] { first->check(); }).kind(), ErrorKind::lock);
  EXPECT_NO_THROW(second->check());
  first->release();
  const auto third_session = open();
  EXPECT_FALSE(third_session->locker("sterna_migrations")->try_acquire());
}

TEST_F(SqliteLock, IsNotNeededInMemory) {
  EXPECT_TRUE(is_free("sqlite::memory:"));
  EXPECT_FALSE(fs::exists(":memory:-sterna-lock"));
}

TEST_F(SqliteLock, NeedsAFolderThatIsWritable) {
  run({"CREATE TABLE t (a)"});
  fs::permissions(path(), fs::perms::all);
  fs::permissions(folder.path(), fs::perms(0555));
  constexpr uid_t nobody = 65534;
  const int code = ended(child([&] {
    if (::getuid() == 0 && ::setuid(nobody) != 0) return 77;  // root may write everywhere
    const auto session = open();
    try {
      session->locker("sterna_migrations")->try_acquire();
    } catch (const Error& error) {
      return error.kind() == ErrorKind::permission && !error.suggestions().empty() ? 0 : 1;
    }
    return 2;
  }));
  fs::permissions(folder.path(), fs::perms::owner_all);
  if (code == 77) GTEST_SKIP() << "root cannot become another user here";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace sterna::test
