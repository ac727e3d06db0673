// Where migrations come from: folders of SQL and C++ files, files baked into the program, and
// definitions made in code. A Source says what a migration is (identity, hashes, meta), not its
// text: text is read again when it runs, so that thousands cost little memory. Everything found is
// checked here, before a database is touched.
#pragma once

#include "migration/compiler.hpp"
#include "migration/version.hpp"
#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <sterna/event.hpp>
#include <sterna/migration.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

enum class SourceKind { sql, cpp, code, repeatable };
std::string_view to_string(SourceKind kind) noexcept;

struct Source {
  SourceKind kind = SourceKind::sql;
  std::string scope;  ///< folder, when directories are separate; else empty
  Version version;    ///< empty for repeatable ones
  std::string name;
  std::string up_file,
      down_file;  ///< as a person would write them; equal for a single file; empty for code
  std::string_view embedded_text;  ///< of files baked into the program
  Meta meta;
  bool has_up = false;
  bool has_down = false;           ///< of C++: not known before it is loaded, then true
  std::string hash_up, hash_down;  ///< empty: not hashed (definitions made in code)
  /// What to run, instead of a file's text: statements that belong to no migration.
  std::shared_ptr<const std::vector<Statement>> statements = {};
  std::function<std::unique_ptr<Migration>()> make;  ///< of code, and of C++ once loaded

  /// Version and name, as in file names: "20260115143022_create_posts".
  std::string id() const;
  /// What stands in the history's version column.
  std::string key() const;
};

/// A migrations folder, as configured.
struct SourceOptions {
  std::vector<std::string> directories;
  std::filesystem::path base;  ///< relative directories start here
  bool separate = false;
  bool registered = true;
  bool check_sums = true;  ///< against each folder's sterna.sum
  Language language = Language::postgres;
  /// Where to keep what is known of the files of a large folder between runs; empty: every file is
  /// read.
  std::filesystem::path cache;
};

/// All migrations in the order in which they are to run: versioned ones by version (by folder, when
/// separate), then repeatable ones by name. @throws Error(validation): a missing folder, two files
/// with one version, versions of different styles, a pair without its up part, an unknown
/// directive. @throws Error(checksum) when a folder's sterna.sum does not match.
std::vector<Source> find_sources(const SourceOptions& options,
                                 std::vector<MigrationDefinition> definitions);

/// The statements of one direction of an SQL source, read now.
/// @throws Error(syntax) with file:line:column; Error(checksum) when the text is not what was
/// hashed.
std::vector<Statement> load_statements(const Source& source, Direction direction,
                                       Language language);

/// Compiles (when needed) and loads the C++ sources among `sources`, filling `make` and `meta`.
void load_cpp(std::vector<Source*> sources, const CompileOptions& options);

/// The up, down or change of a migration object, called on a schema. False when the direction is
/// not defined.
bool call_up(Migration& migration, Schema& schema);
bool call_down(Migration& migration, Schema& schema);
bool call_change(Migration& migration, Schema& schema);

}  // namespace sterna
