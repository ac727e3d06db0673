#include "testing/migrations.hpp"

#include "base/text.hpp"
#include "diff/diff.hpp"
#include "migration/planner.hpp"
#include "testing/place.hpp"
#include "testing/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace sterna::trial {
namespace {

using std::chrono::steady_clock;
using Severity = Finding::Severity;

void note(Outcome& outcome, std::string text) {
  outcome.findings.push_back({Severity::note, std::move(text), {}, {}, {}});
}

void fail(Outcome& outcome, std::string text, const Source& source, std::string advice) {
  outcome.findings.push_back({Severity::failure,
                              std::move(text),
                              {},
                              {source.down_file.empty() ? source.up_file : source.down_file, 0, 0},
                              {std::move(advice)}});
}

/// What must change to make `is` like `wanted`, in words; nothing when they are the same.
std::vector<std::string> differences(const model::Model& is, const model::Model& wanted,
                                     Connection& connection) {
  std::vector<std::string> lines;
  try {
    const Difference difference = diff(is, wanted, {connection.dialect(), connection.server()});
    for (const Change& change : difference.changes) lines.push_back(describe(change));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
    lines.emplace_back(error.what());  // what no change can do is a difference all the same
  }
  return lines;
}

bool chosen(const Source& source, const std::vector<std::string>& only) {
  if (only.empty()) return true;
  return std::any_of(only.begin(), only.end(), [&](const std::string& wanted) {
    return wanted == source.id() || wanted == source.name || wanted == source.version.text();
  });
}

}  // namespace

Finding finding_of(const Error& error, const std::string& what) {
  Finding finding{
      Severity::failure, what + ": " + error.what(), error.statement(), error.position(), {}};
  if (!error.detail().empty()) finding.text += " (" + error.detail() + ")";
  finding.suggestions = error.suggestions();
  return finding;
}

MigrationTests::MigrationTests(MigrationEngine& engine, TestOptions options)
    : engine_(engine), options_(std::move(options)) {}
MigrationTests::~MigrationTests() = default;

std::unique_ptr<MigrationTests::Place> MigrationTests::fresh() {
  auto place = std::make_unique<Place>();
  place->scratch = options_.make_scratch();
  EngineOptions options = engine_.options();
  options.run.allow_destructive = true;
  options.run.out_of_order = OutOfOrderPolicy::allow;
  place->engine = engine_in(*place->scratch, std::move(options));
  return place;
}

/// A scratch database with everything up to `version`, which may be what the last test left.
MigrationTests::Place& MigrationTests::at(const std::string& version) {
  if (place_ && version_ == version) return *place_;
  place_.reset();
  std::unique_ptr<Place> place = fresh();
  if (!version.empty()) place->engine->up({Target::Kind::version, version, 0});
  place_ = std::move(place);
  version_ = version;
  return *place_;
}

std::vector<Outcome> MigrationTests::run() {
  std::vector<const Source*> all;
  for (const Source& source : engine_.sources()) {
    if (source.kind != SourceKind::repeatable) all.push_back(&source);
  }
  std::vector<const Source*> wanted;
  for (const Source* source : all) {
    if (chosen(*source, options_.only)) wanted.push_back(source);
  }
  for (const std::string& name : options_.only) {
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Source* source) { return chosen(*source, {name}); });
    if (!known)
      throw Error(ErrorKind::plan, "there is no migration '" + name + "'")
          .suggest("`sterna status` lists them all");
  }
  if (options_.pending) {
    std::vector<std::string> pending;
    for (const MigrationStatus& status : engine_.status().migrations) {
      if (status.state == MigrationState::pending || status.state == MigrationState::out_of_order)
        pending.push_back(target_name(status.scope, status.id()));
    }
    std::erase_if(wanted, [&](const Source* source) {
      return std::find(pending.begin(), pending.end(), target_name(source->scope, source->id())) ==
             pending.end();
    });
  }
  if (options_.last && wanted.size() > *options_.last)
    wanted.erase(wanted.begin(), wanted.end() - static_cast<std::ptrdiff_t>(*options_.last));
  std::vector<Outcome> outcomes;
  for (const Source* source : wanted) {
    if (options_.begins) options_.begins(source->id());
    outcomes.push_back(test(*source));
  }
  return outcomes;
}

Outcome MigrationTests::test(const Source& source) {
  Outcome outcome{"migrations", target_name(source.scope, source.id()), {}, {}, 0, 0};
  const auto begun = steady_clock::now();
  try {
    up_and_down(source, outcome);
  } catch (const Error& error) {
    outcome.findings.push_back(finding_of(error, "it could not be tested"));
  }
  if (outcome.failed() || !outcome.skipped.empty()) place_.reset();
  outcome.seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
  return outcome;
}

void MigrationTests::up_and_down(const Source& source, Outcome& outcome) {
  std::string previous;
  for (const Source& other : engine_.sources()) {
    if (other.scope == source.scope && other.id() == source.id()) break;
    if (other.kind != SourceKind::repeatable) previous = target_name(other.scope, other.id());
  }
  const Target target{Target::Kind::version, target_name(source.scope, source.id()), 0};
  Place& place = at(previous);
  const RunnerOptions& run = place.engine->options().run;
  const std::vector<std::string>& environments = source.meta.environments;
  if (!environments.empty() &&
      std::find(environments.begin(), environments.end(), run.environment) == environments.end()) {
    outcome.skipped = "only for environment " + join(environments, ", ");
    return;
  }
  const MadeRows made = make_rows(place.connection(), place.inspect(), options_.rows);
  for (const std::string& table : made.without) note(outcome, "no rows could be made for " + table);
  const Contents before = place.contents();
  for (const auto& [name, rows] : before.tables) outcome.rows += rows.rows.size();
  const Plan plan = place.engine->plan(target, Direction::up);
  const std::vector<PlannedStatement> statements =
      plan.empty() ? std::vector<PlannedStatement>{} : plan.back().statements;
  const auto apply = [&](const std::string& what) {
    try {
      place.engine->up(target);
      version_ = source.version.text();
      return true;
    } catch (const Error& error) {
      outcome.findings.push_back(finding_of(error, what));
      return false;
    }
  };
  const Dialect& dialect = place.connection().dialect();
  const auto add = [&](std::vector<Finding> findings, const std::string& prefix) {
    for (Finding& finding : findings) {
      finding.text = prefix + finding.text;
      outcome.findings.push_back(std::move(finding));
    }
  };
  if (!apply("up fails on tables that hold rows")) return;
  const Contents after = place.contents();
  add(compare(before, after, statements, dialect), {});
  if (!source.meta.irreversible.empty())
    return note(outcome, "there is no way down: " + source.meta.irreversible);
  if (!source.has_down) return note(outcome, "there is no way down");

  // ---- down ----
  std::vector<PlannedStatement> way_back = statements;
  try {
    const Plan down = place.engine->plan({Target::Kind::steps, {}, 1}, Direction::down);
    if (!down.empty())
      way_back.insert(way_back.end(), down.back().statements.begin(), down.back().statements.end());
    place.engine->down({Target::Kind::steps, {}, 1});
    version_ = previous;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::plan && !source.make && source.kind != SourceKind::cpp) {
      outcome.findings.push_back(finding_of(error, "down fails"));
      return;
    }
    if (error.kind() == ErrorKind::plan) return note(outcome, error.what());
    outcome.findings.push_back(finding_of(error, "down fails on tables that hold rows"));
    return;
  }
  const Contents back = place.contents();
  for (const std::string& line : differences(back.schema, before.schema, place.connection())) {
    fail(outcome, "down does not bring the schema back: it would take '" + line + "'", source,
         "complete the down part, or say `-- sterna:reversible never REASON`");
  }
  add(compare(before, back, way_back, dialect), "after down, ");
  if (outcome.failed()) return;

  // ---- and up again ----
  if (!apply("up fails the second time, after down")) return;
  for (const std::string& line : differences(place.inspect(), after.schema, place.connection())) {
    fail(outcome, "up makes something else the second time: '" + line + "' is missing", source,
         "see what down leaves behind");
  }
}

}  // namespace sterna::trial
