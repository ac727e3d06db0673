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
#include <string>
#include <string_view>

namespace sterna::cli {

Config load_configuration(const Invocation& invocation);
ConfigOverrides overrides_of(const Invocation& invocation);

class Session {
 public:
  /// @throws Error(config) when there is no URL, naming every place where one can be given.
  explicit Session(const Invocation& invocation);
  ~Session();

  MigrationEngine& engine() { return *engine_; }
  const Config& config() const { return config_; }
  const ConnectionConfig& connection_config() const { return *connection_; }
  void clear_progress() { progress_->clear(); }

  /// For what changes a database. Protected environments ask for their name; `dangerous` work asks
  /// always. Without a terminal, or when the answer is no: @throws Error(refused).
  void permit(const Invocation& invocation, std::string_view what, bool dangerous);
  /// --wait: tries to connect until it works or the time is over.
  void wait_for_database(const Invocation& invocation);

 private:
  Config config_;
  const ConnectionConfig* connection_ = nullptr;
  std::unique_ptr<Progress> progress_;
  std::unique_ptr<TraceExporter> trace_;
  std::unique_ptr<MigrationEngine> engine_;
};

}  // namespace sterna::cli
