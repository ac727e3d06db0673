// The command table: every command with its names, options and help, in one place. Parsing, --help,
// completions and the command reference in docs/ are all made from it; the commands themselves are
// functions in files of their own.
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::cli {

struct Option {
  std::string_view name;        ///< "--to"
  std::string_view short_name;  ///< "-t" or empty
  std::string_view value;       ///< "VERSION"; empty for a flag
  std::string_view help;
  bool repeatable = false;
  std::string_view choices = {};  ///< "text|json": refused otherwise
  std::string_view needs = {};    ///< another option ("--fleet") without which it means nothing
};

struct Argument {
  std::string_view name;  ///< "NAME"
  std::string_view help;
  bool required = true;
  bool repeatable = false;
};

class Invocation;

struct Command {
  std::string_view name;     ///< "up"; two words for sub-commands: "config show"
  std::string_view aliases;  ///< space separated: "migrate migration:run"
  std::string_view group;    ///< heading in the overview
  std::string_view summary;
  std::string_view description;  ///< further sentences for --help and the reference
  std::vector<Argument> arguments;
  std::vector<Option> options;
  int (*run)(Invocation&);
};

/// All commands, in the order of the overview.
const std::vector<Command>& commands();
/// Options that every command takes.
const std::vector<Option>& common_options();
/// The same without those that the command has in a form of its own.
std::vector<Option> common_options(const Command& command);
/// By name or alias; nullptr when there is none.
const Command* find_command(std::string_view name);

/// The parsed command line.
class Invocation {
 public:
  const Command* command = nullptr;
  std::map<std::string, std::vector<std::string>, std::less<>>
      values;  ///< by option ("to") or argument ("NAME")

  bool has(std::string_view name) const { return values.contains(name); }
  std::optional<std::string> value(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  /// @throws Error(config) when it is no number from `least` to `most`.
  std::optional<int> number(std::string_view name, int least,
                            int most = std::numeric_limits<int>::max()) const;
  /// --port: 0 is any free one. @throws Error(config) for what is no port.
  std::optional<int> port() const { return number("port", 0, 65535); }
  /// In seconds. @throws Error(config) when it is no duration.
  std::optional<double> duration(std::string_view name) const;
  bool json() const { return value("format").value_or("text") == "json"; }
  int verbosity() const;  ///< -1 quiet, 0, 1 verbose
};

/// Parses what follows the command's name. @throws Error(config) for usage errors; prints help and
/// returns false for --help.
bool parse_arguments(const Command& command, std::span<const std::string> arguments,
                     Invocation& invocation);
/// "sterna up [OPTIONS]"
std::string usage_of(const Command& command);
std::string help_of(const Command& command);
std::string overview();
/// docs/commands.md
std::string reference();
/// sterna(1), for groff's man macros.
std::string manual_page();
std::string completion(std::string_view shell);

}  // namespace sterna::cli
