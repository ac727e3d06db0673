#include "support/command.hpp"

#include "base/file.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace sterna::test {
namespace {

namespace fs = std::filesystem;

fs::path temporary_file() {
  std::string name = (fs::temp_directory_path() / "sterna-output-XXXXXX").string();
  ::close(::mkstemp(name.data()));
  return name;
}

}  // namespace

std::string command_path() { return std::string(STERNA_BINARY_DIR) + "/src/cli/sterna"; }

RunningCommand::RunningCommand(const std::vector<std::string>& arguments,
                               const CommandOptions& options)
    : out_(temporary_file()), err_(temporary_file()) {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "LANG", "USER", "ASAN_OPTIONS", "UBSAN_OPTIONS",
                           "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name); value != nullptr)
      environment.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
  std::vector<std::string> words{command_path()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv, envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& entry : environment) envp.push_back(entry.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(::open(out_.c_str(), O_WRONLY | O_TRUNC), 1);
    ::dup2(::open(err_.c_str(), O_WRONLY | O_TRUNC), 2);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
}

RunningCommand::~RunningCommand() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

void RunningCommand::signal(int number) const { ::kill(pid_, number); }

CommandResult RunningCommand::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  CommandResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_file(out_);
  result.err = read_file(err_);
  fs::remove(out_);
  fs::remove(err_);
  return result;
}

CommandResult sterna_command(const std::vector<std::string>& arguments,
                             const CommandOptions& options) {
  return RunningCommand(arguments, options).wait();
}

}  // namespace sterna::test
