// Giving up a step that commits in batches and was interrupted: what it left goes, and the
// migration is pending again, or stands before that statement when others came before it.
#include "bulk/directive.hpp"
#include "bulk/steps.hpp"
#include "migration/locked_run.hpp"
#include "migration/step_cursor.hpp"

namespace sterna {
namespace {

class AbandonHost final : public bulk::StepHost {
 public:
  AbandonHost(const RunContext& run, const HistoryRow& row, std::vector<std::string>& told)
      : run_(run), row_(row), told_(told) {}

  Connection& connection() override { return run_.connection; }
  std::unique_ptr<Connection> another_session() override { return nullptr; }
  const std::vector<std::string>& replicas() override { return run_.options.replicas; }
  std::string saved() override {
    return cursor_of_line(line_of_step(row_.journal.cursor, row_.journal.step));
  }
  Statement saving(std::string_view cursor) override {
    return run_.history.save_cursor(row_,
                                    step_line(row_.journal.step, row_.journal.prefix_hash, cursor));
  }
  void committed() override {}
  void undone() override {}
  std::vector<Statement> fence() override { return run_.locker->fence(); }
  void check() override {
    run_.watchdog.check();
    run_.locker->check();
  }
  void progress(std::string_view /*text*/, std::int64_t /*done*/, std::int64_t /*total*/) override {
  }
  void tell(std::string_view text) override { told_.emplace_back(text); }
  void warn(std::string_view text) override { told_.emplace_back(text); }

 private:
  const RunContext& run_;
  const HistoryRow& row_;
  std::vector<std::string>& told_;
};

/// @throws Error(plan) when there is no such step in flight.
void check_in_flight(const Entry& entry, std::string_view id) {
  const HistoryRow* row = entry.row;
  const bool in_flight = row != nullptr && row->state != RowState::applied;
  if (in_flight && row->journal.state == StepState::started &&
      bulk::is_step({row->journal.step_sql, {}, {}, {}}))
    return;
  Error error(ErrorKind::plan,
              in_flight ? fmt::format("statement {} of migration {} is no backfill and no online "
                                      "change that was interrupted",
                                      row->journal.step, id)
                        : fmt::format("no run of migration {} was interrupted: there is nothing to "
                                      "abandon",
                                      id));
  error.with_state("nothing was changed");
  if (in_flight)
    error.suggest(
        fmt::format("let `sterna up` go on with it, or settle it by hand: sterna resolve "
                    "{} --as up|down",
                    id));
  else
    error.suggest("`sterna status` shows what is applied; `sterna down` takes it back");
  throw error;
}

}  // namespace

Resolution MigrationEngine::abandon(std::string_view id) {
  LockedRun run(*this);
  const Survey seen = look(History::Detail::everything);
  const Entry& entry = find_entry(seen, id);
  check_in_flight(entry, id);
  HistoryRow row = *entry.row;
  Resolution resolution;
  resolution.id = entry.source != nullptr ? entry.source->id() : row.id();
  const RunContext context = run.context();
  AbandonHost host(context, row, resolution.evidence);
  bulk::abandon_step({row.journal.step_sql, {}, {}, {}}, host);
  Connection& session = connection();
  if (row.journal.step > 1) {
    row.journal.state = StepState::failed;
    row.journal.cursor = without_step(row.journal.cursor, row.journal.step);
    session.execute(history_->journal(row));
    session.execute(history_->save_cursor(row, row.journal.cursor));
    resolution.evidence.push_back(
        fmt::format("the {} statement(s) before it stay; the next run begins statement {} anew, "
                    "whatever stands there then",
                    row.journal.step - 1, row.journal.step));
  } else if (row.state == RowState::up) {
    session.execute(history_->remove(row.scope, row.version));
    resolution.evidence.emplace_back("the migration is pending again");
  } else {
    session.execute(history_->finish(row));
    resolution.evidence.emplace_back("the migration counts as applied, as before");
  }
  return resolution;
}

}  // namespace sterna
