#include "base/system.hpp"

#include <sterna/error.hpp>
#include <sterna/value.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace sterna {

std::string_view version() noexcept { return STERNA_VERSION; }

std::string runner_identity() {
  static const std::string identity = [] {
    char host[256] = "unknown";
    ::gethostname(host, sizeof host - 1);
    const char* user = std::getenv("USER");
    if (user == nullptr || *user == '\0') {
      const passwd* entry = ::getpwuid(::geteuid());
      user = entry != nullptr ? entry->pw_name : "unknown";
    }
    return std::string(user) + "@" + host;
  }();
  return identity + " (pid " + std::to_string(::getpid()) + ")";
}

std::string cache_folder() {
  const auto variable = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  // The specification: a path that is not absolute counts as none.
  if (const std::string cache = variable("XDG_CACHE_HOME"); cache.starts_with('/'))
    return cache + "/sterna";
  const std::string home = variable("HOME");
  return home.starts_with('/') ? home + "/.cache/sterna" : std::string();
}

std::string utc_now() {
  return format_timestamp(
      std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
}

ProcessResult run_process(const std::vector<std::string>& arguments) {
  int ends[2];
  const auto fail = [&](int code) {
    return Error(ErrorKind::config,
                 "cannot start " + arguments.front() + ": " + std::strerror(code));
  };
  if (::pipe2(ends, O_CLOEXEC) != 0) throw fail(errno);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  pid_t child = 0;
  const int code = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (code != 0) {
    ::close(ends[0]);
    throw fail(code);
  }
  ProcessResult result;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    result.output.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace sterna
