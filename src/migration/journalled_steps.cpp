// Steps that commit in parts, in a journalled migration: the history row says that the step is in
// flight and keeps its cursor, which each part commits with its rows.
#include "bulk/host.hpp"
#include "bulk/steps.hpp"
#include "database/registry.hpp"
#include "migration/sink_tools.hpp"
#include "migration/step_cursor.hpp"

namespace sterna {

using namespace sink;

class JournalledSink::Steps final : public bulk::StepHost {
 public:
  explicit Steps(JournalledSink& sink) : sink_(sink), name_(step_name(sink.number_)) {}

  Connection& connection() override { return sink_.run_.connection; }

  std::unique_ptr<Connection> another_session() override {
    try {
      return connect(sink_.run_.connection.url());
    } catch (const Error&) {  // no more sessions, perhaps: the work is done by this one
      return nullptr;
    }
  }

  const std::vector<std::string>& replicas() override { return sink_.run_.options.replicas; }

  std::string saved() override {
    if (!sink_.resumed_ || sink_.number_ != sink_.resume_.step) return {};
    const std::string line = line_of_step(sink_.resume_.cursor, sink_.number_);
    if (cursor_of_line(line).empty()) return {};
    sink_.cursors_[name_] = line;
    sink_.partly_ = true;
    return cursor_of_line(line);
  }

  Statement saving(std::string_view cursor) override {
    sink_.cursors_[name_] = step_line(sink_.number_, sink_.prefix_, cursor);
    return sink_.run_.history.save_cursor(sink_.row_, saved_lines());
  }

  void committed() override { sink_.partly_ = true; }
  void undone() override {
    forget();
    sink_.run_.connection.execute(sink_.run_.history.save_cursor(sink_.row_, saved_lines()));
    sink_.partly_ = false;
  }

  std::vector<Statement> fence() override {
    std::vector<Statement> statements;
    sink_.append_fence(statements);
    return statements;
  }

  void check() override {
    sink_.run_.watchdog.check();
    if (sink_.run_.locker != nullptr) sink_.run_.locker->check();
  }

  void progress(std::string_view text, std::int64_t done, std::int64_t total) override {
    Event event{EventKind::progress};
    event.text = std::string(text);
    event.done = done;
    event.total = total;
    sink_.run_.emit(std::move(event));
  }
  void tell(std::string_view text) override { say(EventKind::notice, text); }
  void warn(std::string_view text) override { say(EventKind::warning, text); }

  void forget() { sink_.cursors_.erase(name_); }

 private:
  /// All cursors of the migration, one line each.
  std::string saved_lines() const {
    std::string all;
    for (const auto& [name, line] : sink_.cursors_) all += (all.empty() ? "" : "\n") + line;
    return all;
  }

  void say(EventKind kind, std::string_view text) {
    Event event{kind};
    event.text = std::string(text);
    sink_.run_.emit(std::move(event));
  }

  JournalledSink& sink_;
  std::string name_;
};

std::int64_t JournalledSink::run_step(Statement statement) {
  if (depth_ > 0) {
    throw Error(ErrorKind::plan,
                "a step in batches commits each by itself, so it cannot stand inside transaction()")
        .at(statement.position)
        .suggest("move it before or after the transaction");
  }
  flush();
  const std::string after = extend(prefix_, statement);
  if (next(statement) == Verdict::skip) {
    committed_ = number_;
    committed_prefix_ = prefix_ = after;
    return 0;
  }
  const Pending item = pending(std::move(statement));
  const Clock::time_point since = Clock::now();
  started(item.statement, item.number);
  Steps host(*this);
  std::int64_t rows = 0;
  try {
    bulk::plan_step(item.statement, run_.connection);
    retried([&] { run_.connection.execute(journal_write(item, StepState::started, exists_)); });
    exists_ = touched_ = true;
    rows = bulk::run_step(item.statement, host);
    if (settings_stay(run_)) {
      for (const Statement& setting : clocks(run_, false)) run_.connection.execute(setting);
    }
    retried([&] { run_.connection.execute(journal_write(item, StepState::done, true)); });
  } catch (Error& error) {
    report_failure(item.statement, item.number, error);
    throw;
  }
  host.forget();
  partly_ = false;
  finished(item.statement, item.number, since);
  committed(item);
  prefix_ = after;
  return rows;
}

}  // namespace sterna
