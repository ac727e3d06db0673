#include "lint/estimate.hpp"

#include "base/text.hpp"
#include "lint/estimate_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sterna {

std::string_view to_string(TimeClass time) noexcept {
  static constexpr std::string_view words[] = {"instant", "seconds", "minutes", "hours", "unknown"};
  return words[static_cast<int>(time)];
}

namespace lint {
namespace {

using Kind = ActionFact::Kind;

/// What is done with the rows of a table.
enum class Work {
  none,     ///< the catalogue alone is written
  reads,    ///< every row is looked at
  indexes,  ///< every row is looked at and sorted
  writes,   ///< every row is written anew
  unknown,  ///< it depends on what cannot be seen
};

/// Rates of one session on plain hardware, rows and bytes a second: the slower of both counts. They
/// are there to part seconds from hours, and stand in every basis.
struct Rate {
  double rows, bytes;
  std::string_view said;
};
constexpr Rate rate_of(Work work) {
  switch (work) {
    case Work::reads:
      return {2'000'000, 400e6, "2 million rows or 400 MB a second"};
    case Work::indexes:
      return {500'000, 100e6, "500 000 rows or 100 MB a second"};
    default:
      return {300'000, 50e6, "300 000 rows or 50 MB a second"};
  }
}

/// What a statement does, and to the rows of which table.
struct Job {
  Work work = Work::none;
  std::string what;  ///< "builds an index over"
  ObjectName table;
  bool at_most = false;  ///< a condition may pick fewer rows
};

std::string sized(std::int64_t bytes) {
  static constexpr std::string_view units[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < std::size(units)) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", value, value < 10 && unit > 0 ? 1 : 0, units[unit]);
}

TimeClass class_of(double seconds) {
  if (seconds < 1) return TimeClass::instant;
  if (seconds < 60) return TimeClass::seconds;
  return seconds < 3600 ? TimeClass::minutes : TimeClass::hours;
}

// ---- what a statement does ----

bool any(std::span<const Finding> findings, bool Finding::*fact) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.*fact; });
}

bool builds_index(const StatementFact& fact) {
  return fact.is(Verb::create, "INDEX") ||
         std::any_of(fact.actions.begin(), fact.actions.end(),
                     [](const ActionFact& action) { return action.kind == Kind::add_constraint; });
}

Job of_cost(const Probe& probe, const AlterCost& cost) {
  const ObjectName& table = table_of(probe.fact());
  if (cost.algorithm == Algorithm::copy)
    return {Work::writes,
            cost.known ? "copies the table," : "may copy the table (the column is not known),",
            table, !cost.known};
  if (cost.rebuilds) return {Work::writes, "writes the table anew in place,", table, false};
  if (cost.algorithm == Algorithm::in_place && builds_index(probe.fact()))
    return {Work::indexes, "builds an index over", table, false};
  return {Work::none, "changes the catalogue alone", table, false};
}

bool validates(const StatementFact& fact) {
  return std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
    return action.kind == Kind::validate_constraint;
  });
}

// SQLite's manual, ALTER TABLE: DROP COLUMN takes the values out of every row; ADD COLUMN with
// CHECK or with NOT NULL on a generated column looks at every row.
bool purges(const StatementFact& fact) {
  return std::any_of(fact.actions.begin(), fact.actions.end(),
                     [](const ActionFact& action) { return action.kind == Kind::drop_column; });
}
bool tests_rows(const StatementFact& fact) {
  return std::any_of(fact.actions.begin(), fact.actions.end(), [](const ActionFact& action) {
    return action.kind == Kind::add_column &&
           (action.column.check || (action.column.generated && action.column.not_null));
  });
}

Job of_alter(const Probe& probe, std::span<const Finding> findings) {
  const ObjectName& table = table_of(probe.fact());
  const bool sqlite = probe.server.language == Language::sqlite;
  if (any(findings, &Finding::rewrites) || (sqlite && purges(probe.fact())))
    return {Work::writes, "writes the table anew,", table, false};
  if (any(findings, &Finding::scans) || validates(probe.fact()) ||
      (sqlite && tests_rows(probe.fact())))
    return {Work::reads, "reads the table,", table, false};
  return {Work::none, "changes the catalogue alone", table, false};
}

Job of_create(const Probe& probe) {
  const StatementFact& fact = probe.fact();
  const std::string& object = fact.summary.object;
  const bool cql = probe.server.language == Language::cql;
  if (object == "INDEX" || (cql && object == "MATERIALIZED VIEW"))
    return {Work::indexes,
            cql ? "is there at once, and filled in the background from" : "builds an index over",
            cql && object != "INDEX" ? copied_table(fact) : fact.summary.table, false};
  const bool filled =
      fact.as_select || (object == "MATERIALIZED VIEW" && !fact.has({"NO", "DATA"}));
  if (!filled) return {Work::none, "makes something new and empty", {}, false};
  const ObjectName from = copied_table(fact);
  if (from.name.empty()) return {Work::unknown, "is filled by a query", {}, false};
  return {Work::writes, "is filled from", from, true};
}

Job of_rows(const Probe& probe) {
  const StatementFact& fact = probe.fact();
  const StatementSummary& summary = fact.summary;
  if (summary.verb == Verb::insert || summary.verb == Verb::replace) {
    if (!fact.has("SELECT")) return {Work::none, "writes the rows it names", table_of(fact), false};
    const ObjectName from = copied_table(fact);
    if (from.name.empty()) return {Work::unknown, "writes what a query gives", {}, false};
    return {Work::writes, "copies from", from, fact.has("WHERE") || fact.has("JOIN")};
  }
  if (summary.verb == Verb::copy) return {Work::none, "writes the rows it brings", {}, false};
  if (probe.server.language == Language::cql)
    return {Work::none, "changes what its key names", table_of(fact), false};
  return {Work::writes, summary.verb == Verb::remove ? "deletes" : "changes", table_of(fact),
          summary.has_where || summary.verb == Verb::merge};
}

Job job_of(const Probe& probe, std::span<const Finding> findings,
           const std::optional<AlterCost>& cost) {
  const StatementFact& fact = probe.fact();
  if (fact.in_steps)
    return {Work::writes, "goes in batches over", table_of(fact), fact.summary.has_where};
  if (fact.changes_rows()) return of_rows(probe);
  switch (fact.summary.verb) {
    case Verb::alter:
      return cost ? of_cost(probe, *cost) : of_alter(probe, findings);
    case Verb::create:
      return cost ? of_cost(probe, *cost) : of_create(probe);
    case Verb::vacuum:
    case Verb::cluster:
    case Verb::reindex:
    case Verb::refresh:
      if (table_of(fact).name.empty()) return {Work::unknown, "works on every table", {}, false};
      return {fact.summary.verb == Verb::reindex ? Work::indexes : Work::writes,
              "writes anew what belongs to", table_of(fact), false};
    case Verb::select:
      return {Work::unknown, "is a query", {}, false};
    case Verb::call:
    case Verb::do_block:
      return {Work::unknown, "runs code of its own", {}, false};
    case Verb::drop:
    case Verb::truncate:
      return {Work::none, "frees what is there as a whole", table_of(fact), false};
    default:
      return {Work::none, "changes the catalogue alone", {}, false};
  }
}

/// What a change of a MySQL table costs: its dearest action.
std::optional<AlterCost> cost_of(const Probe& probe) {
  if (probe.server.language != Language::mysql) return std::nullopt;
  const StatementFact& fact = probe.fact();
  if (fact.is(Verb::create, "INDEX"))
    return AlterCost{Algorithm::in_place, fact.index.full_text || fact.index.spatial, false, true};
  if (!fact.is(Verb::alter, "TABLE")) return std::nullopt;
  const KnownTable* table = probe.known.table(table_of(fact));
  std::optional<AlterCost> dearest;
  for (const ActionFact& action : fact.actions) {
    const AlterCost cost = cost_of(action, fact, table, probe.server);
    const auto weight = [](const AlterCost& one) {
      return std::tuple(one.algorithm, one.rebuilds, one.blocks_writes);
    };
    if (!dearest || weight(cost) > weight(*dearest)) dearest = cost;
  }
  return dearest;
}

// ---- how long that takes ----

void time(Estimate& result, const Probe& probe, const Job& job) {
  result.basis = job.what;
  if (job.work == Work::none) return;
  if (job.work == Work::unknown) {
    result.time = TimeClass::unknown;
    return;
  }
  const KnownTable* table = probe.known.table(job.table);
  const std::string name = shown(job.table);
  const bool known = table != nullptr && (table->rows >= 0 || table->bytes >= 0);
  if (!known && probe.is_new(job.table)) {
    result.basis += fmt::format(" {}, which this run makes", name);
    return;
  }
  if (!known) {
    result.time = TimeClass::unknown;
    result.basis += fmt::format(" {}, whose size is not known", name);
    return;
  }
  const Rate rate = rate_of(job.work);
  const double rows = static_cast<double>(std::max<std::int64_t>(table->rows, 0)) / rate.rows;
  const double bytes = static_cast<double>(std::max<std::int64_t>(table->bytes, 0)) / rate.bytes;
  result.time = class_of(std::max(rows, bytes));
  std::vector<std::string> size;
  if (table->rows >= 0) size.push_back(fmt::format("about {} rows", table->rows));
  if (table->bytes >= 0) size.push_back(sized(table->bytes));
  result.basis += fmt::format(" {}{} ({}), taken at {}", job.at_most ? "at most all of " : "", name,
                              join(size, ", "), rate.said);
}

}  // namespace

TimeClass time_class_named(std::string_view word) noexcept {
  for (const TimeClass time :
       {TimeClass::instant, TimeClass::seconds, TimeClass::minutes, TimeClass::hours}) {
    if (to_string(time) == word) return time;
  }
  return TimeClass::unknown;
}

void join_into(Estimate& outer, Estimate inner) {
  // The body was read: what it runs says more than that it runs something.
  const bool first = outer.tables.empty() && outer.time == TimeClass::unknown;
  outer.basis = first ? "runs what " + inner.basis : outer.basis + "; what " + inner.basis;
  // The classes rise, and what is not known is the worst.
  outer.time = first ? inner.time : std::max(outer.time, inner.time);
  for (TouchedTable& table : inner.tables) {
    const auto same = [&](const TouchedTable& other) {
      return other.name == table.name && other.lock == table.lock;
    };
    if (std::none_of(outer.tables.begin(), outer.tables.end(), same))
      outer.tables.push_back(std::move(table));
  }
  if (outer.lock.empty()) {
    outer.lock = std::move(inner.lock);
    outer.blocks = std::move(inner.blocks);
  }
  if (outer.algorithm.empty()) outer.algorithm = std::move(inner.algorithm);
}

ObjectName copied_table(const StatementFact& fact) {
  const std::size_t select = fact.find({"SELECT"});
  const std::size_t from = select == fact.npos ? select : fact.find({"FROM"}, select);
  if (from == fact.npos || fact.find({"FROM"}, from + 1) != fact.npos || fact.has("JOIN") ||
      fact.has("UNION"))
    return {};
  ObjectName name;
  for (std::size_t i = from + 1; i < fact.tokens.size(); ++i) {
    const sql::Token& token = fact.tokens[i];
    const bool dot = i + 1 < fact.tokens.size() && fact.tokens[i + 1].is('.');
    if (token.kind != sql::TokenKind::word && token.kind != sql::TokenKind::quoted_identifier)
      return {};
    name.schema = std::move(name.name);
    name.name = sql::unquoted(token);
    if (!dot) break;
    ++i;
  }
  return name;
}

Estimate estimate(const Probe& probe, std::span<const Finding> findings) {
  Estimate result;
  const std::optional<AlterCost> cost = cost_of(probe);
  for (auto& [key, table] : touched_by(probe, cost)) result.tables.push_back(std::move(table));
  const Job job = job_of(probe, findings, cost);
  time(result, probe, job);
  if (cost && cost->known) result.algorithm = to_string(cost->algorithm);
  if (!result.tables.empty()) {
    // What is found is held against servers; it knows more of a statement than its kind.
    for (const Finding& finding : findings) {
      const auto same = [&](const TouchedTable& table) { return table.name == finding.lock_on; };
      const auto table = std::find_if(result.tables.begin(), result.tables.end(), same);
      const bool stronger = table != result.tables.end() && !finding.lock.empty() &&
                            probe.server.language != Language::postgres;
      if (!stronger) continue;
      table->lock = finding.lock;
      table->blocks = finding.blocks;
    }
    result.lock = result.tables.front().lock;
    result.blocks = result.tables.front().blocks;
  }
  return result;
}

}  // namespace lint
}  // namespace sterna
