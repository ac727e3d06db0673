#include <sterna/runner.hpp>

#include "migration/engine.hpp"
#include "migration/health.hpp"
#include "migration/run.hpp"
#include "migration/runner_access.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace sterna {

std::string_view to_string(MigrationState state) noexcept {
  switch (state) {
    case MigrationState::applied:
      return "applied";
    case MigrationState::pending:
      return "pending";
    case MigrationState::skipped:
      return "skipped";
    case MigrationState::missing:
      return "missing";
    case MigrationState::changed:
      return "changed";
    case MigrationState::out_of_order:
      return "out_of_order";
    case MigrationState::interrupted:
      return "interrupted";
  }
  return "pending";
}

std::string_view to_string(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::run_started:
      return "run_started";
    case EventKind::run_finished:
      return "run_finished";
    case EventKind::run_failed:
      return "run_failed";
    case EventKind::migration_started:
      return "migration_started";
    case EventKind::migration_finished:
      return "migration_finished";
    case EventKind::migration_failed:
      return "migration_failed";
    case EventKind::statement_started:
      return "statement_started";
    case EventKind::statement_finished:
      return "statement_finished";
    case EventKind::statement_failed:
      return "statement_failed";
    case EventKind::retry:
      return "retry";
    case EventKind::lock_wait:
      return "lock_wait";
    case EventKind::lock_acquired:
      return "lock_acquired";
    case EventKind::resume:
      return "resume";
    case EventKind::progress:
      return "progress";
    case EventKind::notice:
      return "notice";
    case EventKind::warning:
      return "warning";
  }
  return "notice";
}

std::string_view to_string(StatementProgress progress) noexcept {
  switch (progress) {
    case StatementProgress::pending:
      return "pending";
    case StatementProgress::under_way:
      return "under way";
    case StatementProgress::committed:
      return "committed";
  }
  return "pending";
}

std::size_t Status::count(MigrationState state) const {
  return static_cast<std::size_t>(
      std::count_if(migrations.begin(), migrations.end(),
                    [&](const MigrationStatus& m) { return m.state == state; }));
}

bool Status::up_to_date() const {
  return std::all_of(migrations.begin(), migrations.end(), [](const MigrationStatus& m) {
    return m.state == MigrationState::applied || m.state == MigrationState::skipped;
  });
}

struct Runner::Impl {
  explicit Impl(EngineOptions options) : engine(std::move(options)) {}

  /// Every call that works on the database goes through here, so that wait_idle() knows of it.
  template <class Call>
  auto run(Call call) {
    const Turn turn(*this);
    return call(engine);
  }

  /// One call at a time. Not a std::timed_mutex: ThreadSanitizer of GCC 12 does not know the call
  /// behind its try_lock_until().
  struct Turn {
    explicit Turn(Impl& runner) : impl(runner) {
      std::unique_lock lock(impl.guard);
      impl.idle.wait(lock, [&] { return !impl.busy; });
      impl.busy = true;
    }
    ~Turn() {
      const std::lock_guard lock(impl.guard);
      impl.busy = false;
      impl.idle.notify_all();  // those that wait for their turn, and wait_idle()
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Impl& impl;
  };

  MigrationEngine engine;
  std::mutex guard;
  std::condition_variable idle;
  bool busy = false;
};

Runner::Runner(std::string_view url, std::vector<MigrationDefinition> migrations,
               RunnerOptions options) {
  EngineOptions engine;
  engine.url = parse_url(url);
  // A list that was given is the whole list: what else is linked into the program belongs to other
  // runners.
  if (!migrations.empty()) options.registered = false;
  engine.run = std::move(options);
  engine.definitions = std::move(migrations);
  impl_ = std::make_unique<Impl>(std::move(engine));
}

Runner::Runner(Runner&&) noexcept = default;
Runner& Runner::operator=(Runner&&) noexcept = default;
Runner::~Runner() = default;

void Runner::on_event(EventHandler handler) { impl_->engine.on_event(std::move(handler)); }
void Runner::setup() {
  impl_->run([](MigrationEngine& engine) { engine.setup(); });
}

namespace {
Target version_target(std::string_view version) {
  return {Target::Kind::version, std::string(version), 0};
}
Target steps_target(int count) { return {Target::Kind::steps, {}, count}; }
}  // namespace

RunResult Runner::up() {
  return impl_->run([](MigrationEngine& engine) { return engine.up({}); });
}
RunResult Runner::up_to(std::string_view version) {
  return impl_->run([&](MigrationEngine& engine) { return engine.up(version_target(version)); });
}
RunResult Runner::up_steps(int count) {
  return impl_->run([&](MigrationEngine& engine) { return engine.up(steps_target(count)); });
}
RunResult Runner::down(int count) {
  return impl_->run([&](MigrationEngine& engine) { return engine.down(steps_target(count)); });
}
RunResult Runner::rollback() {
  return impl_->run([](MigrationEngine& engine) {
    return engine.down({Target::Kind::batch, {}, 0});
  });
}
RunResult Runner::rollback_to(std::string_view version) {
  return impl_->run([&](MigrationEngine& engine) { return engine.down(version_target(version)); });
}
RunResult Runner::reset() {
  return impl_->run([](MigrationEngine& engine) { return engine.down({}); });
}
RunResult Runner::redo(int count) {
  return impl_->run([&](MigrationEngine& engine) { return engine.redo(count); });
}
RunResult Runner::fresh() {
  return impl_->run([](MigrationEngine& engine) { return engine.fresh(); });
}
void Runner::freeze(const std::string& reason) {
  impl_->run([&](MigrationEngine& engine) { engine.freeze(reason); });
}
std::optional<Freeze> Runner::unfreeze() {
  return impl_->run([](MigrationEngine& engine) { return engine.unfreeze(); });
}

Status Runner::status() {
  return impl_->run([](MigrationEngine& engine) { return engine.status(); });
}
Plan Runner::plan(Target target, Direction direction) {
  return impl_->run([&](MigrationEngine& engine) { return engine.plan(target, direction); });
}
RunResult Runner::rehearse(Target target) {
  return impl_->run([&](MigrationEngine& engine) { return engine.rehearse(target); });
}

void RunnerAccess::run(Runner& runner, const std::function<void(MigrationEngine&)>& call) {
  runner.impl_->run(call);
}

Health Runner::health() {
  return impl_->run([](MigrationEngine& engine) { return check_health(engine); });
}

bool Runner::wait_idle(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(impl_->guard);
  return impl_->idle.wait_until(lock, until, [&] { return !impl_->busy; });
}

void Runner::request_stop() noexcept { impl_->engine.stop().request(); }

std::vector<MigrationStatus> Runner::executed() {
  std::vector<MigrationStatus> result;
  for (const HistoryRow& row :
       impl_->run([](MigrationEngine& engine) { return engine.history(); })) {
    if (row.state != RowState::applied) continue;
    MigrationStatus item;
    item.state = MigrationState::applied;
    fill_from_row(item, row);
    result.push_back(std::move(item));
  }
  return result;
}

std::vector<MigrationStatus> Runner::pending() {
  std::vector<MigrationStatus> result;
  Status all = status();
  for (MigrationStatus& item : all.migrations) {
    const bool open = item.state == MigrationState::pending ||
                      item.state == MigrationState::out_of_order ||
                      item.state == MigrationState::interrupted;
    if (open) result.push_back(std::move(item));
  }
  return result;
}

}  // namespace sterna
