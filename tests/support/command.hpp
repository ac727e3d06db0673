// Runs the built sterna command as a person would: arguments, environment, working folder; output
// parted.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sterna::test {

struct CommandResult {
  int exit_code = 0;  ///< 128 + signal when it was killed
  std::string out, err;
};

struct CommandOptions {
  std::filesystem::path folder;                    ///< working folder; empty: the present one
  std::map<std::string, std::string> environment;  ///< added to a clean one (PATH, HOME, LANG)
};

/// A command that runs beside the test.
class RunningCommand {
 public:
  RunningCommand(const std::vector<std::string>& arguments, const CommandOptions& options);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  CommandResult wait();

 private:
  pid_t pid_ = 0;
  std::filesystem::path out_, err_;
};

CommandResult sterna_command(const std::vector<std::string>& arguments,
                             const CommandOptions& options = {});
std::string command_path();

}  // namespace sterna::test
