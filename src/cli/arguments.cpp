// Command lines by CLI11, from the command table. Only the chosen command's options are built: a
// start costs what it uses.
#include "cli/command.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <deque>

namespace sterna::cli {
namespace {

std::string key_of(std::string_view option) {
  return std::string(option.substr(option.find_first_not_of('-')));
}

void add_option(CLI::App& app, const Option& option, std::vector<std::string>& target,
                std::deque<int>& flags) {
  const std::string names = option.short_name.empty()
                                ? std::string(option.name)
                                : fmt::format("{},{}", option.short_name, option.name);
  if (option.value.empty()) {
    app.add_flag(names, flags.emplace_back(0), std::string(option.help));
    return;
  }
  CLI::Option* added = app.add_option(names, target, std::string(option.help));
  added->expected(1);
  added->allow_extra_args(false);  // what follows its value is an argument of the command
  added->multi_option_policy(option.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::TakeLast);
  if (!option.choices.empty()) added->check(CLI::IsMember(split(option.choices, '|')));
}

}  // namespace

bool parse_arguments(const Command& command, std::span<const std::string> arguments,
                     Invocation& invocation) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras(false);
  std::map<std::string, std::vector<std::string>> values;
  std::deque<int> flags;
  std::vector<std::pair<std::string, int*>> flag_names;
  const auto add_all = [&](const std::vector<Option>& options) {
    for (const Option& option : options) {
      add_option(app, option, values[key_of(option.name)], flags);
      if (option.value.empty()) flag_names.emplace_back(key_of(option.name), &flags.back());
    }
  };
  add_all(command.options);
  add_all(common_options(command));
  for (const Argument& argument : command.arguments) {
    CLI::Option* added = app.add_option(
        std::string(argument.name), values[std::string(argument.name)], std::string(argument.help));
    if (!argument.repeatable) added->expected(argument.required ? 1 : 0, 1);
  }
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& failure) {
    Error error(ErrorKind::config, failure.what());
    error.suggest(fmt::format("usage: {}", usage_of(command)))
        .suggest(fmt::format("`sterna {} --help` lists the options", command.name));
    throw error;
  }
  invocation.command = &command;
  for (auto& [name, list] : values) {
    if (!list.empty()) invocation.values[name] = std::move(list);
  }
  for (const auto& [name, count] : flag_names) {
    if (*count > 0) invocation.values[name] = {"true"};
  }
  if (invocation.has("help")) {
    fmt::print("{}", help_of(command));
    return false;
  }
  for (const Option& option : command.options) {
    if (option.needs.empty() || !invocation.has(option.name.substr(2)) ||
        invocation.has(option.needs.substr(2)))
      continue;
    throw Error(ErrorKind::config,
                fmt::format("{} means nothing without {}", option.name, option.needs))
        .suggest(fmt::format("`sterna {} --help` lists the options", command.name));
  }
  for (const Argument& argument : command.arguments) {
    if (!argument.required || invocation.has(argument.name)) continue;
    throw Error(ErrorKind::config, fmt::format("{} is missing: {}", argument.name, argument.help))
        .suggest("usage: " + usage_of(command));
  }
  return true;
}

}  // namespace sterna::cli
