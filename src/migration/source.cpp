#include "migration/source.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "migration/meta.hpp"
#include "migration/sum.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <map>

namespace sterna {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view repeatable_folder = "repeatable";

/// A file of a folder, on disk or baked in.
struct Found {
  std::string path;           // to show and to read
  std::string_view embedded;  // text, when baked in
  std::string_view embedded_hash;
  bool is_embedded = false;
};

std::string text_of(const Found& file) {
  return file.is_embedded ? std::string(file.embedded) : read_file(file.path);
}

void apply_script(Source& source, const Found& file, std::string_view text, Language language,
                  MigrationFileName::Part part) {
  const Script script = parse_script(text, language, file.path);
  const Meta meta = read_meta(script.directives);
  const bool whole_is_down = part == MigrationFileName::Part::down && !script.down.present;
  if (part == MigrationFileName::Part::up && script.down.present) {
    throw Error(ErrorKind::validation, "an .up.sql file holds a down part")
        .at({file.path, script.down.first_line, 1})
        .suggest("move it to the .down.sql file, or use one .sql file with both markers");
  }
  if (whole_is_down) {
    source.has_down = true;
    source.down_file = file.path;
    source.hash_down = token_hash(text, language);
    return;
  }
  source.meta = meta;
  if (script.up.present) {
    source.has_up = true;
    source.up_file = file.path;
    source.hash_up = token_hash(script.up.text, language);
  }
  if (script.down.present) {
    source.has_down = true;
    source.down_file = file.path;
    source.hash_down = token_hash(script.down.text, language);
  }
  if (file.is_embedded) source.embedded_text = file.embedded;
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

/// Collects the sources of one folder.
class FolderReader {
 public:
  FolderReader(std::string scope, Language language)
      : scope_(std::move(scope)), language_(language) {}

  void add_file(std::string_view name, const Found& file) {
    MigrationFileName parsed;
    if (!parse_file_name(name, parsed)) {
      if (name.ends_with(".sql") || name.ends_with(".cpp")) {
        throw Error(ErrorKind::validation,
                    "the file name '" + std::string(name) + "' has no version")
            .at({file.path, 0, 0})
            .suggest("name it VERSION_description, for instance 20260115143022_" +
                     std::string(name))
            .suggest("a script that runs whenever it changes belongs into the folder repeatable/");
      }
      return;
    }
    if (parsed.part == MigrationFileName::Part::cpp) return add_cpp(parsed.id, file);
    Source& source = slot(parsed, file);
    apply_script(
        source, file,
        file.is_embedded ? file.embedded : std::string_view(buffer_ = read_file(file.path)),
        language_, parsed.part);
  }

  void add_repeatable(std::string_view name, const Found& file) {
    if (!name.ends_with(".sql")) return;
    Source source;
    source.kind = SourceKind::repeatable;
    source.scope = scope_;
    source.name = std::string(name.substr(0, name.size() - 4));
    apply_script(
        source, file,
        file.is_embedded ? file.embedded : std::string_view(buffer_ = read_file(file.path)),
        language_, MigrationFileName::Part::both);
    repeatable_.push_back(std::move(source));
  }

  std::vector<Source> take(std::vector<Source>& repeatable) {
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

 private:
  /// The source that a file belongs to: a pair shares one.
  Source& slot(const MigrationFileName& parsed, const Found& file) {
    Version version = version_of(parsed.id, file);
    auto found = versioned_.find(version);
    if (found != versioned_.end()) {
      Source& source = found->second;
      const bool completes_pair =
          source.kind == SourceKind::sql && source.name == parsed.id.name &&
          ((parsed.part == MigrationFileName::Part::up && !source.has_up) ||
           (parsed.part == MigrationFileName::Part::down && !source.has_down));
      if (!completes_pair)
        refuse_twice(parsed.id.version, source.up_file.empty() ? source.down_file : source.up_file,
                     file.path);
      return source;
    }
    Source source;
    source.scope = scope_;
    source.version = version;
    source.name = parsed.id.name;
    return versioned_.emplace(std::move(version), std::move(source)).first->second;
  }

  void add_cpp(const MigrationId& id, const Found& file) {
    Version version = version_of(id, file);
    Source source;
    source.kind = SourceKind::cpp;
    source.scope = scope_;
    source.version = version;
    source.name = id.name;
    source.up_file = source.down_file = file.path;
    source.has_up = source.has_down = true;
    source.hash_up = file.is_embedded ? std::string(file.embedded_hash)
                                      : token_hash(read_file(file.path), Language::cpp);
    const auto [other, inserted] = versioned_.emplace(std::move(version), source);
    if (!inserted) refuse_twice(id.version, other->second.up_file, file.path);
  }

  Version version_of(const MigrationId& id, const Found& file) {
    Version version(id.version);
    if (groups_ == 0) {
      groups_ = version.groups();
      first_file_ = file.path;
    } else if (version.groups() != groups_) {
      throw Error(ErrorKind::validation,
                  "the versions of " + first_file_ + " and " + file.path +
                      " are of different styles: their order would be a guess")
          .at({file.path, 0, 0})
          .suggest("use one style of version in a folder");
    }
    return version;
  }

  std::string scope_;
  Language language_;
  std::map<Version, Source> versioned_;
  std::vector<Source> repeatable_;
  std::string buffer_;
  std::size_t groups_ = 0;
  std::string first_file_;
};

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

std::vector<Source> read_folder(const fs::path& folder, const std::string& shown,
                                const std::string& scope, const SourceOptions& options,
                                std::vector<Source>& repeatable) {
  const Language language = options.language;
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorKind::config, "the migrations folder '" + shown + "' does not exist")
        .suggest(
            "run `sterna init` to make one, or name another with --dir or `directories` in "
            "sterna.toml");
  }
  FolderReader reader(scope, language);
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

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.find_last_of('/') + 1));
}

/// Files baked into the program, and STERNA_MIGRATIONs linked into it. Those that also lie in a
/// folder are the folder's.
void add_linked(std::vector<Source>& sources, std::vector<Source>& repeatable, Language language) {
  FolderReader reader({}, language);
  for (const EmbeddedFile& file : embedded_files()) {
    const Found found{std::string(file.name), file.text, file.hash, true};
    const std::string folder = std::string(repeatable_folder) + "/";
    if (file.name.starts_with(folder))
      reader.add_repeatable(file.name.substr(folder.size()), found);
    else
      reader.add_file(file.name, found);
  }
  std::vector<Source> linked_repeatable;
  std::vector<Source> linked = reader.take(linked_repeatable);
  const auto drop_known = [](std::vector<Source>& from, const std::vector<Source>& known) {
    std::erase_if(from, [&](const Source& source) {
      return std::any_of(known.begin(), known.end(), [&](const Source& other) {
        return other.key() == source.key() && other.name == source.name;
      });
    });
  };
  drop_known(linked, sources);
  drop_known(linked_repeatable, repeatable);
  for (Source& source : linked_repeatable) repeatable.push_back(std::move(source));
  for (const RegisteredMigration& registered : registered_migrations()) {
    const std::string name = base_name(registered.file);
    MigrationFileName parsed;
    if (!parse_file_name(name, parsed)) {
      throw Error(ErrorKind::validation,
                  "STERNA_MIGRATION stands in '" + name + "', a file name without a version")
          .suggest("name the file VERSION_description.cpp");
    }
    const Version version(parsed.id.version);
    Source* source = nullptr;
    for (std::vector<Source>* list : {&sources, &linked}) {
      for (Source& candidate : *list) {
        if (candidate.kind == SourceKind::cpp && candidate.version == version &&
            candidate.name == parsed.id.name)
          source = &candidate;
      }
    }
    if (source == nullptr) {
      Source fresh;
      fresh.kind = SourceKind::cpp;
      fresh.version = version;
      fresh.name = parsed.id.name;
      fresh.up_file = fresh.down_file = registered.file;
      fresh.has_up = fresh.has_down = true;
      linked.push_back(std::move(fresh));
      source = &linked.back();
    }
    source->make = registered.make;
    source->meta = registered.meta();
  }
  for (Source& source : linked) sources.push_back(std::move(source));
}

void add_definitions(std::vector<Source>& sources, std::vector<MigrationDefinition> definitions) {
  for (MigrationDefinition& definition : definitions) {
    Source source;
    source.kind = SourceKind::code;
    source.version = Version(definition.version);
    source.name = std::move(definition.name);
    source.meta = std::move(definition.meta);
    source.make = std::move(definition.make);
    source.up_file = source.down_file = std::move(definition.source_file);
    source.has_up = source.has_down = true;
    sources.push_back(std::move(source));
  }
}

void sort_and_check(std::vector<Source>& sources) {
  std::stable_sort(sources.begin(), sources.end(),
                   [](const Source& a, const Source& b) { return a.version < b.version; });
  for (std::size_t i = 1; i < sources.size(); ++i) {
    const Source& previous = sources[i - 1];
    const Source& source = sources[i];
    const auto where = [](const Source& s) { return s.up_file.empty() ? s.id() : s.up_file; };
    if (previous.version == source.version)
      refuse_twice(source.version.text(), where(previous), where(source));
    if (previous.version.groups() != source.version.groups()) {
      throw Error(ErrorKind::validation,
                  "the versions of " + where(previous) + " and " + where(source) +
                      " are of different styles: their order would be a guess")
          .suggest("use one style of version, or set separate_directories");
    }
  }
}

}  // namespace

std::string_view to_string(SourceKind kind) noexcept {
  switch (kind) {
    case SourceKind::sql:
      return "sql";
    case SourceKind::cpp:
      return "cpp";
    case SourceKind::code:
      return "code";
    case SourceKind::repeatable:
      return "repeatable";
  }
  return "sql";
}

std::string Source::id() const {
  if (kind == SourceKind::repeatable) return "repeatable/" + name;
  return name.empty() ? version.text() : version.text() + "_" + name;
}

std::string Source::key() const {
  return kind == SourceKind::repeatable ? "R:" + name : version.text();
}

std::vector<Source> find_sources(const SourceOptions& options,
                                 std::vector<MigrationDefinition> definitions) {
  std::vector<Source> sources;
  std::vector<Source> repeatable;
  std::vector<Source> all;
  for (const std::string& directory : options.directories) {
    const fs::path path = options.base.empty() ? fs::path(directory) : options.base / directory;
    // A path below the current folder is shown as it was written; the base only matters when it is
    // another one.
    const std::string shown = options.base.empty() || options.base == fs::current_path()
                                  ? directory
                                  : path.lexically_normal().string();
    // A program that carries its migrations runs where their folder is not.
    std::error_code ignored;
    if (options.registered && !fs::exists(path, ignored) && !embedded_files().empty()) continue;
    std::vector<Source> folder =
        read_folder(path, shown, options.separate ? directory : std::string(), options, repeatable);
    if (options.separate) {
      sort_and_check(folder);
      for (Source& source : folder) all.push_back(std::move(source));
    } else {
      for (Source& source : folder) sources.push_back(std::move(source));
    }
  }
  if (options.registered) add_linked(sources, repeatable, options.language);
  add_definitions(sources, std::move(definitions));
  sort_and_check(sources);
  for (Source& source : sources) all.push_back(std::move(source));
  for (Source& source : repeatable) all.push_back(std::move(source));
  return all;
}

std::vector<Statement> load_statements(const Source& source, Direction direction,
                                       Language language) {
  const std::string& path = direction == Direction::up ? source.up_file : source.down_file;
  const Found file{path, source.embedded_text, {}, !source.embedded_text.empty()};
  const std::string text = text_of(file);
  const Script script = parse_script(text, language, path);
  const bool whole_is_down =
      direction == Direction::down && source.down_file != source.up_file && !script.down.present;
  const ScriptPart whole{true, text, 1};
  const ScriptPart& part = whole_is_down                ? whole
                           : direction == Direction::up ? script.up
                                                        : script.down;
  const std::string& expected = direction == Direction::up ? source.hash_up : source.hash_down;
  if (!expected.empty() && token_hash(part.text, language) != expected) {
    throw Error(ErrorKind::checksum, "the file changed while the run was going on")
        .at({path, 0, 0})
        .suggest("run the command again");
  }
  return split_statements(part.text, language, path, part.first_line);
}

void load_cpp(std::vector<Source*> sources, const CompileOptions& options) {
  std::vector<Source*> missing;
  std::vector<fs::path> files;
  for (Source* source : sources) {
    if (source->kind != SourceKind::cpp || source->make) continue;
    missing.push_back(source);
    files.emplace_back(source->up_file);
  }
  if (missing.empty()) return;
  const std::vector<RegisteredMigration> loaded = load_cpp_migrations(files, options);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    missing[i]->make = loaded[i].make;
    missing[i]->meta = loaded[i].meta();
  }
}

namespace {
template <class Call>
bool defined(Call call) {
  try {
    call();
    return true;
  } catch (const Migration::NotDefined&) {
    return false;
  }
}
}  // namespace

bool call_up(Migration& migration, Schema& schema) {
  return defined([&] { migration.up(schema); });
}
bool call_down(Migration& migration, Schema& schema) {
  return defined([&] { migration.down(schema); });
}
bool call_change(Migration& migration, Schema& schema) {
  return defined([&] { migration.change(schema); });
}

}  // namespace sterna
