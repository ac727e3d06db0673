#include "migration/folder.hpp"

#include "base/file.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "migration/meta.hpp"
#include "migration/sum.hpp"
#include "sql/script.hpp"

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
    if (!name.ends_with(".sql") && !name.ends_with(".cpp")) return;
    throw Error(ErrorKind::validation, "the file name '" + std::string(name) + "' has no version")
        .at({file.path, 0, 0})
        .suggest("name it VERSION_description, for instance 20260115143022_" + std::string(name))
        .suggest("a script that runs whenever it changes belongs into the folder repeatable/");
  }
  pending.file = std::move(file);
  pending_.push_back(std::move(pending));
}

void FolderReader::add_repeatable(std::string_view name, FoundFile file) {
  if (!name.ends_with(".sql")) return;
  Pending pending;
  pending.repeatable = true;
  pending.parsed.id.name = std::string(name.substr(0, name.size() - 4));
  pending.file = std::move(file);
  pending_.push_back(std::move(pending));
}

FolderReader::Facts FolderReader::read_script(std::string_view text, const Pending& pending) const {
  const Script script = parse_script(text, language_, pending.file.path);
  Facts facts;
  facts.meta = read_meta(script.directives);
  const MigrationFileName::Part part = pending.parsed.part;
  if (part == MigrationFileName::Part::up && script.down.present) {
    throw Error(ErrorKind::validation, "an .up.sql file holds a down part")
        .at({pending.file.path, script.down.first_line, 1})
        .suggest("move it to the .down.sql file, or use one .sql file with both markers");
  }
  facts.whole_is_down = part == MigrationFileName::Part::down && !script.down.present;
  if (facts.whole_is_down) {
    facts.has_down = true;
    facts.hash_down = token_hash(text, language_);
    return facts;
  }
  facts.has_up = script.up.present;
  if (facts.has_up) facts.hash_up = token_hash(script.up.text, language_);
  facts.has_down = script.down.present;
  if (facts.has_down) facts.hash_down = token_hash(script.down.text, language_);
  return facts;
}

FolderReader::Facts FolderReader::read(const Pending& pending) const {
  const FoundFile& file = pending.file;
  const bool is_cpp = pending.parsed.part == MigrationFileName::Part::cpp;
  try {
    if (is_cpp && file.is_embedded) {
      Facts facts;
      facts.hash_up = std::string(file.embedded_hash);
      return facts;
    }
    if (file.is_embedded) return read_script(file.embedded, pending);
    const std::string text = read_listed_file(file.path);
    if (!is_cpp) return read_script(text, pending);
    Facts facts;
    facts.hash_up = token_hash(text, Language::cpp);
    return facts;
  } catch (...) {
    Facts facts;
    facts.error = std::current_exception();
    return facts;
  }
}

Version FolderReader::version_of(const MigrationId& id, const FoundFile& file) {
  Version version(id.version);
  if (groups_ == 0) {
    groups_ = version.groups();
    first_file_ = file.path;
  } else if (version.groups() != groups_) {
    throw Error(ErrorKind::validation, "the versions of " + first_file_ + " and " + file.path +
                                           " are of different styles: their order would be a guess")
        .at({file.path, 0, 0})
        .suggest("use one style of version in a folder");
  }
  return version;
}

/// The source that a file belongs to: a pair shares one.
Source& FolderReader::slot(const Pending& pending) {
  const MigrationFileName& parsed = pending.parsed;
  Version version = version_of(parsed.id, pending.file);
  const auto found = versioned_.find(version);
  if (found != versioned_.end()) {
    Source& source = found->second;
    const bool completes_pair =
        source.kind == SourceKind::sql && source.name == parsed.id.name &&
        ((parsed.part == MigrationFileName::Part::up && !source.has_up) ||
         (parsed.part == MigrationFileName::Part::down && !source.has_down));
    if (completes_pair) return source;
    refuse_twice(parsed.id.version, source.up_file.empty() ? source.down_file : source.up_file,
                 pending.file.path);
  }
  Source source;
  source.scope = scope_;
  source.version = version;
  source.name = parsed.id.name;
  return versioned_.emplace_hint(found, std::move(version), std::move(source))->second;
}

void FolderReader::merge(Pending& pending) {
  Facts& facts = pending.facts;
  Source own;
  own.kind = SourceKind::repeatable;
  own.scope = scope_;
  own.name = pending.parsed.id.name;
  Source& source = pending.repeatable ? own : slot(pending);
  if (facts.error) std::rethrow_exception(facts.error);
  if (pending.parsed.part == MigrationFileName::Part::cpp) {
    source.kind = SourceKind::cpp;
    facts.has_up = facts.has_down = true;  // of the latter, nothing is known before it is loaded
  }
  if (facts.has_up) {
    source.has_up = true;
    source.up_file = pending.file.path;
    source.hash_up = std::move(facts.hash_up);
  }
  if (facts.has_down) {
    source.has_down = true;
    source.down_file = pending.file.path;
    source.hash_down = std::move(facts.hash_down);
  }
  if (!facts.whole_is_down) {
    source.meta = std::move(facts.meta);
    const bool is_sql = source.kind != SourceKind::cpp;
    if (pending.file.is_embedded && is_sql) source.embedded_text = pending.file.embedded;
  }
  if (pending.repeatable) repeatable_.push_back(std::move(own));
}

std::vector<Source> FolderReader::take(std::vector<Source>& repeatable) {
  constexpr std::size_t files_worth_a_thread = 64;
  in_parallel(pending_.size(), files_worth_a_thread, [this](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) pending_[i].facts = read(pending_[i]);
  });
  for (Pending& pending : pending_) merge(pending);
  pending_.clear();
  for (const auto& [version, source] : versioned_) {
    if (source.has_up || source.kind != SourceKind::sql) continue;
    throw Error(ErrorKind::validation,
                "migration " + source.id() + " has a down part but no up part")
        .at({source.down_file, 0, 0});
  }
  std::vector<Source> sources;
  sources.reserve(versioned_.size());
  for (auto& [version, source] : versioned_) sources.push_back(std::move(source));
  for (Source& source : repeatable_) repeatable.push_back(std::move(source));
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
  FolderReader reader(scope, options.language);
  const std::string prefix = shown.empty() || shown == "." ? std::string() : shown + "/";
  for (const std::string& name : list_files(folder))
    reader.add_file(name, {prefix + name, {}, {}, false});
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
