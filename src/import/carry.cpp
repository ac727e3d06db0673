#include "import/carry.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "import/readers.hpp"
#include "migration/sum.hpp"
#include "migration/version.hpp"
#include "sql/script.hpp"
#include "sql/splitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna {
namespace fs = std::filesystem;
namespace {

std::string plain_name(std::string_view text) {
  std::string name;
  for (const char c : to_snake_case(text)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain)
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name.empty() ? "migration" : name;
}

/// Whether they are versions of one style in ascending order, as a folder has to hold them.
bool fit(const std::vector<std::string>& versions) {
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (versions[i].empty()) return false;
    const Version version(versions[i]);
    if (version.groups() != Version(versions.front()).groups()) return false;
    if (i > 0 && !(Version(versions[i - 1]) < version)) return false;
  }
  return true;
}

/// The tool's own versions where a folder can hold them; "1" beside "1.1" becomes 1_0; else the
/// number of their place.
void assign_versions(std::vector<ForeignMigration>& migrations) {
  std::vector<std::string> versions;
  std::size_t most = 0;
  for (const ForeignMigration& migration : migrations) {
    versions.push_back(migration.version);
    if (!migration.version.empty()) most = std::max(most, Version(migration.version).groups());
  }
  if (!fit(versions)) {
    for (std::string& version : versions) {
      if (version.empty()) break;
      for (std::size_t groups = Version(version).groups(); groups < most; ++groups) version += "_0";
    }
  }
  if (!fit(versions)) {
    for (std::size_t i = 0; i < versions.size(); ++i) versions[i] = fmt::format("{:04}", i + 1);
  }
  for (std::size_t i = 0; i < versions.size(); ++i) {
    ForeignMigration& migration = migrations[i];
    migration.version = versions[i];
    migration.name = plain_name(migration.name);
    // A name that begins with a number would be read as a part of the version.
    MigrationId id;
    if (!parse_migration_id(migration.version + "_" + migration.name, id) ||
        id.version != migration.version)
      migration.name = "m_" + migration.name;
  }
}

std::string ended(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

/// Read once to its end, so that a fault is found before anything is written.
void check_script(const std::string& text, const ForeignRequest& request, const std::string& file) {
  try {
    split_statements(text, request.language, file);
  } catch (Error& error) {
    error.with_state("nothing was written");
    throw;
  }
}

/// What is written has to be a script of Sterna's: the marks of a tool that was not named spoil it.
void check_carried(const CarriedFile& file, const ForeignRequest& request) {
  try {
    parse_script(file.text, request.language, file.source);
  } catch (Error& error) {
    error.with_state("nothing was written").suggest("is --from the tool that was used here?");
    throw;
  }
}

std::string script_of(const ForeignMigration& migration) {
  std::string text;
  if (!migration.in_transaction) text += "-- sterna:transaction none\n";
  text += "-- sterna:up\n" + ended(migration.up);
  if (migration.has_down) text += "\n-- sterna:down\n" + ended(migration.down);
  return text;
}

}  // namespace

bool needs_schema(const ForeignProject& project) {
  return std::any_of(project.migrations.begin(), project.migrations.end(),
                     [](const ForeignMigration& migration) {
                       return migration.applied && !migration.code.empty();
                     });
}

Carried carry_over(ForeignProject project, const ForeignRequest& request,
                   const std::string& schema) {
  Carried result;
  result.notes = std::move(project.notes);
  result.schema_stands_for_code = needs_schema(project) && !schema.empty();
  std::erase_if(project.migrations, [&](const ForeignMigration& migration) {
    const bool out =
        !migration.code.empty() && !(migration.applied && result.schema_stands_for_code);
    if (out)
      result.left_out.push_back(fmt::format("{}: {}{}", migration.file, migration.code,
                                            migration.applied ? "" : ", not applied"));
    return out;
  });
  assign_versions(project.migrations);
  const auto last = std::find_if(project.migrations.rbegin(), project.migrations.rend(),
                                 [](const auto& one) { return one.applied; });
  for (ForeignMigration& migration : project.migrations) {
    CarriedFile file;
    file.id = migration.version + "_" + migration.name;
    file.name = file.id + (request.language == Language::cql ? ".cql" : ".sql");
    file.source = migration.file;
    file.applied = migration.applied;
    if (migration.applied && result.schema_stands_for_code) {
      const bool newest = &migration == &*last;
      file.text = newest ? schema
                         : fmt::format(
                               "-- What {} did stands in {}_{}.\n-- sterna:reversible never it "
                               "came over as the schema it made\n-- sterna:up\n",
                               migration.file, last->version, last->name);
    } else {
      check_script(migration.up, request, migration.file);
      detail::strip_transaction(migration.up, request.language, migration.file);
      if (migration.has_down) {
        check_script(migration.down, request, migration.file);
        detail::strip_transaction(migration.down, request.language, migration.file);
      }
      file.text = script_of(migration);
      check_carried(file, request);
    }
    result.files.push_back(std::move(file));
  }
  for (const ForeignRepeatable& repeatable : project.repeatables) {
    check_script(repeatable.text, request, repeatable.file);
    const std::string name = plain_name(repeatable.name);
    result.files.push_back({"repeatable/" + name + ".sql", ended(repeatable.text), repeatable.file,
                            name, repeatable.applied});
  }
  return result;
}

void write_carried(const Carried& carried, const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& place : {folder, folder / "repeatable"}) {
    if (!fs::is_directory(place, ignored)) continue;
    for (const std::string& name : list_files(place)) {
      if (name == sum_file_name || name.starts_with('.')) continue;
      throw Error(ErrorKind::refused,
                  fmt::format("the folder {} is not empty: it holds {}", place.string(), name))
          .with_state("nothing was written")
          .suggest("name another folder: --output FOLDER, and `directories` in sterna.toml");
    }
  }
  fs::create_directories(folder);
  for (const CarriedFile& file : carried.files) {
    fs::create_directories((folder / file.name).parent_path());
    write_file_atomically(folder / file.name, file.text, Durability::fast);
  }
}

}  // namespace sterna
