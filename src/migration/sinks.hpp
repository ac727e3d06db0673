// The ways in which statements take effect: with the history row in one transaction, one by one
// with a journal, or, when they belong to no migration, one by one. Used by execute_migration
// alone.
#pragma once

#include "migration/execution.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace sterna {

/// All or nothing: BEGIN … history row … COMMIT.
class TransactionalSink final : public StatementSink {
 public:
  TransactionalSink(RunContext& run, HistoryRow row, const ExecutionMode& mode);

  void add(Statement statement) override;
  std::int64_t execute(Statement statement) override;
  Rows query(Statement statement) override;
  void flush() override;
  void finish() override;
  void abandon(Error& error) noexcept override;
  void begin_nested() override;
  void commit_nested() override;
  void rollback_nested() noexcept override;
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

 private:
  void check_allowed(const Statement& statement) const;

  ExecutionMode mode_;
  std::vector<Statement> waiting_;
  std::vector<int> numbers_;  // of waiting_: 0 for Sterna's own statements
  int depth_ = 0;             // of savepoints
  Clock::time_point begun_ = Clock::now();
};

/// Statement by statement, journalled in the history row.
class JournalledSink final : public StatementSink {
 public:
  JournalledSink(RunContext& run, HistoryRow row, bool resumed);

  void add(Statement statement) override;
  std::int64_t execute(Statement statement) override;
  Rows query(Statement statement) override;
  void flush() override;
  void finish() override;
  void abandon(Error& error) noexcept override;
  void begin_nested() override;
  void commit_nested() override;
  void rollback_nested() noexcept override;
  std::string load_cursor(std::string_view step) override;
  void save_cursor(std::string_view step, std::string_view value) override;
  bool replaying() const noexcept override { return resumed_ && number_ < resume_.step; }
  void repeat_from_here() override;

 private:
  class Steps;
  /// A statement that commits in parts (src/bulk); rows changed. 0 when it was done before.
  std::int64_t run_step(Statement statement);

  /// One statement of the migration that waits to be sent with its journal writes.
  struct Pending {
    Statement statement;
    int number = 0;
    std::string prefix;  // hash over the statements before it
    std::string fingerprint;
    bool transactional = false;  // shares a transaction with its journal write
    bool alone = false;          // refuses to be in a batch
    bool hides_cancel = false;   // cancelled, it may end as if it had worked
  };
  enum class Verdict { run, skip };

  Verdict next(
      const Statement& statement);  // numbers it; decides about statements of an interrupted run
  Verdict decide_in_flight(const Statement& statement);
  bool took_effect_late(const Pending& failed) noexcept;
  void retried(const std::function<void()>& work);
  Pending pending(Statement statement);
  Statement journal_write(const Pending& pending, StepState state, bool exists);
  void append_fence(std::vector<Statement>& batch) const;
  void send();  // everything that waits, once
  void committed(const Pending& pending);
  std::int64_t run_now(Statement statement, Rows* rows);
  void clear_away(const Pending& failed) noexcept;
  void report_failure(const Statement& statement, int number, const Error& error) const;

  Journal resume_;  // where the interrupted run stood
  bool resumed_;
  bool exists_;         // the history row is in the table
  bool created_here_;   // and was put there for this migration: it goes again when nothing took
                        // effect
  std::string prefix_;  // hash over the statements so far
  std::deque<Pending> waiting_;
  std::optional<Statement> closing_;  // ends the row in flight; goes with the last statements
  bool touched_ = false;              // this run sent something
  int committed_ = 0;                 // last statement known to be committed
  std::string committed_prefix_;      // hash up to and including it
  int in_doubt_ = 0;                  // statement that a run died in, and that was not found done
  bool partly_ = false;               // a step committed batches and is not done
  int depth_ = 0;                     // of transaction()
  bool nested_open_ = false;          // a transaction was really begun for it
  bool existed_before_ = false;       // what exists_ was then
  std::map<std::string, std::string> cursors_;  // of data steps, by step
  Clock::time_point begun_ = Clock::now();
};

/// Statement by statement, without a journal: whoever asked finds out what is left to do by looking
/// at the schema (schema apply).
class UnrecordedSink final : public StatementSink {
 public:
  using StatementSink::StatementSink;

  void add(Statement statement) override { execute(std::move(statement)); }
  std::int64_t execute(Statement statement) override;
  Rows query(Statement statement) override { return run_.connection.query(statement); }
  void flush() override {}
  void finish() override {}
  void abandon(Error& error) noexcept override;
  void begin_nested() override { run_.connection.begin(); }
  void commit_nested() override { run_.connection.commit(); }
  void rollback_nested() noexcept override { run_.connection.rollback(); }
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

 private:
  std::int64_t try_once(const Statement& statement);

  int done_ = 0;
};

}  // namespace sterna
