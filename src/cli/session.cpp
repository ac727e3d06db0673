#include "cli/session.hpp"

#include "base/log.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "cli/output.hpp"
#include "database/registry.hpp"
#include "program/options.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <csignal>
#include <thread>

namespace sterna::cli {
namespace {

StopSource* stopping = nullptr;
volatile std::sig_atomic_t signals = 0;

// The first signal asks the run to stop: its statement is cancelled on the server, the transaction
// rolled back, the lock released. The second leaves at once; the database then does the same when
// it sees the connection gone.
void on_signal(int) {
  signals = signals + 1;
  if (signals > 1) _exit(130);
  if (stopping != nullptr) stopping->request();
}

}  // namespace

ConfigOverrides overrides_of(const Invocation& invocation) {
  ConfigOverrides overrides;
  if (const auto file = invocation.value("config")) overrides.config_file = *file;
  overrides.environment = invocation.value("env");
  overrides.connection = invocation.value("connection");
  overrides.url = invocation.value("url");
  overrides.directories = invocation.all("dir");
  overrides.use_dotenv = !invocation.has("no-dotenv");
  static constexpr std::pair<std::string_view, std::string_view> settings[] = {
      {"lock-wait", "lock_wait"},
      {"lock-timeout", "lock_timeout"},
      {"out-of-order", "out_of_order"},
      {"timeout", "run_timeout"},
      {"transaction", "transaction"}};
  for (const auto& [option, setting] : settings) {
    if (const auto value = invocation.value(option))
      overrides.settings[std::string(setting)] = *value;
  }
  if (invocation.has("strict")) overrides.settings["strict"] = "true";
  return overrides;
}

Config load_configuration(const Invocation& invocation) {
  return load_config(std::filesystem::current_path(), overrides_of(invocation),
                     process_environment());
}

SignalScope::SignalScope(StopSource& stop) {
  stopping = &stop;
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

SignalScope::~SignalScope() { stopping = nullptr; }

void prepare(EngineOptions& options, const Invocation& invocation, const Config& config) {
  options.run.compile_cpp = true;
  options.run.allow_missing_down = invocation.has("allow-missing-down");
  options.run.allow_destructive = invocation.has("allow-destructive");
  options.compile.allow_compile = !invocation.has("no-compile");
  options.compile.cache = config.root / ".sterna" / "cache";
  options.file_cache = cache_folder();
  if (invocation.verbosity() >= 0)
    options.compile.progress = [](std::string_view text) { say(text); };
}

Access access_of(const Invocation& invocation) {
  return invocation.has("dry-run") || invocation.has("rehearse") ? Access::looks : Access::changes;
}

Session::Session(const Invocation& invocation, Access access)
    : config_(load_configuration(invocation)) {
  if (config_.debug.value || invocation.verbosity() > 0) {
    set_log_sink(
        [](LogLevel level, std::string_view text) {
          say(fmt::format("{} {}",
                          toned(level == LogLevel::warning ? "warning" : "debug", Tone::dim, true),
                          text));
        },
        config_.debug.value ? LogLevel::debug : LogLevel::info);
  }
  connection_ = &config_.connection(invocation.value("connection").value_or(""));
  EngineOptions options = engine_options(config_, *connection_);
  prepare(options, invocation, config_);
  if (access != Access::changes && look_without_making(options)) {
    absent_ = fmt::format("there is no database {}: `sterna up` would make it; nothing was made",
                          options.url.masked());
    if (access == Access::looks) tell_absent(invocation);
  }
  ProgressOptions progress;
  progress.verbosity = invocation.verbosity();
  progress.terminal = stderr_is_terminal() && !invocation.json();
  progress.log_sql = config_.log_sql.value;
  progress.json = log_is_json();
  progress_ = std::make_unique<Progress>(progress);
  log_debug(fmt::format("connection {} ({}), environment {} ({})", connection_->name,
                        connection_->url.origin, config_.environment.value,
                        config_.environment.origin));
  engine_ = std::make_unique<MigrationEngine>(std::move(options));
  trace_ = TraceExporter::from_environment(process_environment(), [](std::string_view text) {
    say(fmt::format("{} {}", toned("warning", Tone::warning, true), text));
  });
  if (trace_) trace_->of_database(engine_->options().url.scheme);
  engine_->on_event([this](const Event& event) {
    progress_->on_event(event);
    if (trace_) trace_->on_event(event);
  });
  signals_.emplace(engine_->stop());
}

Session::~Session() = default;

void Session::tell_absent(const Invocation& invocation) const {
  if (!absent_.empty() && invocation.verbosity() >= 0)
    say(fmt::format("{} {}", toned("warning", Tone::warning, true), absent_));
}

void Session::require_database() const {
  if (!absent_.empty())
    throw Error(ErrorKind::connection, absent_)
        .suggest("the URL comes from " + connection_->url.origin +
                 ": a relative path begins at the working folder, in sterna.toml and .env at that "
                 "of the file");
}

void Session::permit(const Invocation& invocation, std::string_view what, bool dangerous) {
  cli::permit(invocation, config_, connection_->protected_.value, what,
              connection_->url.value ? connection_->url.value->masked() : std::string(), dangerous);
}

void permit(const Invocation& invocation, const Config& config, bool is_protected,
            std::string_view what, const std::string& where, bool dangerous) {
  if ((!dangerous && !is_protected) || invocation.has("yes")) return;
  const std::string& environment = config.environment.value;
  const std::string target = where.empty() ? std::string() : " on " + where;
  const bool agreed =
      is_protected
          ? ask(fmt::format("{}{}. This environment is protected; type its name ({}) to go on:",
                            what, target, environment),
                environment)
          : ask(fmt::format("{}{}. Go on? [y/N]", what, target));
  if (agreed) return;
  throw Error(
      ErrorKind::refused,
      fmt::format("{} {}", what,
                  is_protected ? fmt::format("needs permission: the environment '{}' is protected",
                                             environment)
                               : std::string("needs permission")))
      .with_state("nothing was changed")
      .suggest("add --yes");
}

void Session::wait_for_database(const Invocation& invocation) {
  const auto limit = invocation.duration("wait");
  if (!limit) return;
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(*limit);
  for (;;) {
    try {
      engine_->connection();
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::connection || std::chrono::steady_clock::now() >= until ||
          engine_->stop().requested())
        throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

}  // namespace sterna::cli
