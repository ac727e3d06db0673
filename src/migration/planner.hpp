// From sources and history to what is to be done: the state of every migration, what is pending,
// what goes down, and every reason to refuse before anything runs. Pure: looks at values only.
#pragma once

#include "migration/history.hpp"
#include "migration/source.hpp"

#include <sterna/runner.hpp>

#include <string>
#include <vector>

namespace sterna {

/// A migration as files and history see it together. Either side may be missing.
struct Entry {
  Source* source = nullptr;
  const HistoryRow* row = nullptr;
  MigrationState state = MigrationState::pending;
  std::string detail;
};

struct Survey {
  std::vector<Entry> entries;  ///< in the order to run; rows without a file at the place of their
                               ///< version, at the end
};

/// What has to be settled before a run. `error` findings stop it.
struct Problem {
  enum class Severity { warning, error } severity = Severity::error;
  ErrorKind kind = ErrorKind::validation;
  std::string message;
  SourcePosition position;
  std::vector<std::string> suggestions;
};

/// Joins both sides. `environment` and `connection` decide what is skipped.
Survey survey(std::vector<Source>& sources, const std::vector<HistoryRow>& rows,
              const RunnerOptions& options);

/// Reasons not to run: edited or missing migrations, out of order, unmet dependencies.
std::vector<Problem> problems_of(const Survey& survey, const RunnerOptions& options);
/// It stops a run: an error, or with `strict` a warning too.
bool is_serious(const Problem& problem, bool strict);
/// @throws Error of the first error; warnings go to `warn`.
void refuse_problems(const std::vector<Problem>& problems, bool strict,
                     const std::function<void(const std::string&)>& warn);

/// By which a target knows a migration beyond doubt: with its folder, where folders are separate.
std::string target_name(std::string_view scope, const std::string& id);
/// Entries to run upwards, in order: in flight ones first. A target may name several migrations of
/// separate folders, with commas: up to each in its folder, and nothing of other folders. @throws
/// Error(plan) for a version that does not exist.
std::vector<Entry> select_up(const Survey& survey, const Target& target);
/// Entries to take down, last applied first; before them the repeatable ones that have a way down.
std::vector<Entry> select_down(const Survey& survey, const Target& target);

/// Finds one migration by version, id or name. @throws Error(plan) with near misses.
const Entry& find_entry(const Survey& survey, std::string_view id);

}  // namespace sterna
