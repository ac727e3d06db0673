// One pass over a table, range by range: each range is a short transaction that does its work and
// keeps the cursor. Used by backfills and by tables changed on a copy.
#pragma once

#include "bulk/cursor.hpp"
#include "bulk/host.hpp"
#include "bulk/pace.hpp"
#include "bulk/walk.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace sterna::bulk {

class Ranges {
 public:
  /// `work`: the statement for the rows that a condition finds. `name`: of the table, for people.
  Ranges(StepHost& host, const BulkWords& words, Walk& walk, Pace& pace, std::string name,
         std::function<Statement(const std::string& range)> work);

  /// About so many rows there are, for those who watch.
  void expect(std::int64_t rows) noexcept { total_ = rows; }
  /// The key is one whole number: where numbers stand close, the end of a range is counted and not
  /// looked up.
  void by_number(bool whole_number) noexcept { by_number_ = whole_number; }
  /// To be told of each range that is committed, and about how many rows it had.
  void after_each(std::function<void(const Cursor&, std::int64_t)> told) {
    after_each_ = std::move(told);
  }
  /// From where `cursor` stands to its end; rows that fulfil `condition` (empty: all).
  void run(Cursor& cursor, const std::string& condition);

 private:
  Place next(const Cursor& cursor, std::int64_t rows, const std::string& condition);
  bool batch(const Place& to, const std::string& condition, const Cursor& from, Cursor& after);
  void tell();

  StepHost& host_;
  Connection& connection_;
  const BulkWords& words_;
  Walk& walk_;
  Pace& pace_;
  std::string name_;
  std::function<Statement(const std::string&)> work_;
  std::function<void(const Cursor&, std::int64_t)> after_each_;
  std::int64_t total_ = 0, visited_ = 0;
  bool by_number_ = false, close_ = false;
  std::chrono::duration<double> busy_{0};
};

/// Definitions wait for locks of their own, shortly, and are tried again. In one transaction where
/// that is possible.
void run_definitions(StepHost& host, const BulkWords& words, Pace& pace,
                     const std::vector<Statement>& statements);

}  // namespace sterna::bulk
