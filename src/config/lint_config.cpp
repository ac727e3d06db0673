#include "config/lint_config.hpp"

#include <sterna/error.hpp>

namespace sterna {
namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& file, int line) {
  throw Error(ErrorKind::config, message)
      .at({file, line, 0})
      .suggest(
          "known in [lint]: ignore, rules, [lint.severity], [lint.rule.NAME] with pattern, "
          "message, "
          "severity, safe_form");
}

void read_rule(const std::string& name, const TomlValue& table, const std::string& file,
               LintConfig& config) {
  if (table.kind != TomlValue::Kind::table)
    refuse("[lint.rule.NAME] is expected", file, table.line);
  LintConfig::Rule& rule = config.rules[name];
  for (const auto& [key, value] : table.fields) {
    std::string* field = key == "pattern"     ? &rule.pattern
                         : key == "message"   ? &rule.message
                         : key == "severity"  ? &rule.severity
                         : key == "safe_form" ? &rule.safe_form
                                              : nullptr;
    if (field == nullptr)
      refuse("unknown key '" + key + "' in [lint.rule." + name + "]", file, value.line);
    *field = value.text;
  }
  if (rule.pattern.empty() || rule.message.empty())
    refuse("[lint.rule." + name + "] needs a pattern and a message", file, table.line);
}

}  // namespace

void read_lint(const TomlValue& table, const std::string& file, LintConfig& config) {
  if (table.kind != TomlValue::Kind::table) refuse("[lint] is expected", file, table.line);
  for (const auto& [key, value] : table.fields) {
    if (key == "ignore") {
      if (value.kind != TomlValue::Kind::list)
        refuse("ignore is a list of rules", file, value.line);
      for (const std::string& rule : value.list) config.severities[rule] = "off";
    } else if (key == "rules") {
      if (value.kind != TomlValue::Kind::text || value.text.empty())
        refuse("rules is the folder of rules in C++", file, value.line);
      config.folder = value.text;
      config.folder_origin = file + ":" + std::to_string(value.line);
    } else if (key == "severity" && value.kind == TomlValue::Kind::table) {
      for (const auto& [rule, severity] : value.fields) config.severities[rule] = severity.text;
    } else if (key == "rule" && value.kind == TomlValue::Kind::table) {
      for (const auto& [name, fields] : value.fields) read_rule(name, fields, file, config);
    } else {
      refuse("unknown key '" + key + "' in [lint]", file, value.line);
    }
  }
}

}  // namespace sterna
