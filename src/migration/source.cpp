#include "migration/source.hpp"

#include "bulk/directive.hpp"
#include "migration/assertion.hpp"

#include "migration/folder.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <algorithm>
#include <iterator>

namespace sterna {
namespace fs = std::filesystem;

using detail::FolderReader;
using detail::FoundFile;
using detail::refuse_twice;
using detail::repeatable_folder;

namespace {

void append(std::vector<Source>& to, std::vector<Source> from) {
  if (to.empty()) return to.swap(from);
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

std::string base_name(std::string_view path) {
  return std::string(path.substr(path.find_last_of('/') + 1));
}

/// Files baked into the program, and STERNA_MIGRATIONs linked into it. Those that also lie in a
/// folder are the folder's.
void add_linked(std::vector<Source>& sources, std::vector<Source>& repeatable, Language language) {
  FolderReader reader({}, language);
  for (const EmbeddedFile& file : embedded_files()) {
    const FoundFile found{std::string(file.name), file.text, file.hash, true};
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
  const auto earlier = [](const Source& a, const Source& b) { return a.version < b.version; };
  if (!std::is_sorted(sources.begin(), sources.end(), earlier))
    std::stable_sort(sources.begin(), sources.end(), earlier);
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
  if (version.empty()) return name;
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
    std::vector<Source> folder = detail::read_folder(
        path, shown, options.separate ? directory : std::string(), options, repeatable);
    if (options.separate) {
      sort_and_check(folder);
      append(all, std::move(folder));
    } else {
      append(sources, std::move(folder));
    }
  }
  if (options.registered) add_linked(sources, repeatable, options.language);
  add_definitions(sources, std::move(definitions));
  sort_and_check(sources);
  append(all, std::move(sources));
  append(all, std::move(repeatable));
  return all;
}

std::vector<Statement> load_statements(const Source& source, Direction direction,
                                       Language language) {
  const std::string& path = direction == Direction::up ? source.up_file : source.down_file;
  const FoundFile file{path, source.embedded_text, {}, !source.embedded_text.empty()};
  const std::string text = detail::text_of(file);
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
  std::vector<Statement> statements = split_statements(part.text, language, path, part.first_line);
  const auto lines = std::count(part.text.begin(), part.text.end(), '\n');
  bulk::attach(statements, script.directives, part.first_line,
               part.first_line + static_cast<int>(lines) + 1);
  const int down_from = script.down.present ? script.down.first_line : 0;
  const bool up = direction == Direction::up;
  return with_assertions(std::move(statements), script.directives, up ? 0 : down_from,
                         up ? down_from : 0);
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
