// What most commands begin with: the configuration that is in force, an engine on the chosen
// connection, its events shown, signals turned into a clean stop, and permission to change
// something.
#pragma once

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "config/config.hpp"
#include "migration/engine.hpp"
#include "ops/trace.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::cli {

Config load_configuration(const Invocation& invocation);
ConfigOverrides overrides_of(const Invocation& invocation);

/// What the command line says about a run, laid over the options of the configuration.
void prepare(EngineOptions& options, const Invocation& invocation, const Config& config);

/// For what changes a database. A protected environment asks for its name; `dangerous` work asks
/// always. `where`: the database, for the question; may be empty. Without a terminal, or when the
/// answer is no: @throws Error(refused).
void permit(const Invocation& invocation, const Config& config, bool is_protected,
            std::string_view what, const std::string& where, bool dangerous);

/// Signals ask `stop` to stop, while it lives.
class SignalScope {
 public:
  explicit SignalScope(StopSource& stop);
  ~SignalScope();
  SignalScope(const SignalScope&) = delete;
  SignalScope& operator=(const SignalScope&) = delete;
};

/// Whether a command may make the database. One that only looks sees an empty one in the place of
/// an SQLite file that is not there, and says so: by itself, or where it reads states, when one of
/// them is the database (tell_absent).
enum class Access { changes, looks, reads_states };
/// Looks with --dry-run and --rehearse.
Access access_of(const Invocation& invocation);

class Session {
 public:
  /// @throws Error(config) when there is no URL, naming every place where one can be given.
  explicit Session(const Invocation& invocation, Access access = Access::changes);
  ~Session();

  MigrationEngine& engine() { return *engine_; }
  const Config& config() const { return config_; }
  const ConnectionConfig& connection_config() const { return *connection_; }
  void clear_progress() { progress_->clear(); }
  /// Why there is nothing to look at, and what would make it; empty when there is.
  const std::string& absent() const { return absent_; }
  void tell_absent(const Invocation& invocation) const;
  /// @throws Error(connection) when it is not there.
  void require_database() const;

  /// See permit() above.
  void permit(const Invocation& invocation, std::string_view what, bool dangerous);
  /// --wait: tries to connect until it works or the time is over.
  void wait_for_database(const Invocation& invocation);

 private:
  Config config_;
  const ConnectionConfig* connection_ = nullptr;
  std::string absent_;
  std::unique_ptr<Progress> progress_;
  std::unique_ptr<TraceExporter> trace_;
  std::unique_ptr<MigrationEngine> engine_;
  std::optional<SignalScope> signals_;
};

}  // namespace sterna::cli
