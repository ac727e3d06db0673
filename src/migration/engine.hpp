// One database and its migrations: everything the public Runner and the command do. Owns the
// session, takes the lock, reads the history again, plans, runs, releases. Results are values;
// failures are Errors; what happens meanwhile goes to the event handler.
#pragma once

#include "base/cancellation.hpp"
#include "base/url.hpp"
#include "database/connection.hpp"
#include "migration/compiler.hpp"
#include "migration/execution.hpp"
#include "migration/history.hpp"
#include "migration/planner.hpp"

#include <sterna/runner.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sterna {

struct EngineOptions {
  Url url;
  std::string url_origin;  ///< "sterna.toml:12", for messages about a server that cannot be reached
  RunnerOptions run;
  std::vector<MigrationDefinition> definitions;
  std::filesystem::path base;  ///< relative directories start here; empty: the current folder
  CompileOptions compile;
  std::filesystem::path file_cache;  ///< SourceOptions::cache
  std::string seeds = "seeds";       ///< folder of seed scripts
  std::string models = "models";     ///< folder of entities in C++
  /// How to open the session; empty: through the registry. For programs that bring their own, and
  /// for tests that kill it.
  std::function<std::unique_ptr<Connection>()> connect;
};

/// What repair would do or did.
struct Repair {
  enum class Kind { renew_hash, remove_row } kind = Kind::renew_hash;
  std::string id, explanation;
};

/// What is known about a migration that is to be resolved, and what was done.
struct Resolution {
  std::string id;
  std::vector<std::string> evidence;
  std::string advice;  ///< "up", "down" or empty
};

/// Statements that belong to no migration. Several such parts run one after the other, each by
/// itself; each is all or nothing where the database can and `meta.transaction` does not forbid it.
struct Work {
  std::vector<Statement> statements;
  Meta meta = {};
};

class MigrationEngine {
 public:
  explicit MigrationEngine(EngineOptions options);
  ~MigrationEngine();
  MigrationEngine(const MigrationEngine&) = delete;
  MigrationEngine& operator=(const MigrationEngine&) = delete;

  void on_event(EventHandler handler) { handler_ = std::move(handler); }
  StopSource& stop() noexcept { return stop_; }
  const EngineOptions& options() const noexcept { return options_; }
  Connection& connection();  ///< opened at the first call
  bool connected() const noexcept { return connection_ != nullptr; }
  void close() noexcept;

  void setup();
  /// `check` is called under the lock, before anything runs, and throws to stop it.
  RunResult up(const Target& target, const std::function<void()>& check = {});
  /// `check` gets the IDs that will go, under the lock, and throws to stop it.
  RunResult down(const Target& target,
                 const std::function<void(const std::vector<std::string>& ids)>& check = {});
  RunResult redo(int count);
  RunResult fresh();
  RunResult rehearse(const Target& target);
  /// Runs `work`, under the lock, and keeps no history of it. `check` is called first, under the
  /// lock: it throws when the database is not what the work was planned for.
  RunResult run_work(std::string_view title, const std::vector<Work>& work,
                     const std::function<void()>& check);
  /// Drops every object. @throws Error(refused) outside development.
  void drop_everything();
  Plan plan(const Target& target, Direction direction);
  Status status();

  /// Everything that can be found wrong without running anything: names, order, hashes, parse,
  /// missing downs, forbidden statements; with the database (unless `offline`) also what history
  /// and files disagree on.
  std::vector<Problem> validate(bool offline);
  /// The second half of it: what history and files disagree on. @throws Error for files that cannot
  /// be read.
  std::vector<Problem> validate_history();
  /// Marks everything up to `version` as applied, without running it. @throws Error(plan) when
  /// something is applied already.
  RunResult baseline(std::string_view version);
  /// Marks these as applied, without running them: ids, or names of repeatable scripts. @throws
  /// Error(plan) as baseline().
  RunResult adopt(const std::vector<std::string>& ids);
  /// What is known about one migration; with `as`, settles its state in the history by hand.
  Resolution resolve(std::string_view id, std::optional<Direction> as);
  /// Takes back what an interrupted backfill or online change left, and its place in the history.
  /// @throws Error(plan) when there is none.
  Resolution abandon(std::string_view id);
  /// What repair does: new hashes of edited migrations, rows without files. With `apply`, done.
  std::vector<Repair> repair(bool apply);
  /// Runs the seed scripts, in order of their names, each in its own transaction. Names of those
  /// that ran.
  std::vector<std::string> seed();
  /// Keeps runs from beginning (runner.hpp). Who settles a migration by hand is not kept from it.
  void freeze(const std::string& reason);
  std::optional<Freeze> unfreeze();
  std::vector<HistoryRow> history();
  void clear_history();
  /// Lines of sterna.sum for one directory as the files are now.
  std::string sum_text(const std::string& directory);

  const std::vector<Source>& sources();

 private:
  class LockedRun;
  Survey look(History::Detail detail);  ///< files and history, without a lock
  void look_at_both(History::Detail detail);
  /// `afresh`: every file is read, whatever an earlier run knew.
  void read_sources(bool afresh = false);
  void read_history(History::Detail detail);
  std::optional<Freeze> frozen() const;  ///< as the history was read last
  void refuse_frozen() const;
  void load_code(std::vector<Entry>& entries);
  void check_scripts(const std::vector<Entry>& entries, Direction direction);
  std::unique_ptr<Locker> acquire(Watchdog& watchdog);
  RunResult run_entries(LockedRun& run, std::vector<Entry> entries, Direction direction, int batch);
  RunResult run_in_one_transaction(LockedRun& run, const std::vector<Entry>& entries,
                                   Direction direction, int batch, bool rehearsal);
  /// Writes rows for what `choose` picks of a history that is empty.
  RunResult mark_applied(const std::function<std::vector<const Entry*>(const Survey&)>& choose);
  /// What the migrations before `source` make, in a scratch database.
  model::Model schema_before(const Source& source);
  HistoryRow row_for(const Entry& entry, Direction direction, int batch,
                     std::int64_t sequence) const;
  std::optional<RunResult> nothing_to_do(const Target& target, Direction direction);
  void emit(Event event) const;
  void warn(const std::string& text) const;

  EngineOptions options_;
  EventHandler handler_;
  StopSource stop_;
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<History> history_;
  std::vector<Source> sources_;
  bool sources_read_ = false;
  std::vector<HistoryRow> rows_;
  CheckedScripts scripts_;  ///< of the run that goes on
};

}  // namespace sterna
