// Sqitch: a plan that names the changes in order, and a script for each in deploy/ and revert/.
// Source: sqitch(1), sqitchchanges(7): "Plan file format"; "Rework".
#include "base/file.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna::detail {
namespace fs = std::filesystem;
namespace {

struct PlannedChange {
  std::string name;
  std::string
      tag;  ///< the first tag behind it: names the scripts of a change that was reworked later
};

std::string first_word(std::string_view line) {
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

/// "%project=flipr" of a plan's head.
std::string project_of(std::string_view text) {
  for (const std::string& raw : split(text, '\n')) {
    constexpr std::string_view pragma = "%project=";
    const std::string_view line = trim(raw);
    if (line.starts_with(pragma)) return std::string(trim(line.substr(pragma.size())));
  }
  return {};
}

/// The n-th change of a name is the n-th of that name in the history, which several projects share.
std::string key_of(const std::string& project, const std::string& change, int nth) {
  return fmt::format("{}:{}#{}", project, change, nth);
}

std::vector<PlannedChange> parse_plan(std::string_view text) {
  std::vector<PlannedChange> changes;
  std::size_t untagged = 0;
  for (const std::string& raw : split(text, '\n')) {
    const std::string_view line = trim(std::string_view(raw).substr(0, raw.find('#')));
    if (line.empty() || line.front() == '%') continue;
    if (line.front() == '@') {
      for (; untagged < changes.size(); ++untagged) changes[untagged].tag = first_word(line);
      continue;
    }
    // "-name" reverts in the plan; "+name" is the long form of a deployment.
    if (line.front() == '-') continue;
    changes.push_back({first_word(line.front() == '+' ? trim(line.substr(1)) : line), {}});
  }
  return changes;
}

}  // namespace

ForeignProject read_sqitch(const ForeignRequest& request) {
  const fs::path plan =
      fs::is_directory(request.path) ? request.path / "sqitch.plan" : request.path;
  const fs::path folder = plan.parent_path();
  const std::string text = read_file(plan);
  const std::vector<PlannedChange> changes = parse_plan(text);
  const std::string name = project_of(text);
  if (name.empty())
    throw Error(ErrorKind::config, plan.string() + " is no plan of Sqitch: it names no %project")
        .at({plan.string(), 1, 0})
        .with_state("nothing was written");
  ForeignProject project;
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const PlannedChange& change = changes[i];
    const bool reworked =
        std::any_of(changes.begin() + static_cast<std::ptrdiff_t>(i) + 1, changes.end(),
                    [&](const PlannedChange& later) { return later.name == change.name; });
    const std::string script = change.name + (reworked ? change.tag : "") + ".sql";
    ForeignMigration migration;
    migration.key = key_of(name, change.name, ++seen[change.name]);
    migration.name = change.name;
    migration.file = "deploy/" + script;
    migration.up = read_file(folder / "deploy" / script);
    // A script without BEGIN and COMMIT of its own is run statement by statement.
    migration.in_transaction = strip_transaction(migration.up, request.language, migration.file);
    if (const auto revert = read_file_if_exists(folder / "revert" / script)) {
      migration.down = *revert;
      const bool atomic = strip_transaction(migration.down, request.language, "revert/" + script);
      migration.has_down = !trim(migration.down).empty();
      migration.in_transaction = migration.in_transaction && (atomic || !migration.has_down);
    }
    if (fs::exists(folder / "verify" / script))
      project.notes.push_back(
          fmt::format("verify/{} was left out: its checks can stand in the migration", script));
    project.migrations.push_back(std::move(migration));
  }
  return project;
}

bool mark_sqitch(ForeignProject& project, ForeignHistory& history,
                 const std::vector<std::string>& tables) {
  std::vector<ForeignRow> rows;
  if (!history.read(tables, "change, project", "committed_at", rows)) return false;
  std::vector<std::string> keys;
  std::map<std::string, int> seen;
  std::set<std::string> others;
  for (const ForeignRow& row : rows) {
    const std::string& owner = row[1];
    const bool ours =
        std::any_of(project.migrations.begin(), project.migrations.end(),
                    [&](const auto& one) { return one.key.starts_with(owner + ":"); });
    if (ours)
      keys.push_back(key_of(owner, row[0], ++seen[row[0]]));
    else
      others.insert(owner);
  }
  mark_keys(project, keys);
  for (const std::string& other : others)
    project.notes.push_back(
        fmt::format("the registry holds changes of the project {}, too: their objects are no part "
                    "of this folder",
                    other));
  return true;
}

}  // namespace sterna::detail
