// What a long step needs from whoever runs it: the session, a place for its cursor that commits
// with its rows, clocks, and somebody to tell. Implemented by the journal of a migration.
#pragma once

#include "database/connection.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::bulk {

class StepHost {
 public:
  virtual ~StepHost() = default;

  virtual Connection& connection() = 0;
  /// Another session with the same database, for work beside this one; nothing when there is none.
  virtual std::unique_ptr<Connection> another_session() = 0;
  /// URLs of replicas that somebody named.
  virtual const std::vector<std::string>& replicas() = 0;
  /// The cursor that an interrupted run left; empty: the step begins.
  virtual std::string saved() = 0;
  /// The statement that keeps a cursor; to be sent in the transaction of the rows it speaks of.
  virtual Statement saving(std::string_view cursor) = 0;
  /// A batch with its cursor was committed.
  virtual void committed() = 0;
  /// The step took back all that it had done; its cursor is void.
  virtual void undone() = 0;
  /// Statements that fail a transaction when the run's lock was lost.
  virtual std::vector<Statement> fence() = 0;
  /// @throws Error(timeout) or Error(interrupted) when a clock ran out or somebody asked to stop.
  virtual void check() = 0;
  virtual void progress(std::string_view text, std::int64_t done, std::int64_t total) = 0;
  virtual void tell(std::string_view text) = 0;
  virtual void warn(std::string_view text) = 0;
};

}  // namespace sterna::bulk
