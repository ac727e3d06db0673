// The command line as a function: finds the command, parses, runs, and turns failures into messages
// and exit codes.
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"

#include <sterna/main.hpp>

#include <fmt/format.h>

namespace sterna {
namespace cli {
namespace {

/// Two words ("config show") before one; what remains are the arguments.
const Command* command_of(std::vector<std::string>& words) {
  if (words.size() >= 2) {
    if (const Command* command = find_command(words[0] + " " + words[1])) {
      words.erase(words.begin(), words.begin() + 2);
      return command;
    }
  }
  const Command* command = find_command(words[0]);
  if (command != nullptr) words.erase(words.begin());
  return command;
}

[[noreturn]] void unknown_command(const std::string& word) {
  std::vector<std::string> known;
  for (const Command& command : commands()) {
    if (command.group.empty()) continue;
    known.emplace_back(command.name);
    for (const std::string& alias : split(command.aliases, ' ')) {
      if (!alias.empty()) known.push_back(alias);
    }
  }
  Error error(ErrorKind::config, "there is no command '" + word + "'");
  for (const std::string& near : near_misses(word, known, 2))
    error.suggest("did you mean `sterna " + near + "`?");
  error.suggest("`sterna help` lists the commands");
  throw error;
}

bool wants_json(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--format=json" ||
        (words[i] == "--format" && i + 1 < words.size() && words[i + 1] == "json"))
      return true;
  }
  return false;
}

int run(std::vector<std::string> words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    print(overview());
    return 0;
  }
  if (words[0] == "--version" || words[0] == "-V") words[0] = "version";
  const Command* command = words[0].starts_with('-') ? nullptr : command_of(words);
  if (command == nullptr && words[0].starts_with('-')) {
    throw Error(ErrorKind::config, "the command comes first: sterna COMMAND " + words[0] + " …")
        .suggest("`sterna help` lists the commands");
  }
  if (command == nullptr) unknown_command(words[0]);
  Invocation invocation;
  if (!parse_arguments(*command, words, invocation)) return 0;
  return command->run(invocation);
}

}  // namespace
}  // namespace cli

int command_main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  cli::set_colours(std::find(words.begin(), words.end(), "--no-color") != words.end());
  try {
    cli::check_log_format();
    const int code = cli::run(words);
    if (std::fflush(stdout) != 0) return 1;
    return code;
  } catch (const Error& error) {
    if (cli::wants_json(words)) cli::print(cli::explain_json(error));
    cli::tell(error);
    std::fflush(stdout);
    return cli::exit_code(error.kind());
  } catch (const std::exception& exception) {
    cli::say(
        fmt::format("internal error: {}\n  please report it with the command line and what "
                    "STERNA_DEBUG=1 prints",
                    exception.what()));
    return 1;
  }
}

}  // namespace sterna
