// Running migrations from a program. A Runner works on one database; Connections owns several by
// name.
//
//   sterna::Runner runner{"sqlite:blog.db", {sterna::make_migration("001_create_users", up,
//   down)}}; runner.up();
//
// Every call takes the database's lock, reads the history again, plans, runs, and releases; results
// are values, failures are sterna::Error. A Runner is not safe for concurrent use; several runners
// (in any process) on one database are.
#pragma once

#include <sterna/event.hpp>
#include <sterna/export.hpp>
#include <sterna/migration.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

enum class OutOfOrderPolicy { error, warn, allow };
/// One transaction a migration, or one for the whole run where the database and every pending
/// migration allow it.
enum class RunTransaction { migration, run };

struct RunnerOptions {
  std::string name = "main";  ///< of the connection: for events, `connection` directives, messages
  std::string environment = "development";
  std::vector<std::string> directories =
      {};                             ///< folders of SQL (and, through the command, C++) migrations
  bool separate_directories = false;  ///< each folder by itself instead of one common order
  std::string history_table = "sterna_migrations";
  std::string history_schema = {};           ///< empty: the connection's default
  std::chrono::milliseconds run_timeout{0};  ///< 0: none
  std::chrono::milliseconds migration_timeout{0};
  std::chrono::milliseconds statement_timeout{0};
  std::chrono::milliseconds lock_wait{60'000};    ///< for another runner
  std::chrono::milliseconds lock_timeout{5'000};  ///< for locks inside the database
  int lock_retries = 3;
  /// URLs of this database's replicas: backfills and online changes wait while one is behind. Not
  /// needed where the server knows them (PostgreSQL's own).
  std::vector<std::string> replicas = {};
  OutOfOrderPolicy out_of_order = OutOfOrderPolicy::error;
  RunTransaction transaction = RunTransaction::migration;
  bool strict = false;  ///< refuse on warnings of validation too
  bool registered =
      true;  ///< include migrations registered in this process (STERNA_MIGRATION, embedded)
  bool compile_cpp = false;         ///< compile *.cpp of the folders on demand (the command does)
  bool allow_missing_down = false;  ///< skip, instead of refuse, a way down that does not exist
  bool allow_destructive = false;   ///< let a way down take values away (Meta::down_loses) outside
                                    ///< development
};

enum class MigrationState {
  applied,
  pending,
  skipped /* other environment or connection */,
  missing /* in history, no file */,
  changed /* applied, file edited */,
  out_of_order,
  interrupted /* journal: in flight when a run died */
};
STERNA_API std::string_view to_string(MigrationState state) noexcept;

struct MigrationStatus {
  std::string version, name;
  std::string id() const { return name.empty() ? version : version + "_" + name; }
  std::string scope;  ///< folder, when directories are separate
  MigrationState state = MigrationState::pending;
  std::string file;  ///< empty for code-defined ones
  std::string kind;  ///< "sql", "cpp", "code", "repeatable"
  int batch = 0;
  std::string applied_at, applied_by;  ///< UTC; "user@host (pid n)"
  std::chrono::microseconds duration{0};
  std::string sterna_version;
  std::string detail;  ///< why skipped, what changed, at which statement interrupted
  Meta meta;           ///< SQL: from the directives; C++ from the macro when it is loaded
};

/// An operator keeps runs from beginning on a database (Runner::freeze).
struct Freeze {
  std::string reason;
  std::string by;  ///< "user@host (pid n)"
  std::string at;  ///< UTC
};

struct Status {
  std::vector<MigrationStatus> migrations;
  std::optional<Freeze> frozen = {};
  std::size_t count(MigrationState state) const;
  bool up_to_date() const;  ///< nothing pending, changed, missing or interrupted
};

struct AppliedMigration {
  std::string version, name;
  Direction direction = Direction::up;
  std::chrono::microseconds duration{0};
  std::size_t statements = 0;
  std::string id() const { return name.empty() ? version : version + "_" + name; }
};

struct RunResult {
  std::vector<AppliedMigration> applied;  ///< in the order they ran, with their direction
  std::vector<std::string> skipped;       ///< "ID: reason"
  std::size_t pending = 0;                ///< left over after the run
  int batch = 0;
  std::chrono::microseconds duration{0};
};

/// How far a statement of a migration is that an earlier run began.
enum class StatementProgress {
  pending,
  under_way /* in batches: it goes on where it was */,
  committed /* not run again */
};
STERNA_API std::string_view to_string(StatementProgress progress) noexcept;

/// One statement of a plan.
struct PlannedStatement {
  std::string sql;
  std::size_t parameters = 0;
  SourcePosition position;
  bool outside_transaction = false;
  StatementProgress progress = StatementProgress::pending;
  std::vector<std::string> notes;  ///< findings for a person ("cannot run in a transaction")
};
struct PlannedMigration {
  std::string version, name;
  Direction direction = Direction::up;
  std::string atomicity;    ///< "one transaction with its history row", "statement by statement,
                            ///< journalled", …
  std::string after_crash;  ///< what a crash in the middle leaves and how it goes on
  std::vector<PlannedStatement> statements;
  std::vector<std::string> changes;  ///< in words, for C++ migrations
  std::string error;                 ///< why it cannot be planned, if so
  Meta meta;
  std::string id() const { return name.empty() ? version : version + "_" + name; }
};
using Plan = std::vector<PlannedMigration>;

struct Target {
  enum class Kind { all, version, steps, batch } kind = Kind::all;
  std::string version = {};
  int steps = 0;
  bool repeatable = false;  ///< with a version: the repeatable scripts as well
};

struct Health;
class RunnerAccess;

class STERNA_API Runner {
 public:
  /// Opens nothing yet. @throws Error(config) for a URL of an unknown kind.
  Runner(std::string_view url, std::vector<MigrationDefinition> migrations = {},
         RunnerOptions options = {});
  Runner(Runner&&) noexcept;
  Runner& operator=(Runner&&) noexcept;
  ~Runner();

  void on_event(EventHandler handler);
  /// Creates Sterna's own tables; harmless when they exist.
  void setup();

  RunResult up();
  RunResult up_to(std::string_view version);  ///< up to and including
  RunResult up_steps(int count);
  RunResult down(int count = 1);
  RunResult rollback();                             ///< the last batch
  RunResult rollback_to(std::string_view version);  ///< what came after `version`; that one stays
  RunResult reset();                                ///< everything down
  RunResult redo(int count = 1);                    ///< down and up again
  RunResult
  fresh();  ///< drop every object, then up. Refused unless the environment is development or test

  Status status();
  std::vector<MigrationStatus> executed();  ///< applied ones in the order they ran
  std::vector<MigrationStatus> pending();
  Plan plan(Target target = {}, Direction direction = Direction::up);
  /// Really executes everything pending in one transaction and rolls it back. @throws Error(plan)
  /// where DDL is not transactional.
  RunResult rehearse(Target target = {});
  /// From now on no run begins on this database, from whatever program: those that have something
  /// to do are Error(refused), until unfreeze(). Waits for a run in progress. @throws Error(config)
  /// for a reason of several lines or more than 255 bytes.
  void freeze(const std::string& reason);
  /// What there was to end.
  std::optional<Freeze> unfreeze();
  /// Of the database and its migrations (health.hpp).
  Health health();

  /// Asks a run in progress to stop; callable from any thread and from a signal handler.
  void request_stop() noexcept;
  /// True when no call is in progress, waiting for its end until `until`. Callable from any thread.
  bool wait_idle(std::chrono::steady_clock::time_point until);

 private:
  friend class RunnerAccess;  // review() of lint.hpp
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Several named connections, each with its own runner, history, lock and events; nothing is shared
/// between them.
class STERNA_API Connections {
 public:
  struct Definition {
    std::string url;
    std::vector<MigrationDefinition> migrations = {};
    RunnerOptions options = {};
    bool auto_run = false;  ///< migrate in initialize()
  };
  explicit Connections(std::map<std::string, Definition> definitions);
  /// From sterna.toml and the environment. @throws Error(config).
  static Connections from_config(std::string_view folder = ".");
  ~Connections();  ///< shutdown without a deadline
  Connections(Connections&&) noexcept;
  Connections& operator=(Connections&&) noexcept;

  /// Opens and checks every connection, sets up Sterna's tables, and migrates those with auto_run.
  /// When one fails, those already opened are closed and the error names the connection.
  void initialize();
  /// Stops what runs, waits until `deadline`, closes. Idempotent. True when everything ended in
  /// time.
  bool shutdown(std::chrono::milliseconds deadline = std::chrono::milliseconds{30'000});
  bool initialized() const noexcept;
  std::vector<std::string> names() const;
  /// @throws Error(config) with the names there are.
  Runner& operator[](std::string_view name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sterna
