// The switch by which an operator keeps runs from beginning: a row of the history that is no
// migration. It is written and taken away under the lock, so that behind it nobody runs.
#include "base/system.hpp"
#include "migration/engine.hpp"
#include "migration/run.hpp"

#include <fmt/format.h>

namespace sterna {
namespace {

constexpr std::size_t longest_reason = 255;  // of the column

}  // namespace

std::optional<Freeze> MigrationEngine::frozen() const {
  const std::optional<HistoryRow>& row = history_->frozen();
  if (!row) return std::nullopt;
  return Freeze{row->name, row->applied_by, row->applied_at};
}

void MigrationEngine::refuse_frozen() const {
  const std::optional<Freeze> freeze = frozen();
  if (!freeze) return;
  Error error(ErrorKind::refused,
              fmt::format("runs on this database are frozen since {} UTC by {}{}",
                          freeze->at.substr(0, freeze->at.find('.')), freeze->by,
                          freeze->reason.empty() ? std::string() : ": " + freeze->reason));
  error.with_state("nothing was run");
  error.suggest("when the reason is gone: sterna unfreeze");
  throw error;
}

void MigrationEngine::freeze(const std::string& reason) {
  if (reason.size() > longest_reason || reason.find('\n') != std::string::npos) {
    throw Error(ErrorKind::config,
                fmt::format("a reason is one line of at most {} bytes", longest_reason))
        .with_state("nothing was changed");
  }
  setup();
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  read_history(History::Detail::planning);
  connection().execute(history_->freeze(reason, runner_identity()));
  locker->release();
}

std::optional<Freeze> MigrationEngine::unfreeze() {
  read_history(History::Detail::planning);
  if (!history_->frozen()) return std::nullopt;
  Watchdog watchdog([&session = connection()] { session.cancel(); }, &stop_);
  const std::unique_ptr<Locker> locker = acquire(watchdog);
  read_history(History::Detail::planning);
  const std::optional<Freeze> before = frozen();
  if (before) connection().execute(history_->unfreeze());
  locker->release();
  return before;
}

}  // namespace sterna
