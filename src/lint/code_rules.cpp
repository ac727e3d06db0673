#include "lint/code_rules.hpp"

#include "base/text.hpp"
#include "lint/code_facts.hpp"
#include "lint/linter.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <optional>

namespace sterna {

LintContext::~LintContext() = default;
LintRule::~LintRule() = default;

const LintTable::Column* LintTable::column(std::string_view wanted) const {
  for (const Column& candidate : columns) {
    if (equals_ignoring_case(candidate.name, wanted)) return &candidate;
  }
  return nullptr;
}

namespace {

struct Registered {
  const char* file;
  std::unique_ptr<LintRule> (*make)();
  LintMeta (*meta)();
};

// Filled at static initialisation, in any order: the list is made when the first entry comes.
std::mutex& mutex() {
  static std::mutex instance;
  return instance;
}
std::vector<Registered>& list() {
  static std::vector<Registered> instance;
  return instance;
}

}  // namespace

namespace detail {
bool register_lint_rule(const char* file, std::unique_ptr<LintRule> (*make)(),
                        LintMeta (*meta)()) noexcept {
  const std::lock_guard lock(mutex());
  list().push_back({file, make, meta});
  return true;
}
}  // namespace detail

namespace lint {
namespace {

bool is_id(std::string_view id) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
  return !id.empty() && letter(id.front()) && std::all_of(id.begin(), id.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void refuse(const CodeRule& rule, const std::string& why) {
  throw Error(ErrorKind::config, why)
      .at({rule.file, 0, 0})
      .with_state("nothing was linted, and nothing was run")
      .suggest("give the rule another .id in STERNA_LINT_RULE: letters, digits, - and _");
}

std::string_view word_of(Language language) {
  switch (language) {
    case Language::mysql:
      return "mysql";
    case Language::sqlite:
      return "sqlite";
    case Language::cql:
      return "cql";
    default:
      return "postgres";
  }
}

/// What one rule is shown of one statement.
class Context final : public LintContext {
 public:
  Context(const Probe& probe, const std::vector<LintStatement>& statements, LintSeverity usual)
      : probe_(probe), statements_(statements), usual_(usual) {}

  std::string_view dialect() const override { return word_of(probe_.server.language); }
  int server_version() const override { return probe_.server.version; }
  const std::string& migration() const override { return probe_.script.id; }
  const std::string& file() const override { return probe_.script.file; }
  bool way_down() const override { return probe_.script.direction == Direction::down; }
  bool repeatable() const override { return probe_.script.repeatable; }
  bool in_transaction() const override { return probe_.in_transaction(); }
  const LintStatement& statement() const override { return statements_[probe_.index]; }
  std::size_t index() const override { return probe_.index; }
  const std::vector<LintStatement>& statements() const override { return statements_; }
  const LintTable* table(std::string_view name, std::string_view schema) const override {
    const ObjectName wanted{std::string(schema), std::string(name)};
    const KnownTable* known = probe_.known.table(wanted);
    if (known == nullptr) return nullptr;
    const auto [entry, fresh] = tables_.try_emplace(key_of(wanted));
    if (fresh) entry->second = public_table(*known, probe_.is_new(wanted));
    return &entry->second;
  }
  bool knows_everything() const override { return probe_.known.whole(); }
  LintFinding& report(std::string message) override {
    // One after the other in memory that stays: rules keep the reference while they describe it.
    LintFinding& finding = *found_.emplace_back(std::make_unique<LintFinding>());
    finding.message = std::move(message);
    finding.severity = usual_;
    return finding;
  }

  std::vector<std::unique_ptr<LintFinding>>& found() { return found_; }

 private:
  const Probe& probe_;
  const std::vector<LintStatement>& statements_;
  LintSeverity usual_;
  mutable std::map<std::string, LintTable> tables_;
  std::vector<std::unique_ptr<LintFinding>> found_;
};

void take_over(const LintFinding& from, Finding& to) {
  to.severity = from.severity;
  to.lock = from.lock;
  to.lock_on = from.lock_on;
  to.blocks = from.blocks;
  to.rewrites = from.rewrites;
  to.scans = from.scans;
  if (from.rows >= 0) to.rows = from.rows;
  to.loses = from.loses;
  to.safe_form = from.safe_form;
}

}  // namespace

std::vector<CodeRule> registered_rules() {
  std::vector<CodeRule> rules;
  {
    const std::lock_guard lock(mutex());
    for (const Registered& one : list()) rules.push_back({one.file, one.make, one.meta()});
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string& id = rules[i].meta.id;
    if (!is_id(id)) refuse(rules[i], "'" + id + "' is no id of a lint rule");
    if (find_rule(id) != nullptr) refuse(rules[i], "Sterna has a lint rule " + id + " itself");
    for (std::size_t k = 0; k < i; ++k) {
      if (equals_ignoring_case(rules[k].meta.id, id))
        refuse(rules[i], "the lint rule " + id + " stands in " + rules[k].file + " already");
    }
  }
  return rules;
}

CodeRules::CodeRules(const std::vector<CodeRule>& rules, const Server& server) {
  for (const CodeRule& rule : rules) {
    const std::vector<std::string>& only = rule.meta.dialects;
    if (only.empty() || std::find(only.begin(), only.end(), word_of(server.language)) != only.end())
      rules_.push_back({&rule, rule.make()});
  }
}

const std::vector<LintStatement>& CodeRules::statements_of(const Script& script) {
  if (script_ == &script) return statements_;
  script_ = &script;
  statements_.clear();
  for (const StatementFact& fact : script.statements) statements_.push_back(public_statement(fact));
  return statements_;
}

void CodeRules::ask(Probe& probe) {
  if (rules_.empty()) return;
  const std::vector<LintStatement>& statements = statements_of(probe.script);
  for (const Made& made : rules_) {
    const LintMeta& meta = made.rule->meta;
    if (probe.script.direction == Direction::down && !meta.way_down) continue;
    Context context(probe, statements, meta.severity);
    std::optional<std::string> failure;
    try {
      made.object->statement(context);
    } catch (const std::exception& error) {
      failure = error.what();
    } catch (...) {
      failure = "it threw what is no std::exception";
    }
    if (failure)
      throw Error(ErrorKind::config, "the lint rule " + meta.id + " failed: " + *failure)
          .at(statements[probe.index].position)
          .with_state("nothing was run")
          .with_detail("the rule stands in " + made.rule->file)
          .suggest("mend the rule, or switch it off: [lint.severity] " + meta.id + " = \"off\"");
    const Rule rule{meta.id, meta.name, meta.severity, meta.summary, meta.why};
    probe.use(rule);
    for (const std::unique_ptr<LintFinding>& found : context.found()) {
      Finding& finding = probe.report(found->message);
      take_over(*found, finding);
      finding.help = made.rule->file;
    }
  }
}

}  // namespace lint
}  // namespace sterna
