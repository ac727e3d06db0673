// Facts about this process and machine: who runs, where, and the time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// Version of Sterna: "0.1.0".
std::string_view version() noexcept;
/// "user@host (pid 1234)", as written into the history and the lock.
std::string runner_identity();
/// Now, UTC, "YYYY-MM-DD HH:MM:SS.ffffff".
std::string utc_now();

/// Where programs keep what may vanish ($XDG_CACHE_HOME, else ~/.cache; XDG Base Directory
/// Specification), with "/sterna"; empty when there is no home.
std::string cache_folder();

/// A child process run to its end with an argument vector, never through a shell.
struct ProcessResult {
  int exit_code = 0;
  std::string output; /* stdout and stderr, in order */
};
/// @throws Error(config) when the program cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments);

}  // namespace sterna
