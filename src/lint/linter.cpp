#include "lint/linter.hpp"

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "lint/running.hpp"
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

/// The facts of all statements, as they stand in the script.
void read_facts(Script& script, const std::vector<Statement>& statements, Language language) {
  script.statements.reserve(statements.size());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    script.statements.push_back(facts_of(statements[i], language));
    script.statements.back().origin = i;
  }
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
    if (!has_rule(policy, id))
      throw Error(ErrorKind::config, "there is no lint rule " + id)
          .suggest("`sterna lint --rules` lists them");
  }
  for (const CustomRule& custom : policy.custom) {
    for (const CodeRule& code : policy.code) {
      if (equals_ignoring_case(custom.id, code.meta.id))
        throw Error(ErrorKind::config, "there are two lint rules " + custom.id + ": [lint.rule." +
                                           custom.id + "] and one in C++")
            .at({code.file, 0, 0})
            .suggest("give one of them another name");
    }
  }
}

/// Everything about one run of the linter that does not change from script to script.
class Walk {
 public:
  explicit Walk(const Options& options)
      : options_(options), custom_(compile(options.policy)), code_(wanted_code()) {
    if (options.model != nullptr)
      known_.start_from(*options.model, options.server.language, options.spell);
    for (const TableSize& size : options.sizes) known_.estimate(size.table, size.rows, size.bytes);
    for (const std::span<const Rule> table : {rules_of(options.server.language), common_rules()}) {
      for (const Rule& rule : table) {
        if (severity_of(rule.id, rule.severity) == Severity::off) continue;
        if (rule.whole != nullptr) whole_.push_back(&rule);
        if (rule.statement != nullptr) statement_.push_back(&rule);
        if (rule.statement != nullptr && rule.down) down_.push_back(&rule);
      }
    }
  }

  /// `estimates`: filled when it is given.
  void migration(const Input& input, Script& up, Script& down, std::vector<Finding>& found,
                 std::vector<Estimate>* estimates) {
    if (input.reported) {
      Probe probe(options_.server, up, known_, found);
      for (const Rule* rule : whole_) {
        probe.use(*rule);
        rule->whole(probe);
      }
    }
    direction(input, up, statement_, found, true, estimates);
    if (input.reported) direction(input, down, down_, found, false, nullptr);
    for (Finding& finding : found) finding.severity = severity_of(finding.rule, finding.severity);
    std::erase_if(found, [](const Finding& finding) { return finding.severity == Severity::off; });
  }

 private:
  void direction(const Input& input, const Script& script, const std::vector<const Rule*>& rules,
                 std::vector<Finding>& found, bool follow, std::vector<Estimate>* estimates) {
    Probe probe(options_.server, script, known_, found);
    for (probe.index = 0; probe.index < script.statements.size(); ++probe.index) {
      probe.statement = &script.statements[probe.index];
      if (input.reported) {
        const bool cost_only = probe.statement->cost_only;
        for (const Rule* rule : rules) {
          if (cost_only && !about_cost(rule->id)) continue;
          probe.use(*rule);
          rule->statement(probe);
        }
        if (follow && !cost_only) own_rules(probe);
        if (!cost_only) code_.ask(probe);
      }
      if (estimates != nullptr) add(*estimates, estimated(script, probe.index), *probe.statement);
      if (follow && !(probe.statement->conditional && probe.statement->takes_away()))
        known_.apply(*probe.statement, script.number);
      if (estimates != nullptr) follow_rows(*probe.statement);
    }
  }

  /// PG1xx and its like are about locks and rewrites, ST1xx about losses.
  static bool about_cost(std::string_view id) {
    return id.size() > 2 && (id[2] == '1' || (id[2] == '2' && !id.starts_with("ST")));
  }

  /// What stands inside a body is part of what runs it.
  static void add(std::vector<Estimate>& estimates, Estimate one, const StatementFact& fact) {
    if (fact.outer == nullptr)
      estimates.push_back(std::move(one));
    else
      join_into(estimates.back(), std::move(one));
  }

  /// What is found of the statement by every rule of the database, whatever the policy says: what
  /// it costs does not depend on who wants to hear of it.
  Estimate estimated(const Script& script, std::size_t index) const {
    std::vector<Finding> found;
    Probe probe(options_.server, script, known_, found);
    probe.index = index;
    probe.statement = &script.statements[index];
    for (const Rule& rule : rules_of(options_.server.language)) {
      if (rule.statement == nullptr) continue;
      probe.use(rule);
      rule.statement(probe);
    }
    return estimate(probe, found);
  }

  /// A table that was filled from another has about its rows.
  void follow_rows(const StatementFact& fact) {
    const KnownTable* into = known_.table(table_of(fact));
    const KnownTable* from = known_.table(copied_table(fact));
    const bool filled = fact.summary.verb == Verb::insert || fact.as_select;
    if (filled && into != nullptr && from != nullptr && into->rows < 0)
      known_.estimate(into->name, from->rows, from->bytes);
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

  CodeRules wanted_code() {
    check(options_.policy);
    for (const CodeRule& rule : options_.policy.code) {
      if (severity_of(rule.meta.id, Severity::warning) != Severity::off) code_on_.push_back(rule);
    }
    return {code_on_, options_.server};
  }

  Severity severity_of(std::string_view id, Severity by_itself) const {
    const auto found = options_.policy.severities.find(to_upper(id));
    return found == options_.policy.severities.end() ? by_itself : found->second;
  }

  const Options& options_;
  std::vector<Compiled> custom_;
  std::vector<CodeRule> code_on_;  // code_ points into it
  CodeRules code_;
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

/// As a run loads them: a step travels with its directive.
std::vector<Statement> statements_of(const ScriptPart& part,
                                     const std::vector<Directive>& directives, Language language,
                                     const std::string& file) {
  if (trim(part.text).empty()) return {};
  std::vector<Statement> statements = split_statements(part.text, language, file, part.first_line);
  const auto lines = std::count(part.text.begin(), part.text.end(), '\n');
  bulk::attach(statements, directives, part.first_line,
               part.first_line + static_cast<int>(lines) + 1);
  return statements;
}

}  // namespace

bool has_rule(const Policy& policy, std::string_view id) {
  return find_rule(id) != nullptr ||
         std::any_of(policy.custom.begin(), policy.custom.end(),
                     [&](const CustomRule& rule) { return equals_ignoring_case(rule.id, id); }) ||
         std::any_of(policy.code.begin(), policy.code.end(),
                     [&](const CodeRule& rule) { return equals_ignoring_case(rule.meta.id, id); });
}

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
    input.up = statements_of(script.up, script.directives, language, input.file);
    input.has_down = script.down.present;
    input.down = statements_of(script.down, script.directives, language, input.file);
    if (!input.down_file.empty()) {
      const sterna::Script down = parse_script(down_text, language, input.down_file);
      input.has_down = true;
      const ScriptPart whole{true, down_text, 1};
      const ScriptPart& part = down.down.present ? down.down : whole;
      input.down = statements_of(part, down.directives, language, input.down_file);
    }
  } catch (const Error& error) {
    input.up.clear();
    input.down.clear();
    input.unreadable.push_back(unreadable(error, input.id, input.file));
  }
  return input;
}

namespace {

std::vector<Review> reviewed(const std::vector<Input>& inputs, const Options& options,
                             bool estimates) {
  std::vector<Script> ups(inputs.size()), downs(inputs.size());
  in_parallel(inputs.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      ups[i] = script_of(inputs[i], Direction::up, static_cast<int>(i));
      downs[i] = script_of(inputs[i], Direction::down, static_cast<int>(i));
      read_facts(ups[i], inputs[i].up, options.server.language);
      read_facts(downs[i], inputs[i].down, options.server.language);
    }
  });
  // One after the other: what a migration makes, a later one may call.
  Running running(options.server.language, options.model);
  for (const Script& script : ups) {
    if (script.repeatable) running.expect(script);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    running.follow(ups[i], inputs[i].reported);
    if (inputs[i].reported) running.follow_down(downs[i]);
  }
  in_parallel(inputs.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) ups[i].down = downs[i].statements;
  });
  Walk walk(options);
  std::vector<Review> all(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    std::vector<Finding> found = inputs[i].unreadable;
    if (found.empty())
      walk.migration(inputs[i], ups[i], downs[i], found, estimates ? &all[i].estimates : nullptr);
    if (!inputs[i].reported) continue;
    suppress(inputs[i], found, options.policy);
    std::stable_sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.position.file, a.position.line, a.position.column) <
             std::tie(b.position.file, b.position.line, b.position.column);
    });
    all[i].findings = std::move(found);
  }
  return all;
}

}  // namespace

std::vector<Finding> lint(const std::vector<Input>& inputs, const Options& options) {
  std::vector<Finding> all;
  for (Review& one : reviewed(inputs, options, false))
    std::move(one.findings.begin(), one.findings.end(), std::back_inserter(all));
  return all;
}

std::vector<Review> review(const std::vector<Input>& inputs, const Options& options) {
  return reviewed(inputs, options, true);
}

}  // namespace sterna::lint
