#include "lint/linter.hpp"

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "migration/meta.hpp"
#include "sql/splitter.hpp"

#include <algorithm>
#include <set>

namespace sterna::lint {
namespace {

Finding unreadable(const Error& error, const std::string& id, const std::string& file) {
  const Rule& rule = *find_rule("ST001");
  Finding finding;
  finding.rule = rule.id;
  finding.name = rule.name;
  finding.severity = rule.severity;
  finding.migration = id;
  finding.position = error.position().file.empty() ? SourcePosition{file, 1, 1} : error.position();
  finding.message = error.what();
  if (!error.suggestions().empty()) finding.message += "; " + error.suggestions().front();
  finding.help = "docs/lint.md#st001";
  return finding;
}

std::vector<StatementFact> facts_of(const std::vector<Statement>& statements, Language language) {
  std::vector<StatementFact> facts;
  facts.reserve(statements.size());
  for (const Statement& statement : statements)
    facts.push_back(lint::facts_of(statement, language));
  return facts;
}

struct Compiled {
  const CustomRule* rule;
  std::regex pattern;
};

std::vector<Compiled> compile(const Policy& policy) {
  std::vector<Compiled> result;
  for (const CustomRule& rule : policy.custom) {
    try {
      result.push_back({&rule, std::regex(rule.pattern, std::regex::ECMAScript | std::regex::icase |
                                                            std::regex::optimize)});
    } catch (const std::regex_error&) {
      throw Error(ErrorKind::config, "the pattern of the lint rule " + rule.id +
                                         " is no regular expression: " + rule.pattern)
          .suggest("patterns are ECMAScript's, read without case, over the statement on one line");
    }
  }
  return result;
}

void check(const Policy& policy) {
  for (const auto& [id, severity] : policy.severities) {
    const bool custom = std::any_of(
        policy.custom.begin(), policy.custom.end(),
        [&, wanted = id](const CustomRule& rule) { return equals_ignoring_case(rule.id, wanted); });
    if (!custom && find_rule(id) == nullptr)
      throw Error(ErrorKind::config, "there is no lint rule " + id)
          .suggest("`sterna lint --rules` lists them");
  }
}

/// Everything about one run of the linter that does not change from script to script.
class Walk {
 public:
  explicit Walk(const Options& options) : options_(options), custom_(compile(options.policy)) {
    check(options.policy);
    if (options.model != nullptr)
      known_.start_from(*options.model, options.server.language, options.spell);
    for (const auto& [table, rows] : options.rows) known_.estimate(table, rows);
    for (const std::span<const Rule> table : {rules_of(options.server.language), common_rules()}) {
      for (const Rule& rule : table) {
        if (severity_of(rule.id, rule.severity) == Severity::off) continue;
        if (rule.whole != nullptr) whole_.push_back(&rule);
        if (rule.statement != nullptr) statement_.push_back(&rule);
        if (rule.statement != nullptr && rule.down) down_.push_back(&rule);
      }
    }
  }

  void migration(const Input& input, Script& up, Script& down, std::vector<Finding>& found) {
    if (input.reported) {
      Probe probe(options_.server, up, known_, found);
      for (const Rule* rule : whole_) {
        probe.use(*rule);
        rule->whole(probe);
      }
    }
    direction(input, up, statement_, found, true);
    if (input.reported) direction(input, down, down_, found, false);
    for (Finding& finding : found) finding.severity = severity_of(finding.rule, finding.severity);
    std::erase_if(found, [](const Finding& finding) { return finding.severity == Severity::off; });
  }

 private:
  void direction(const Input& input, const Script& script, const std::vector<const Rule*>& rules,
                 std::vector<Finding>& found, bool follow) {
    Probe probe(options_.server, script, known_, found);
    for (probe.index = 0; probe.index < script.statements.size(); ++probe.index) {
      probe.statement = &script.statements[probe.index];
      if (input.reported) {
        for (const Rule* rule : rules) {
          probe.use(*rule);
          rule->statement(probe);
        }
        if (follow) own_rules(probe);
      }
      if (follow) known_.apply(*probe.statement, script.number);
    }
  }

  void own_rules(Probe& probe) {
    if (custom_.empty()) return;
    const std::string text = one_line(probe.fact());
    for (const Compiled& custom : custom_) {
      if (!std::regex_search(text, custom.pattern)) continue;
      const Rule rule{custom.rule->id, custom.rule->id, custom.rule->severity, {}, {}};
      probe.use(rule);
      Finding& finding = probe.report(custom.rule->message);
      finding.safe_form = custom.rule->safe_form;
      finding.help = "sterna.toml";
    }
  }

  Severity severity_of(std::string_view id, Severity by_itself) const {
    const auto found = options_.policy.severities.find(to_upper(id));
    return found == options_.policy.severities.end() ? by_itself : found->second;
  }

  const Options& options_;
  std::vector<Compiled> custom_;
  Known known_;
  std::vector<const Rule*> whole_, statement_, down_;
};

Script script_of(const Input& input, Direction direction, int number) {
  Script script;
  script.id = input.id;
  script.direction = direction;
  script.file =
      direction == Direction::down && !input.down_file.empty() ? input.down_file : input.file;
  script.meta = &input.meta;
  script.has_down = input.has_down;
  script.repeatable = input.repeatable;
  script.code = input.code;
  script.number = number;
  return script;
}

}  // namespace

Input read_input(std::string id, std::string file, std::string text, Language language,
                 std::string down_file, const std::string& down_text) {
  Input input;
  input.id = std::move(id);
  input.file = std::move(file);
  input.text = std::move(text);
  input.down_file = std::move(down_file);
  try {
    const sterna::Script script = parse_script(input.text, language, input.file);
    input.directives = script.directives;
    input.meta = read_meta(script.directives);
    input.up = split_statements(script.up.text, language, input.file, script.up.first_line);
    input.has_down = script.down.present;
    input.down = split_statements(script.down.text, language, input.file, script.down.first_line);
    if (!input.down_file.empty()) {
      const sterna::Script down = parse_script(down_text, language, input.down_file);
      input.has_down = true;
      const ScriptPart whole{true, down_text, 1};
      const ScriptPart& part = down.down.present ? down.down : whole;
      input.down = split_statements(part.text, language, input.down_file, part.first_line);
    }
  } catch (const Error& error) {
    input.up.clear();
    input.down.clear();
    input.unreadable.push_back(unreadable(error, input.id, input.file));
  }
  return input;
}

std::vector<Finding> lint(const std::vector<Input>& inputs, const Options& options) {
  std::vector<Script> ups(inputs.size()), downs(inputs.size());
  in_parallel(inputs.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      ups[i] = script_of(inputs[i], Direction::up, static_cast<int>(i));
      downs[i] = script_of(inputs[i], Direction::down, static_cast<int>(i));
      ups[i].statements = facts_of(inputs[i].up, options.server.language);
      downs[i].statements = facts_of(inputs[i].down, options.server.language);
      ups[i].down = downs[i].statements;
    }
  });
  Walk walk(options);
  std::vector<Finding> all;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::vector<Finding> found = inputs[i].unreadable;
    if (found.empty()) walk.migration(inputs[i], ups[i], downs[i], found);
    if (!inputs[i].reported) continue;
    suppress(inputs[i], found, options.policy);
    std::stable_sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.position.file, a.position.line, a.position.column) <
             std::tie(b.position.file, b.position.line, b.position.column);
    });
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace sterna::lint
