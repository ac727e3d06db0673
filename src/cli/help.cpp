// What the command table says to people: --help, the overview, the command reference of docs/ and
// the manual page.
#include "cli/command.hpp"

#include "base/system.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace sterna::cli {
namespace {

constexpr std::pair<int, std::string_view> exit_codes[] = {
    {0, "ok"},
    {1, "failure"},
    {2, "pending or changes found (`--check`)"},
    {3, "usage or configuration"},
    {4, "connection"},
    {5, "lock busy"},
    {6, "checksum or validation"},
    {7, "refused: needs `--yes` or another explicit permission"},
    {8, "lint errors"},
    {9, "a test failed (`sterna test`)"},
    {130, "interrupted"},
};

std::string option_label(const Option& option) {
  std::string label =
      option.short_name.empty() ? std::string("    ") : fmt::format("{}, ", option.short_name);
  label += option.name;
  if (!option.value.empty())
    label += fmt::format(" {}", option.choices.empty() ? option.value : option.choices);
  return label;
}

/// Text of a manual page (man 7 groff_man): a line that begins with a dot would be a request.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool first = result.empty() || result.back() == '\n';
    if (first && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else if (c != '`')
      result += c;
  }
  return result;
}

/// One entry of a list: what is written in bold, what it means below.
std::string roff_entry(std::string_view label, std::string_view meaning) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(label), roff(meaning));
}

std::string roff_command(const Command& command) {
  std::string text = fmt::format(".SS {}\n{}.\n", roff(usage_of(command)), roff(command.summary));
  if (!command.description.empty()) text += roff(command.description) + "\n";
  if (!command.aliases.empty())
    text += fmt::format("Also called: {}.\n", roff(join(split(command.aliases, ' '), ", ")));
  for (const Argument& argument : command.arguments)
    text += roff_entry(argument.name, argument.help);
  for (const Option& option : command.options)
    text += roff_entry(trim(option_label(option)), option.help);
  return text;
}

}  // namespace

std::string usage_of(const Command& command) {
  std::string usage = fmt::format("sterna {}", command.name);
  for (const Argument& argument : command.arguments) {
    const std::string label = fmt::format("{}{}", argument.name, argument.repeatable ? "…" : "");
    usage += argument.required ? " " + label : " [" + label + "]";
  }
  return usage + " [OPTIONS]";
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
      "Sterna: schema migrations for PostgreSQL, MySQL/MariaDB, SQLite and "
      "Cassandra/ScyllaDB\n\nUsage: sterna COMMAND "
      "[OPTIONS]\n";
  for (const std::string_view group : {"Start", "Run", "Look", "Maintain"}) {
    text += fmt::format("\n{}:\n", group);
    for (const Command& command : commands()) {
      if (command.group == group)
        text += fmt::format("  {:<14} {}\n", command.name, command.summary);
    }
  }
  return text +
         "\n`sterna COMMAND --help` tells more, `sterna debug man` all. Exit codes: 0 ok, 1 "
         "failure, 2 pending found (--check), 3 usage\nor configuration, 4 connection, 5 lock "
         "busy, 6 "
         "checksum or validation, 7 refused, 8 lint errors, 9 a test failed,\n130 interrupted.\n";
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
  text += "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const auto& [code, meaning] : exit_codes)
    text += fmt::format("| {} | {} |\n", code, meaning);
  return text;
}

std::string manual_page() {
  std::string text = fmt::format(
      ".TH STERNA 1 \"\" \"Sterna {}\" \"User Commands\"\n.SH NAME\nsterna \\- schema migrations "
      "for "
      "PostgreSQL, MySQL/MariaDB, SQLite and Cassandra/ScyllaDB\n.SH SYNOPSIS\n.B sterna\n.I "
      "COMMAND\n[OPTIONS]\n.SH DESCRIPTION\nRuns migrations that are written in SQL or in C++, one "
      "run at a time and each exactly once, compares schemas, and writes the migration that leads "
      "from one to the other.\n.SH COMMANDS\n",
      version());
  for (const Command& command : commands()) {
    if (!command.group.empty()) text += roff_command(command);
  }
  text += ".SH COMMON OPTIONS\n";
  for (const Option& option : common_options())
    text += roff_entry(trim(option_label(option)), option.help);
  text += ".SH EXIT STATUS\n";
  for (const auto& [code, meaning] : exit_codes) text += roff_entry(std::to_string(code), meaning);
  return text +
         ".SH FILES\n.TP\n.I sterna.toml\nconnections, environments and settings; "
         "looked for in the working folder and above\n.TP\n.I migrations/sterna.sum\nhashes of all "
         "migrations\n.SH ENVIRONMENT\n.TP\n.B DATABASE_URL\nthe database, where neither \\-\\-url "
         "nor "
         "sterna.toml names one\n.TP\n.B NO_COLOR\nno colours\n";
}

}  // namespace sterna::cli
