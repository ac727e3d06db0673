// wait-for: holds a program back until the database is where the program needs it.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "database/registry.hpp"

#include <fmt/format.h>

#include <thread>

namespace sterna::cli {
namespace {

/// Empty when the version is applied; else what is missing. The files are not needed for it.
std::string missing_version(MigrationEngine& engine, const std::string& wanted) {
  for (const HistoryRow& row : engine.history()) {
    MigrationId id;
    std::string_view own = wanted;  // without the folder, where folders are separate
    if (!row.scope.empty() && own.starts_with(row.scope + "/"))
      own.remove_prefix(row.scope.size() + 1);
    const bool same = row.id() == own || row.version == own ||
                      (parse_migration_id(own, id) && id.name.empty() &&
                       parse_migration_id(row.version, id) && Version(row.version) == Version(own));
    if (same) return row.state == RowState::applied ? std::string() : wanted + " is being applied";
  }
  return wanted + " is not applied";
}

std::string missing_anything(MigrationEngine& engine) {
  const Status status = engine.status();
  if (status.up_to_date()) return {};
  for (const MigrationStatus& item : status.migrations) {
    if (item.state != MigrationState::applied && item.state != MigrationState::skipped)
      return fmt::format("{} is {}", item.id(), to_string(item.state));
  }
  return {};
}

/// The last failure to connect, with its own advice.
Error given_up(const Error& failure, double limit) {
  Error error(ErrorKind::connection,
              fmt::format("after {}: {}", format_duration(limit), failure.what()));
  error.with_code(failure.code()).with_detail(failure.detail());
  for (const std::string& suggestion : failure.suggestions()) error.suggest(suggestion);
  error.suggest("wait longer with --timeout");
  return error;
}

}  // namespace

int run_wait_for(Invocation& invocation) {
  const auto version = invocation.value("version");
  if (version.has_value() == invocation.has("up-to-date"))
    throw Error(ErrorKind::config, "wait-for takes one of --version and --up-to-date");
  const double limit = invocation.duration("timeout").value_or(60);
  Session session(invocation);
  MigrationEngine& engine = session.engine();
  const auto until = Clock::now() + std::chrono::duration<double>(limit);
  std::string told;
  for (;;) {
    std::string missing;
    std::optional<Error> unreachable;
    try {
      if (!engine.connected() && would_create(engine.options().url))
        throw Error(ErrorKind::connection, "there is no database yet");
      missing = version ? missing_version(engine, *version) : missing_anything(engine);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::connection) throw;
      missing = error.what();
      unreachable = error;
      engine.close();
    }
    if (missing.empty()) return 0;
    if (missing != told && invocation.verbosity() >= 0) say("waiting: " + missing);
    told = missing;
    if (engine.stop().requested())
      throw Error(ErrorKind::interrupted, "stopped while waiting: " + missing);
    if (Clock::now() >= until) {
      if (unreachable) throw given_up(*unreachable, limit);
      throw Error(ErrorKind::timeout, fmt::format("after {}: {}", format_duration(limit), missing))
          .suggest("`sterna status` shows what is applied")
          .suggest("wait longer with --timeout");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

}  // namespace sterna::cli
