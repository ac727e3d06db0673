// A schema from wherever it is described: a live database, SQL files, a folder of migrations, a
// snapshot. Everything but a snapshot goes through a real server, so that two states of one schema
// are spelled alike. Used by the commands.
#pragma once

#include "builder/entity.hpp"
#include "config/config.hpp"
#include "database/scratch.hpp"
#include "diff/diff.hpp"
#include "migration/engine.hpp"
#include "model/model.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sterna {

struct StateOptions {
  InspectOptions inspect;
  std::optional<Url> scratch;  ///< a database set aside for loading files; empty: one is made
};

/// Migrations that were run on a scratch database. SQLite's in memory is nowhere but in the
/// engine's own session.
struct Replayed {
  std::unique_ptr<Scratch> scratch;
  std::unique_ptr<MigrationEngine> engine;
};

/// A schema, and what parts of it were called before where the description says so. Pass the
/// renames through open_renames().
struct State {
  model::Model model;
  std::vector<Rename> renames;
  /// The description knows tables and enums alone (entities): see keep_unsaid().
  bool tables_alone = false;
};
/// What `from` has beside its tables and enums is taken over into a state that says nothing of such
/// things: views, functions and triggers stay as they are.
void keep_unsaid(State& to, const model::Model& from);
/// The spec of what the applied migrations make: "migrations@VERSION", or "empty".
std::string applied_state(MigrationEngine& engine);

/// A state that is a database by its URL.
bool is_url(std::string_view spec);

class StateReader {
 public:
  /// `engine`: the connection that "database" and "migrations" mean, and beside which scratch
  /// databases are made. `engine_of`: another named connection, for "@name".
  StateReader(MigrationEngine& engine, StateOptions options,
              std::function<EngineOptions(std::string_view name)> engine_of);

  /// `spec`: "database", "applied" (what the applied migrations make), "migrations",
  /// "migrations@VERSION" (up to and including it), "empty",
  /// "@connection", a URL, "file.sql", "file.json" (a snapshot), a folder of migrations, of SQL
  /// files or of entities in C++, "models" (the configured folder of them, or those linked into
  /// this program), "exec:PROGRAM" (of sterna_add_model).
  /// @throws Error(config) for a spec that is none of these; syntax and schema errors with the file
  /// and line; Error(validation) when the states are of different databases.
  State read_state(std::string_view spec);
  /// The same without the renames.
  model::Model read(std::string_view spec) { return read_state(spec).model; }

  /// True once a scratch schema had to stand for a scratch database: from then on the default
  /// schema alone is read, and what was read before has to be read again.
  bool narrowed() const noexcept { return narrowed_; }
  /// Reads like one that is narrowed already.
  void narrow() noexcept { narrowed_ = true; }

  /// The connection's migrations, all or up to and including a version.
  Replayed replay(const Target& target);
  model::Model inspect(Connection& session, const Scratch& scratch) const;
  std::unique_ptr<Scratch> make_scratch();

 private:
  model::Model inspect(Connection& session, const RunnerOptions& run,
                       const Scratch* scratch = nullptr) const;
  /// @throws Error(connection) where connecting would make the database.
  model::Model inspect_at(const Url& url, const RunnerOptions& run) const;
  model::Model replay_folder(const std::string& folder);
  State load_files(const std::vector<std::string>& files);
  State read_path(const std::string& path);
  State applied();
  State models(const std::string& path);
  State program(const std::string& path);
  State made_of(const EntityModel& entities);
  Replayed replay(const std::vector<std::string>& directories, const Target& target);
  model::Model read_snapshot(const std::string& file) const;

  MigrationEngine& engine_;
  StateOptions options_;
  bool narrowed_ = false;
  std::function<EngineOptions(std::string_view name)> engine_of_;
};

}  // namespace sterna
