#include "migration/folder.hpp"

#include "base/file.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "migration/meta.hpp"
#include "migration/sum.hpp"
#include "sql/script.hpp"

#include <algorithm>
#include <iterator>

namespace sterna::detail {
namespace fs = std::filesystem;

std::string text_of(const FoundFile& file) {
  return file.is_embedded ? std::string(file.embedded) : read_file(file.path);
}

[[noreturn]] void refuse_twice(const std::string& version, const std::string& first,
                               const std::string& second) {
  throw Error(ErrorKind::validation,
              "two migrations have the version " + version + ": " + first + " and " + second)
      .at({second, 0, 0})
      .suggest(
          "give the one that was written later a newer version (rename the file), then run `sterna "
          "hash`");
}

void FolderReader::add_file(std::string_view name, FoundFile file) {
  Pending pending;
  if (!parse_file_name(name, pending.parsed)) {
    if (!is_script_name(name) && !name.ends_with(".cpp")) return;
    throw Error(ErrorKind::validation, "the file name '" + std::string(name) + "' has no version")
        .at({file.path, 0, 0})
        .suggest("name it VERSION_description, for instance 20260115143022_" + std::string(name))
        .suggest("a script that runs whenever it changes belongs into the folder repeatable/");
  }
  pending.file = std::move(file);
  pending.name = name;
  pending_.push_back(std::move(pending));
}

void FolderReader::add_repeatable(std::string_view name, FoundFile file) {
  if (!is_script_name(name)) return;
  Pending pending;
  pending.repeatable = true;
  pending.name = std::string(repeatable_folder) + "/" + std::string(name);
  pending.parsed.id.name = std::string(name.substr(0, name.size() - 4));
  pending.file = std::move(file);
  pending_.push_back(std::move(pending));
}

void FolderReader::read_script(Source& source, std::string_view text, Pending& pending) const {
  const std::string& path = pending.file.path;
  const Script script = parse_script(text, language_, path);
  Meta meta = read_meta(script.directives);
  pending.simple = script.directives.empty();
  const MigrationFileName::Part part = pending.parsed.part;
  if (part == MigrationFileName::Part::up && script.down.present) {
    throw Error(ErrorKind::validation, "an .up.sql file holds a down part")
        .at({path, script.down.first_line, 1})
        .suggest("move it to the .down.sql file, or use one .sql file with both markers");
  }
  if (part == MigrationFileName::Part::down && !script.down.present) {
    source.has_down = true;
    source.down_file = path;
    source.hash_down = token_hash(text, language_);
    return;
  }
  source.meta = std::move(meta);
  if (pending.file.is_embedded) source.embedded_text = pending.file.embedded;
  source.has_up = script.up.present;
  if (source.has_up) {
    source.up_file = path;
    source.hash_up = token_hash(script.up.text, language_);
  }
  source.has_down = script.down.present;
  if (source.has_down) {
    source.down_file = path;
    source.hash_down = token_hash(script.down.text, language_);
  }
}

/// What the name alone tells.
void FolderReader::fill(Source& source, const Pending& pending) const {
  source.scope = scope_;
  source.name = pending.parsed.id.name;
  if (pending.repeatable)
    source.kind = SourceKind::repeatable;
  else
    source.version = Version(pending.parsed.id.version);
  if (pending.parsed.part != MigrationFileName::Part::cpp) return;
  source.kind = SourceKind::cpp;
  source.up_file = source.down_file = pending.file.path;
  source.has_up = source.has_down = true;
}

Source FolderReader::read(Pending& pending) const noexcept {
  const FoundFile& file = pending.file;
  Source source;
  try {
    fill(source, pending);
    if (source.kind == SourceKind::cpp) {
      pending.simple = true;
      source.hash_up = file.is_embedded ? std::string(file.embedded_hash)
                                        : token_hash(read_listed_file(file.path), Language::cpp);
    } else if (file.is_embedded) {
      read_script(source, file.embedded, pending);
    } else {
      read_script(source, read_listed_file(file.path), pending);
    }
  } catch (...) {
    pending.error = std::current_exception();
  }
  return source;
}

/// Fills in the sources of files that are as an earlier run found them.
void FolderReader::recall(std::vector<Source>& sources) {
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Pending& pending = pending_[i];
    pending.stamp = stamp_of(pending.file.path);
    const FileCache::Entry* entry =
        pending.stamp ? cache_->find(pending.name, *pending.stamp) : nullptr;
    if (entry == nullptr) continue;
    Source& source = sources[i];
    fill(source, pending);
    source.hash_up = entry->hash_up;
    source.hash_down = entry->hash_down;
    if (!entry->hash_up.empty()) {
      source.has_up = true;
      source.up_file = pending.file.path;
    }
    if (!entry->hash_down.empty()) {
      source.has_down = true;
      source.down_file = pending.file.path;
    }
    pending.known = pending.simple = true;
  }
}

void FolderReader::remember(const std::vector<Source>& sources) const {
  std::vector<FileCache::Entry> entries;
  bool learnt = false;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    const Pending& pending = pending_[i];
    if (!pending.simple || !pending.stamp || pending.error) continue;
    learnt = learnt || !pending.known;
    entries.push_back({pending.name, *pending.stamp, sources[i].hash_up, sources[i].hash_down});
  }
  if (learnt) cache_->save(entries);
}

void FolderReader::check_style(const Version& version, const std::string& file) {
  if (groups_ == 0) {
    groups_ = version.groups();
    first_file_ = file;
  } else if (version.groups() != groups_) {
    throw Error(ErrorKind::validation, "the versions of " + first_file_ + " and " + file +
                                           " are of different styles: their order would be a guess")
        .at({file, 0, 0})
        .suggest("use one style of version in a folder");
  }
}

namespace {

std::string file_of(const Source& source) {
  return source.up_file.empty() ? source.down_file : source.up_file;
}

/// The halves of a pair become one.
void complete(Source& source, Source&& half) {
  const bool sql = source.kind == SourceKind::sql && half.kind == SourceKind::sql;
  const bool fits = sql && source.name == half.name && !(source.has_up && half.has_up) &&
                    !(source.has_down && half.has_down);
  if (!fits) refuse_twice(half.version.text(), file_of(source), file_of(half));
  if (half.has_down) {
    source.has_down = true;
    source.down_file = std::move(half.down_file);
    source.hash_down = std::move(half.hash_down);
    if (source.has_up) return;
  }
  source.has_up = half.has_up;
  source.up_file = std::move(half.up_file);
  source.hash_up = std::move(half.hash_up);
  source.meta = std::move(half.meta);
  source.embedded_text = half.embedded_text;
}

/// Sorted by version, the halves of pairs put together, in place.
void join_pairs(std::vector<Source>& sources) {
  const auto earlier = [](const Source& a, const Source& b) { return a.version < b.version; };
  if (!std::is_sorted(sources.begin(), sources.end(), earlier))
    std::stable_sort(sources.begin(), sources.end(), earlier);
  std::size_t last = 0;
  for (std::size_t i = 1; i < sources.size(); ++i) {
    if (sources[i].version == sources[last].version)
      complete(sources[last], std::move(sources[i]));
    else if (++last != i)
      sources[last] = std::move(sources[i]);
  }
  if (!sources.empty())
    sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(last) + 1, sources.end());
  for (const Source& source : sources) {
    if (source.has_up || source.kind != SourceKind::sql) continue;
    throw Error(ErrorKind::validation,
                "migration " + source.id() + " has a down part but no up part")
        .at({source.down_file, 0, 0});
  }
}

}  // namespace

// Thousands of sources are not moved about: each is made where it stays.
std::vector<Source> FolderReader::take(std::vector<Source>& repeatable) {
  constexpr std::size_t files_worth_a_thread = 64;
  const bool cached = cache_ != nullptr && pending_.size() >= files_worth_a_thread;
  std::vector<Source> sources(pending_.size());
  if (cached) recall(sources);
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (!pending_[i].known) unknown.push_back(i);
  }
  in_parallel(unknown.size(), files_worth_a_thread, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) sources[unknown[i]] = read(pending_[unknown[i]]);
  });
  if (cached) remember(sources);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (pending_[i].error) std::rethrow_exception(pending_[i].error);
    if (!pending_[i].repeatable) check_style(sources[i].version, pending_[i].file.path);
  }
  pending_.clear();
  const auto first_repeatable = std::stable_partition(
      sources.begin(), sources.end(),
      [](const Source& source) { return source.kind != SourceKind::repeatable; });
  std::move(first_repeatable, sources.end(), std::back_inserter(repeatable));
  sources.erase(first_repeatable, sources.end());
  join_pairs(sources);
  return sources;
}

namespace {

void check_sum(const fs::path& folder, const std::vector<Source>& versioned,
               const std::vector<Source>& repeatable) {
  const fs::path path = folder / sum_file_name;
  const std::optional<std::string> text = read_file_if_exists(path);
  if (!text) return;
  std::vector<const Source*> all;
  for (const Source& source : versioned) all.push_back(&source);
  for (const Source& source : repeatable) all.push_back(&source);
  const std::vector<std::string> differences =
      compare_sum(parse_sum(*text, path.string()), sum_of(all));
  if (differences.empty()) return;
  throw Error(ErrorKind::checksum,
              path.string() + " does not match the migrations: " + join(differences, "; "))
      .at({path.string(), 0, 0})
      .with_state("nothing was run")
      .suggest("if the change is meant and no database has run it yet, run `sterna hash`")
      .suggest(
          "if a migration was edited after it was applied, restore it and write a new migration "
          "instead");
}

}  // namespace

std::vector<Source> read_folder(const fs::path& folder, const std::string& shown,
                                const std::string& scope, const SourceOptions& options,
                                std::vector<Source>& repeatable) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorKind::config, "the migrations folder '" + shown + "' does not exist")
        .suggest(
            "run `sterna init` to make one, or name another with --dir or `directories` in "
            "sterna.toml");
  }
  FileCache cache(options.cache, folder, options.language);
  FolderReader reader(scope, options.language, options.cache.empty() ? nullptr : &cache);
  const std::string prefix = shown.empty() || shown == "." ? std::string() : shown + "/";
  const std::vector<std::string> names = list_files(folder);
  reader.expect(names.size());
  for (const std::string& name : names) reader.add_file(name, {prefix + name, {}, {}, false});
  const fs::path repeatable_path = folder / repeatable_folder;
  if (fs::is_directory(repeatable_path, ignored)) {
    for (const std::string& name : list_files(repeatable_path)) {
      reader.add_repeatable(name,
                            {prefix + std::string(repeatable_folder) + "/" + name, {}, {}, false});
    }
  }
  std::vector<Source> own_repeatable;
  std::vector<Source> sources = reader.take(own_repeatable);
  if (options.check_sums) check_sum(folder, sources, own_repeatable);
  for (Source& source : own_repeatable) repeatable.push_back(std::move(source));
  return sources;
}

}  // namespace sterna::detail
