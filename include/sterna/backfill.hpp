// A data step over a whole table that keeps nobody waiting: one UPDATE, run range by range of the
// table's key, each range a short transaction that also keeps the position, so that a run which
// dies goes on exactly there. For migrations with TransactionMode::none.
//
//   schema.backfill("users").set("email_lower", sterna::expr("lower(email)"))
//       .where_null("email_lower");
//
// docs/backfill.md tells what can be parted and what the closing count proves.
#pragma once

#include <sterna/export.hpp>
#include <sterna/query.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace sterna {

class SchemaTarget;

/// Applied at the end of the full expression.
class STERNA_API Backfill : public Filter<Backfill> {
 public:
  Backfill(const Backfill&) = delete;
  Backfill& operator=(const Backfill&) = delete;
  /// Runs it, unless the expression it stands in failed. @throws Error(validation) without set(),
  /// or when the table has no key; what running throws.
  ~Backfill() noexcept(false);

  Backfill& set(std::string_view column, Operand value);
  /// Rows of one range. Not set: found while it runs, by the time that ranges take.
  Backfill& batch(std::int64_t rows);
  /// Between two ranges. Not set: only as long as replicas or other sessions need it.
  Backfill& pause(std::chrono::milliseconds time);
  /// The time that one range may take; 50 ms when not set.
  Backfill& target(std::chrono::milliseconds time);
  /// While it runs, a trigger fills rows that come or change.
  Backfill& sync_by_trigger();

  Backfill& add_condition(Condition condition, bool alternative);

 private:
  friend class Schema;
  Backfill(SchemaTarget& target, std::string_view table);

  struct Draft;
  SchemaTarget& target_;
  std::unique_ptr<Draft> draft_;
  int exceptions_;
};

}  // namespace sterna
