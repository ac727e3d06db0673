// The history table: what was applied, by whom, from which text, and the journal of what is in
// flight. One row a migration; a row is in flight (state "up" or "down") while its statements run
// one by one on a database whose DDL is not transactional, and names the statement that runs. Makes
// statements for the executor to send; reads rows; decides nothing.
#pragma once

#include "database/connection.hpp"
#include "migration/source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// State of a history row, as stored.
enum class RowState {
  applied,
  up /* in flight */,
  down /* in flight */,
  frozen /* no migration: the row that keeps runs from beginning */
};

/// What is known of the statement in the journal. `failed`: the server refused it, so it took no
/// effect.
enum class StepState { done, started, failed };

/// A row in flight: which statement, and what is needed to find out whether it took effect.
struct Journal {
  int step = 0;  ///< statement, from 1; those before it are committed
  StepState state = StepState::done;
  std::string prefix_hash;  ///< over the statements before `step`: they must not be edited before
                            ///< the migration goes on
  std::string step_sql;     ///< the statement itself
  std::string fingerprint;  ///< of the objects concerned, before it ran; empty when not needed
  std::string cursor;       ///< saved position of a data step
  bool operator==(const Journal&) const = default;
};

struct HistoryRow {
  std::int64_t sequence = 0;  ///< order of application
  std::string scope, version, name, kind;
  RowState state = RowState::applied;
  int batch = 0;
  std::string hash_up, hash_down;
  int hash_algorithm = 1;
  std::string applied_at, applied_by;
  std::int64_t duration_us = 0;
  std::string sterna_version;
  Journal journal;      ///< of rows in flight
  bool stored = false;  ///< it stands in the table

  std::string id() const;
};

class History {
 public:
  History(Connection& connection, std::string schema, std::string table);

  /// The CREATE TABLE, for setup; harmless when the table exists.
  std::vector<Statement> create() const;
  /// What is read of each row. `planning` leaves out who applied it, how long it took and with
  /// which version, unless a row is in flight: then everything is read.
  enum class Detail { planning, everything };
  /// All rows in the order of application. A table that does not exist reads as empty and
  /// `exists()` is false then. One round trip.
  std::vector<HistoryRow> read(Detail detail);
  bool exists() const noexcept { return exists_; }
  /// The row that keeps runs from beginning, as it was read last; it is none of the rows that
  /// `read` gives. Its name is the reason.
  const std::optional<HistoryRow>& frozen() const noexcept { return frozen_; }

  // Statements, to be sent by the executor in the right transaction. The time is the server's; the
  // duration is `elapsed`, an expression, or the row's when that is empty.
  Statement insert(const HistoryRow& row, std::string_view elapsed = {}) const;
  Statement remove(std::string_view scope, std::string_view version) const;
  /// All rows, of which `rows` are the ones that were read.
  std::vector<Statement> clear(const std::vector<HistoryRow>& rows) const;
  /// Ends a row in flight: it is applied now.
  Statement finish(const HistoryRow& row, std::string_view elapsed = {}) const;
  /// Moves the journal of a row. `state` is the direction in flight.
  Statement journal(const HistoryRow& row) const;
  Statement save_cursor(const HistoryRow& row, std::string_view cursor) const;
  /// A repeatable script that ran again.
  Statement update(const HistoryRow& row, std::string_view elapsed = {}) const;
  /// Of a frozen history another reason, and who gave it.
  Statement freeze(const std::string& reason, const std::string& by) const;
  Statement unfreeze() const;
  /// New hashes of an applied row, nothing else (repair).
  Statement renew_hash(const HistoryRow& row) const;

  /// Quoted, for messages and statements.
  const std::string& table() const noexcept { return quoted_; }
  std::string lock_name() const { return schema_.empty() ? table_ : schema_ + "." + table_; }

 private:
  std::vector<HistoryRow> select(const std::vector<std::string_view>& columns);
  Dialect::OwnFields key(const HistoryRow& row) const;
  Statement changed(const HistoryRow& row, const Dialect::OwnFields& fields) const;
  Statement statement(std::string sql) const;
  std::string text(std::string_view value) const;
  std::string text_or_null(const std::string& value) const;
  std::string duration(const HistoryRow& row, std::string_view elapsed) const;

  Connection& connection_;
  std::string schema_, table_, quoted_;
  bool exists_ = false;
  std::optional<HistoryRow> frozen_;
};

}  // namespace sterna
