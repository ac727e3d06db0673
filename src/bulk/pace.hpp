// How many rows a batch takes and how long to rest between two: so that no batch holds its locks
// for long, replicas keep up and a busy server is left alone. Used by backfills and online changes.
#pragma once

#include "bulk/directive.hpp"
#include "bulk/host.hpp"
#include "bulk/replicas.hpp"
#include "database/bulk.hpp"

#include <chrono>
#include <cstdint>

namespace sterna::bulk {

class Pace {
 public:
  Pace(const StepOptions& options, const BulkWords& words, StepHost& host);

  std::int64_t batch() const noexcept { return batch_; }
  /// A batch of that many rows was done in that time.
  void did(std::int64_t rows, std::chrono::duration<double> took);
  /// A batch was refused a lock: smaller ones meet fewer other sessions.
  /// @throws Error that is given when it happened too often without a batch between.
  void refused(const Error& error);
  /// The refusals before are over.
  void settled() noexcept { refusals_ = 0; }
  /// What lies between two batches: a pause, or waiting for replicas and other sessions. Before the
  /// first one there is no pause.
  /// @throws what StepHost::check throws.
  void rest();
  /// The pause between two batches, if it is a fixed one.
  std::chrono::duration<double> pause() const {
    return options_.pause.value_or(std::chrono::milliseconds(0));
  }

 private:
  void sleep(std::chrono::milliseconds time);
  /// Why the next batch has to wait; empty: it has not.
  std::string busy();
  void wait_while_busy();

  const StepOptions& options_;
  const BulkWords& words_;
  StepHost& host_;
  Replicas replicas_;
  std::int64_t batch_;
  int refusals_ = 0;
  bool begun_ = false;
  std::chrono::steady_clock::time_point looked_;
};

}  // namespace sterna::bulk
