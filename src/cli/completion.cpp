// Completion scripts for shells, made from the command table.
#include "base/text.hpp"
#include "cli/command.hpp"

#include <sterna/error.hpp>

#include <fmt/format.h>

#include <set>

namespace sterna::cli {
namespace {

std::string first_word(std::string_view name) {
  return std::string(name.substr(0, name.find(' ')));
}
std::string second_word(std::string_view name) {
  const std::size_t space = name.find(' ');
  return space == std::string_view::npos ? std::string() : std::string(name.substr(space + 1));
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names;
  const std::vector<Option> common = common_options(command);
  for (const auto* list : {&command.options, &common}) {
    for (const Option& option : *list) names.emplace_back(option.name);
  }
  return names;
}

std::set<std::string> first_words() {
  std::set<std::string> words;
  for (const Command& command : commands()) words.insert(first_word(command.name));
  return words;
}

std::string choices_of(std::string_view word) {
  std::string text;
  for (const auto* list : {&common_options()}) {
    for (const Option& option : *list) {
      if (option.choices.empty() || option.name != word) continue;
      text = join(split(option.choices, '|'), " ");
    }
  }
  for (const Command& command : commands()) {
    for (const Option& option : command.options) {
      if (option.choices.empty() || option.name != word) continue;
      text = join(split(option.choices, '|'), " ");
    }
  }
  return text;
}

std::set<std::string> options_with_choices() {
  std::set<std::string> names;
  for (const Command& command : commands()) {
    for (const Option& option : command.options) {
      if (!option.choices.empty()) names.emplace(option.name);
    }
  }
  for (const Option& option : common_options()) {
    if (!option.choices.empty()) names.emplace(option.name);
  }
  return names;
}

std::string bash() {
  std::string cases;
  for (const std::string& word : first_words()) {
    std::set<std::string> words;
    for (const Command& command : commands()) {
      if (first_word(command.name) != word) continue;
      if (const std::string second = second_word(command.name); !second.empty())
        words.insert(second);
      for (const std::string& option : option_names(command)) words.insert(option);
    }
    if (word == "completion") words.insert({"bash", "zsh", "fish"});
    cases += fmt::format("    {}) words=\"{}\" ;;\n", word,
                         join(std::vector<std::string>(words.begin(), words.end()), " "));
  }
  std::string choices;
  for (const std::string& option : options_with_choices())
    choices += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                           option, choices_of(option));
  const std::set<std::string> names = first_words();
  return fmt::format(
      "# bash completion for sterna: source <(sterna completion bash)\n_sterna() {{\n  local "
      "current=\"${{COMP_WORDS[COMP_CWORD]}}\" "
      "previous=\"${{COMP_WORDS[COMP_CWORD-1]}}\" words=\"\"\n  case \"$previous\" in\n{}    "
      "--dir|-d|--config) COMPREPLY=($(compgen -f -- \"$current\")); "
      "return ;;\n  esac\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"{}\" "
      "-- \"$current\"))\n    return\n  fi\n  case "
      "\"${{COMP_WORDS[1]}}\" in\n{}  esac\n  COMPREPLY=($(compgen -W \"$words\" -- "
      "\"$current\"))\n}}\ncomplete -o default -F _sterna sterna\n",
      choices, join(std::vector<std::string>(names.begin(), names.end()), " "), cases);
}

std::string quoted(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += c == '\''                          ? std::string("'\\''")
              : c == '[' || c == ']' || c == ':' ? std::string("\\") + c
                                                 : std::string(1, c);
  return result;
}

std::string zsh() {
  std::string list, cases;
  for (const std::string& word : first_words()) {
    std::string options;
    std::string_view summary;
    for (const Command& command : commands()) {
      if (first_word(command.name) != word) continue;
      if (summary.empty()) summary = command.summary;
      const std::vector<Option> common = common_options(command);
      for (const auto* table : {&command.options, &common}) {
        for (const Option& option : *table) {
          const std::string value =
              option.value.empty() ? ""
              : option.choices.empty()
                  ? fmt::format(":{}:_files", option.value)
                  : fmt::format(":{}:({})", option.value, join(split(option.choices, '|'), " "));
          options +=
              fmt::format(" \\\n        '{}[{}]{}'", option.name, quoted(option.help), value);
        }
      }
      if (!second_word(command.name).empty())
        options += fmt::format(" \\\n        '1:command:({})'", second_word(command.name));
    }
    list += fmt::format("    '{}:{}'\n", word, quoted(summary));
    cases += fmt::format("      {}) _arguments{} ;;\n", word, options);
  }
  return fmt::format(
      "#compdef sterna\n# zsh completion for sterna: put it into a folder of $fpath as "
      "_sterna\n_sterna() {{\n  local -a commands\n  commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n    _describe 'command' commands\n  else\n    shift words; "
      "(( CURRENT-- ))\n    case \"$words[1]\" in\n{}    esac\n  fi\n}}\n"
      "compdef _sterna sterna\n",
      list, cases);
}

std::string fish() {
  std::string text =
      "# fish completion for sterna: sterna completion fish > "
      "~/.config/fish/completions/sterna.fish\ncomplete -c sterna -f\n";
  for (const Command& command : commands()) {
    const std::string word = first_word(command.name);
    const std::string second = second_word(command.name);
    if (second.empty()) {
      text += fmt::format("complete -c sterna -n __fish_use_subcommand -a {} -d '{}'\n", word,
                          quoted(command.summary));
    } else {
      text += fmt::format("complete -c sterna -n '__fish_seen_subcommand_from {}' -a {} -d '{}'\n",
                          word, second, quoted(command.summary));
    }
    for (const Option& option : command.options) {
      text +=
          fmt::format("complete -c sterna -n '__fish_seen_subcommand_from {}' -l {} {}-d '{}'\n",
                      word, option.name.substr(2),
                      option.value.empty() ? std::string()
                      : option.choices.empty()
                          ? std::string("-r ")
                          : fmt::format("-x -a '{}' ", join(split(option.choices, '|'), " ")),
                      quoted(option.help));
    }
  }
  for (const Option& option : common_options()) {
    text += fmt::format("complete -c sterna -l {} {}-d '{}'\n", option.name.substr(2),
                        option.value.empty() ? "" : "-r ", quoted(option.help));
  }
  return text;
}

}  // namespace

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  throw Error(ErrorKind::config, "there is no completion for '" + std::string(shell) +
                                     "'; there is one for bash, zsh and fish");
}

}  // namespace sterna::cli
