#include "migration/planner.hpp"

#include "base/text.hpp"
#include "sql/script.hpp"

#include <fmt/format.h>

#include <map>

namespace sterna {
namespace {

std::string skip_reason(const Source& source, const RunnerOptions& options) {
  const std::vector<std::string>& environments = source.meta.environments;
  if (!environments.empty() && std::find(environments.begin(), environments.end(),
                                         options.environment) == environments.end()) {
    return "only for environment " + join(environments, ", ");
  }
  if (!source.meta.connection.empty() && source.meta.connection != options.name)
    return "only for connection " + source.meta.connection;
  return {};
}

/// Versions written in different styles may be the same version.
std::string comparable(const Source& source) { return source.key(); }

std::string interrupted_detail(const HistoryRow& row) {
  const Journal& journal = row.journal;
  const std::string_view what = journal.state == StepState::done      ? "committed"
                                : journal.state == StepState::started ? "in flight"
                                                                      : "to be tried again";
  return fmt::format("{}: an earlier run ended at statement {} ({}); the next run goes on there",
                     row.state == RowState::up ? "up" : "down", journal.step, what);
}

using RowsByKey = std::map<std::pair<std::string_view, std::string_view>, const HistoryRow*>;

/// A checkpoint ran as itself, or the migrations in whose place it stands did: their rows are then
/// its own.
void settle_checkpoint(Entry& entry, RowsByKey& rows) {
  Source& source = *entry.source;
  const bool own_row = entry.row != nullptr && entry.row->name == source.name;
  std::size_t applied = entry.row != nullptr ? 1 : 0;
  std::size_t others = 0;
  for (const std::string& text : source.meta.replaces) {
    const std::string version = Version(text).text();
    if (version == source.key()) continue;
    ++others;
    if (const auto found = rows.find({source.scope, version}); found != rows.end()) {
      ++applied;
      rows.erase(found);
    }
  }
  if (own_row) return;
  if (entry.row != nullptr && entry.row->state == RowState::applied && applied == others + 1) {
    entry.state = MigrationState::applied;
    entry.detail = fmt::format("applied as the {} migrations it replaces", applied);
  } else if (applied > 0) {
    entry.state = MigrationState::changed;
    entry.detail = fmt::format("stands in the place of {} migrations, of which {} are applied here",
                               others + 1, applied);
  }
}

Entry entry_of(Source& source, const HistoryRow* row, const RunnerOptions& options) {
  Entry entry{&source, row, MigrationState::pending, {}};
  if (row == nullptr) {
    if (std::string reason = skip_reason(source, options); !reason.empty()) {
      entry.state = MigrationState::skipped;
      entry.detail = std::move(reason);
    }
    return entry;
  }
  if (row->state != RowState::applied) {
    entry.state = MigrationState::interrupted;
    entry.detail = interrupted_detail(*row);
    return entry;
  }
  entry.state = MigrationState::applied;
  const bool comparable_hash = row->hash_algorithm == token_hash_algorithm &&
                               !row->hash_up.empty() && !source.hash_up.empty();
  if (comparable_hash && row->hash_up != source.hash_up) {
    const bool repeatable = source.kind == SourceKind::repeatable;
    entry.state = repeatable ? MigrationState::pending : MigrationState::changed;
    entry.detail =
        repeatable ? "its text changed: it runs again" : "the file was edited after it was applied";
  } else if (!row->hash_down.empty() && row->hash_down != source.hash_down &&
             row->hash_algorithm == token_hash_algorithm) {
    entry.detail = "its down part was edited after it was applied";
  }
  return entry;
}

void mark_out_of_order(std::vector<Entry>& entries) {
  std::map<std::string, const Version*> newest;  // applied, by scope
  for (const Entry& entry : entries) {
    if (entry.row == nullptr || entry.source == nullptr ||
        entry.source->kind == SourceKind::repeatable)
      continue;
    const Version*& version = newest[entry.source->scope];
    if (version == nullptr || *version < entry.source->version) version = &entry.source->version;
  }
  for (Entry& entry : entries) {
    if (entry.state != MigrationState::pending || entry.source->kind == SourceKind::repeatable)
      continue;
    const auto found = newest.find(entry.source->scope);
    if (found == newest.end() || !(entry.source->version < *found->second)) continue;
    entry.state = MigrationState::out_of_order;
    entry.detail = "older than the newest applied version " + found->second->text();
  }
}

const std::string& scope_of(const Entry& entry) {
  return entry.source != nullptr ? entry.source->scope : entry.row->scope;
}

bool matches(const Entry& entry, std::string_view id) {
  const std::string& scope = scope_of(entry);
  if (!scope.empty() && id.starts_with(scope + "/")) id.remove_prefix(scope.size() + 1);
  const std::string own = entry.source != nullptr ? entry.source->id() : entry.row->id();
  const std::string version = entry.source != nullptr ? entry.source->key() : entry.row->version;
  if (id == own || id == version) return true;
  const std::string& name = entry.source != nullptr ? entry.source->name : entry.row->name;
  return !name.empty() && id == name;
}

std::string name_of(const Entry& entry) {
  return target_name(scope_of(entry),
                     entry.source != nullptr ? entry.source->id() : entry.row->id());
}

/// Index of the entry that `id` names. @throws Error(plan) when there is none, or more than one.
std::size_t index_of(const std::vector<Entry>& entries, const std::string& id) {
  std::vector<std::string> known;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    known.push_back(name_of(entries[i]));
    if (known.back() == id) return i;
    if (matches(entries[i], id)) found.push_back(i);
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    Error error(ErrorKind::plan, "'" + id + "' names more than one migration");
    for (const std::size_t i : found) error.suggest("say " + known[i]);
    throw error.with_state("nothing was changed");
  }
  Error error(ErrorKind::plan, "there is no migration '" + id + "'");
  for (const std::string& near : near_misses(id, known, 2))
    error.suggest("did you mean " + near + "?");
  error.suggest("`sterna status` lists them all").with_state("nothing was changed");
  throw error;
}

bool to_be_run(const Entry& entry) {
  return entry.state == MigrationState::pending || entry.state == MigrationState::out_of_order ||
         (entry.state == MigrationState::interrupted && entry.row->state == RowState::up);
}

Problem problem_of(const Entry& entry, const RunnerOptions& options) {
  const std::string id = entry.source != nullptr ? entry.source->id() : entry.row->id();
  const SourcePosition where{entry.source != nullptr ? entry.source->up_file : std::string(), 0, 0};
  switch (entry.state) {
    case MigrationState::changed:
      if (!entry.source->meta.replaces.empty() && !entry.detail.starts_with("the file was edited"))
        return {Problem::Severity::error,
                ErrorKind::plan,
                fmt::format("checkpoint {} {}", id, entry.detail),
                where,
                {"apply the rest of them first, from the folder the checkpoint moved them to: "
                 "sterna up --dir migrations/archive/VERSION"}};
      return {
          Problem::Severity::error,
          ErrorKind::checksum,
          fmt::format("migration {} was edited after it was applied", id),
          where,
          {"restore the file as it was applied, and write what is new as a new migration",
           "if the edit is harmless and meant, take the new text as applied with `sterna repair`"}};
    case MigrationState::missing:
      return {Problem::Severity::error,
              ErrorKind::validation,
              fmt::format("migration {} stands in the history ({} UTC), but there is no such file",
                          id, entry.row->applied_at),
              where,
              {"restore the file (an older version of the program may be running against a newer "
               "database)",
               "if it is gone for good, remove its row with `sterna repair`"}};
    case MigrationState::out_of_order:
      return {options.out_of_order == OutOfOrderPolicy::error ? Problem::Severity::error
                                                              : Problem::Severity::warning,
              ErrorKind::plan,
              fmt::format("migration {} is {}", id, entry.detail),
              where,
              {"give it a newer version, or allow it with --out-of-order allow (out_of_order in "
               "sterna.toml)"}};
    default:
      return {Problem::Severity::warning, ErrorKind::validation, {}, {}, {}};
  }
}

}  // namespace

Survey survey(std::vector<Source>& sources, const std::vector<HistoryRow>& rows,
              const RunnerOptions& options) {
  RowsByKey by_key;
  for (const HistoryRow& row : rows)
    by_key.emplace(std::pair{std::string_view(row.scope), std::string_view(row.version)}, &row);
  Survey result;
  result.entries.reserve(sources.size());
  for (Source& source : sources) {
    const std::string key = comparable(source);
    const HistoryRow* row = nullptr;
    if (const auto found = by_key.find({source.scope, key}); found != by_key.end()) {
      row = found->second;
      by_key.erase(found);
    }
    result.entries.push_back(entry_of(source, row, options));
    if (!source.meta.replaces.empty()) settle_checkpoint(result.entries.back(), by_key);
  }
  for (const HistoryRow& row : rows) {  // in the order of application
    if (!by_key.contains({row.scope, row.version})) continue;
    Entry entry{nullptr, &row, MigrationState::missing, "no such file"};
    if (row.state != RowState::applied) {
      entry.state = MigrationState::interrupted;
      entry.detail = interrupted_detail(row) + "; its file is missing";
    }
    result.entries.push_back(std::move(entry));
  }
  mark_out_of_order(result.entries);
  return result;
}

std::vector<Problem> problems_of(const Survey& survey, const RunnerOptions& options) {
  std::vector<Problem> problems;
  std::map<std::string, const Entry*> by_version;
  for (const Entry& entry : survey.entries) {
    if (entry.source != nullptr) by_version[entry.source->version.text()] = &entry;
  }
  for (const Entry& entry : survey.entries) {
    // A repeatable script that is gone left nothing that a run could trip over.
    const bool gone_repeatable = entry.source == nullptr && entry.row->kind == "repeatable";
    if (entry.state == MigrationState::out_of_order &&
        options.out_of_order == OutOfOrderPolicy::allow)
      continue;
    if (Problem problem = problem_of(entry, options); !problem.message.empty()) {
      if (gone_repeatable) problem.severity = Problem::Severity::warning;
      problems.push_back(std::move(problem));
    }
    if (entry.source == nullptr || !to_be_run(entry)) continue;
    for (const std::string& version : entry.source->meta.depends) {
      const auto found = by_version.find(version);
      const bool known = found != by_version.end();
      const bool before =
          known &&
          (found->second->row != nullptr ||
           (to_be_run(*found->second) && found->second->source->version < entry.source->version));
      if (before) continue;
      problems.push_back(
          {Problem::Severity::error,
           ErrorKind::plan,
           fmt::format("migration {} depends on {}, which {}", entry.source->id(), version,
                       known ? "is neither applied nor runs before it" : "does not exist"),
           {entry.source->up_file, 0, 0},
           {"correct the directive `depends`, or add the migration it names"}});
    }
  }
  return problems;
}

bool is_serious(const Problem& problem, bool strict) {
  return strict || problem.severity == Problem::Severity::error;
}

void refuse_problems(const std::vector<Problem>& problems, bool strict,
                     const std::function<void(const std::string&)>& warn) {
  for (const Problem& problem : problems) {
    if (!is_serious(problem, strict)) warn(problem.message);
  }
  for (const Problem& problem : problems) {
    if (!is_serious(problem, strict)) continue;
    Error error(problem.kind, problem.message);
    error.at(problem.position).with_state("nothing was run");
    for (const std::string& suggestion : problem.suggestions) error.suggest(suggestion);
    const auto count = std::count_if(problems.begin(), problems.end(),
                                     [&](const Problem& one) { return is_serious(one, strict); });
    if (count > 1)
      error.with_detail(
          fmt::format("{} further problem(s): `sterna validate` lists them all", count - 1));
    throw error;
  }
}

std::string target_name(std::string_view scope, const std::string& id) {
  return scope.empty() ? id : std::string(scope) + "/" + id;
}

std::vector<Entry> select_up(const Survey& survey, const Target& target) {
  std::size_t end = survey.entries.size();
  std::map<std::string, std::size_t> ends;  // by folder, where the target names several
  if (target.kind == Target::Kind::version) {
    const std::vector<std::string> names = split(target.version, ',');
    for (const std::string& name : names) {
      end = index_of(survey.entries, name) + 1;
      const Entry& last = survey.entries[end - 1];
      if (last.state == MigrationState::skipped)
        throw Error(ErrorKind::plan,
                    "migration '" + name + "' is not for this run: " + last.detail);
      if (names.size() > 1) ends[scope_of(last)] = end;
    }
  }
  const auto meant = [&](std::size_t i) {
    if (ends.empty()) return i < end;
    const auto of_folder = ends.find(scope_of(survey.entries[i]));
    return of_folder != ends.end() && i < of_folder->second;
  };
  std::vector<Entry> chosen;
  const auto take = [&](MigrationState state) {
    for (std::size_t i = 0; i < survey.entries.size(); ++i) {
      const Entry& entry = survey.entries[i];
      if (entry.source == nullptr || !to_be_run(entry)) continue;
      if (!meant(i) && !(target.repeatable && entry.source->kind == SourceKind::repeatable))
        continue;
      if ((entry.state == MigrationState::interrupted) != (state == MigrationState::interrupted))
        continue;
      if (target.kind == Target::Kind::steps &&
          chosen.size() >= static_cast<std::size_t>(target.steps))
        return;
      chosen.push_back(entry);
    }
  };
  take(MigrationState::interrupted);  // what is half done comes first, whatever its version
  take(MigrationState::pending);
  return chosen;
}

std::vector<Entry> select_down(const Survey& survey, const Target& target) {
  std::vector<Entry> applied;
  for (const Entry& entry : survey.entries) {
    if (entry.row == nullptr || entry.row->kind == "repeatable") continue;
    applied.push_back(entry);
  }
  std::sort(applied.begin(), applied.end(),
            [](const Entry& a, const Entry& b) { return a.row->sequence > b.row->sequence; });
  std::size_t count = applied.size();
  switch (target.kind) {
    case Target::Kind::all:
      break;
    case Target::Kind::steps:
      count = std::min(count, static_cast<std::size_t>(std::max(target.steps, 0)));
      break;
    case Target::Kind::version: {
      count = index_of(applied, target.version);
      break;
    }
    case Target::Kind::batch:
      count = 0;
      while (count < applied.size() && applied[count].row->batch == applied.front().row->batch)
        ++count;
      break;
  }
  applied.resize(count);
  // A view may use what goes: repeatable scripts that have a way down take it first, and run again
  // with the next `up`.
  if (!applied.empty()) {
    std::vector<Entry> repeatable;
    for (const Entry& entry : survey.entries) {
      const bool there = entry.row != nullptr && entry.source != nullptr &&
                         entry.row->kind == "repeatable" && entry.source->has_down;
      if (there) repeatable.insert(repeatable.begin(), entry);
    }
    applied.insert(applied.begin(), repeatable.begin(), repeatable.end());
  }
  for (const Entry& entry : applied) {
    if (entry.source != nullptr && !entry.source->meta.replaces.empty() &&
        entry.row->name != entry.source->name) {
      throw Error(ErrorKind::plan, fmt::format("checkpoint {} cannot be taken down here: it was {}",
                                               entry.source->id(), entry.detail))
          .at({entry.source->up_file, 0, 0})
          .with_state("nothing was changed")
          .suggest("take them down from the folder the checkpoint moved them to");
    }
    if (entry.source == nullptr) {
      throw Error(
          ErrorKind::plan,
          fmt::format("migration {} cannot be taken down: there is no such file", entry.row->id()))
          .with_state("nothing was changed")
          .suggest("restore the file");
    }
  }
  return applied;
}

const Entry& find_entry(const Survey& survey, std::string_view id) {
  return survey.entries[index_of(survey.entries, std::string(id))];
}

}  // namespace sterna
