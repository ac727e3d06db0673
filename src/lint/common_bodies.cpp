// ST118 to ST120: what a statement runs besides itself, and what cannot be seen of it.
#include "base/text.hpp"
#include "lint/common_rules.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

void built_at_run_time(Probe& probe) {
  if (!probe.fact().opaque) return;
  probe.report(
      "the text that this runs is put together at run time: what it locks, writes anew or takes "
      "away is not seen here");
}

/// One that goes over a whole table, or over what a query gives.
bool takes_many_rows(const StatementFact& fact) {
  if (fact.summary.verb == Verb::insert || fact.summary.verb == Verb::replace)
    return fact.has("SELECT");
  const bool rows = fact.summary.verb == Verb::update || fact.summary.verb == Verb::remove;
  return fact.in_steps || (rows && fact.takes_all_rows());
}

void fires_for_each_row(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!takes_many_rows(fact)) return;
  std::vector<std::string> triggers, tables;
  const auto add = [](std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  };
  for (std::size_t i = probe.index + 1; i < probe.script.statements.size(); ++i) {
    const StatementFact& inner = probe.script.statements[i];
    if (inner.origin != fact.origin || inner.outer == nullptr) break;
    if (!inner.each_row || !inner.changes_rows()) continue;
    add(triggers, inner.trigger);
    add(tables, shown(inner.summary.name));
  }
  if (triggers.empty()) return;
  const bool one = triggers.size() == 1;
  probe.report("each of its rows fires " + std::string(one ? "trigger " : "triggers ") +
               listed(triggers) + ", which " + (one ? "writes " : "write ") + listed(tables) +
               ": that work, and those locks, are part of this statement");
}

void trigger_takes_all_rows(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.to_all_rows.empty()) return;
  probe
      .report("each time that it fires, the trigger " + listed(fact.to_all_rows) +
              ": its body has no WHERE")
      .instead("-- a condition on the key of NEW or OLD in its body");
}

constexpr Severity W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> body_rules() {
  static const Rule rules[] = {
      {"ST118", "built-at-run-time", N, "a statement whose text is put together at run time",
       "Nothing can be said of it beforehand. Text that is made of constants is read: literals, "
       "their concatenation, format(), CONCAT() and IF(), and variables that hold such text.",
       built_at_run_time, nullptr, true},
      {"ST119", "fires-for-each-row", N, "a change of many rows that fires a trigger for each",
       "The trigger's statements run as often as there are rows. Go in batches, or write what it "
       "would write in one statement.",
       fires_for_each_row},
      {"ST120", "trigger-takes-all-rows", W,
       "a trigger whose body changes or deletes all rows of a table",
       "Every statement that fires it does so. Mostly a WHERE was forgotten.",
       trigger_takes_all_rows},
  };
  return rules;
}

}  // namespace sterna::lint
