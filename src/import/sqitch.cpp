// Sqitch: a plan that names the changes in order, and a script for each in deploy/ and revert/.
// Source: sqitch(1), sqitchchanges(7): "Plan file format"; "Rework".
#include "base/file.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  const std::vector<PlannedChange> changes = parse_plan(read_file(plan));
  ForeignProject project;
  std::map<std::string, int> seen;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const PlannedChange& change = changes[i];
    const bool reworked =
        std::any_of(changes.begin() + static_cast<std::ptrdiff_t>(i) + 1, changes.end(),
                    [&](const PlannedChange& later) { return later.name == change.name; });
    const std::string script = change.name + (reworked ? change.tag : "") + ".sql";
    ForeignMigration migration;
    // The n-th change of a name is the n-th of that name in the history.
    migration.key = fmt::format("{}#{}", change.name, ++seen[change.name]);
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
  if (!history.read(tables, "change", "committed_at", rows)) return false;
  std::vector<std::string> keys;
  std::map<std::string, int> seen;
  for (const ForeignRow& row : rows) keys.push_back(fmt::format("{}#{}", row[0], ++seen[row[0]]));
  mark_keys(project, keys);
  return true;
}

}  // namespace sterna::detail
