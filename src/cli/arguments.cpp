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
  added->allow_extra_args(false);  // what follows its value is an argument
  added->multi_option_policy(option.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::TakeLast);
  if (!option.choices.empty()) added->check(CLI::IsMember(split(option.choices, '|')));
}

std::string option_label(const Option& option) {
  std::string label =
      option.short_name.empty() ? std::string("    ") : fmt::format("{}, ", option.short_name);
  label += option.name;
  if (!option.value.empty())
    label += fmt::format(" {}", option.choices.empty() ? option.value : option.choices);
  return label;
}

std::string usage_of(const Command& command) {
  std::string usage = fmt::format("sterna {}", command.name);
  for (const Argument& argument : command.arguments) {
    const std::string label = fmt::format("{}{}", argument.name, argument.repeatable ? "…" : "");
    usage += argument.required ? " " + label : " [" + label + "]";
  }
  return usage + " [OPTIONS]";
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
  for (const Argument& argument : command.arguments) {
    if (!argument.required || invocation.has(argument.name)) continue;
    throw Error(ErrorKind::config, fmt::format("{} is missing: {}", argument.name, argument.help))
        .suggest("usage: " + usage_of(command));
  }
  return true;
}

std::string help_of(const Command& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", command.summary, usage_of(command));
  if (!command.description.empty()) text += fmt::format("\n{}\n", command.description);
  if (!command.arguments.empty()) {
    text += "\nArguments:\n";
    for (const Argument& argument : command.arguments)
      text += fmt::format("  {:<28} {}\n", argument.name, argument.help);
  }
  const auto list = [&](std::string_view heading, const std::vector<Option>& options) {
    if (options.empty()) return;
    text += fmt::format("\n{}:\n", heading);
    for (const Option& option : options)
      text += fmt::format("  {:<28} {}\n", option_label(option), option.help);
  };
  list("Options", command.options);
  list("Common options", common_options(command));
  if (!command.aliases.empty())
    text += fmt::format("\nAlso called: {}\n", join(split(command.aliases, ' '), ", "));
  return text;
}

std::string overview() {
  std::string text =
      "Sterna: schema migrations for PostgreSQL, MySQL/MariaDB and SQLite\n\nUsage: sterna COMMAND "
      "[OPTIONS]\n";
  for (const std::string_view group : {"Start", "Run", "Look", "Maintain"}) {
    text += fmt::format("\n{}:\n", group);
    for (const Command& command : commands()) {
      if (command.group == group)
        text += fmt::format("  {:<14} {}\n", command.name, command.summary);
    }
  }
  return text +
         "\n`sterna COMMAND --help` tells more. Exit codes: 0 ok, 1 failure, 2 pending found "
         "(--check), 3 usage or configuration, "
         "4 connection,\n5 lock busy, 6 checksum or validation, 7 refused, 8 lint errors, 130 "
         "interrupted.\n";
}

std::string reference() {
  std::string text =
      "# Command reference\n\nThis page is made from the command table: `sterna debug "
      "reference`.\n\n"
      "Every command takes the common options listed at the end.\n";
  for (const Command& command : commands()) {
    if (command.group.empty()) continue;
    text += fmt::format(
        "\n## sterna {}\n\n{}{}. {}\n\n    {}\n", command.name,
        static_cast<char>(std::toupper(static_cast<unsigned char>(command.summary.front()))),
        command.summary.substr(1), command.description, usage_of(command));
    if (!command.aliases.empty())
      text += fmt::format("\nAlso called: `{}`\n", join(split(command.aliases, ' '), "`, `"));
    if (command.arguments.empty() && command.options.empty()) continue;
    text += "\n| | |\n|---|---|\n";
    const auto escaped = [](std::string cell) {
      for (std::size_t at = 0; (at = cell.find('|', at)) != std::string::npos; at += 2)
        cell.replace(at, 1, "\\|");
      return cell;
    };
    for (const Argument& argument : command.arguments)
      text += fmt::format("| `{}` | {} |\n", argument.name, argument.help);
    for (const Option& option : command.options) {
      text += fmt::format("| `{}` | {} |\n", escaped(std::string(trim(option_label(option)))),
                          option.help);
    }
  }
  text += "\n## Common options\n\n| | |\n|---|---|\n";
  for (const Option& option : common_options())
    text +=
        fmt::format("| `{}` | {} |\n",
                    trim(option_label(option)) == "--format text|json" ? "--format text\\|json"
                                                                       : trim(option_label(option)),
                    option.help);
  text +=
      "\n## Exit codes\n\n| code | meaning |\n|---|---|\n| 0 | ok |\n| 1 | failure |\n| 2 | "
      "pending or changes found (`--check`) |\n"
      "| 3 | usage or configuration |\n| 4 | connection |\n| 5 | lock busy |\n| 6 | checksum or "
      "validation |\n"
      "| 7 | refused: needs `--yes` or another explicit permission |\n| 8 | lint errors |\n| 130 | "
      "interrupted |\n";
  return text;
}

}  // namespace sterna::cli
