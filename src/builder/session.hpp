// What the handles of one Schema or Database share: where their work goes, and the state of data
// steps. Internal to this room.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "builder/target.hpp"

namespace sterna::detail {

struct Session {
  explicit Session(SchemaTarget& session_target) : target(session_target) {}

  SchemaTarget& target;
  std::map<std::string, int> data_steps;  ///< how often each step has run, so that two equal ones
                                          ///< keep cursors of their own
  int open_steps =
      0;  ///< a step inside another one keeps no cursor: it is part of the outer one's chunk
};

/// Commits when `body` returns, rolls back when it throws.
void in_transaction(SchemaTarget& target, const std::function<void()>& body);

/// An expression as a statement of its own: `?` replaced by the dialect's placeholders.
Statement statement_of(const Expression& expression, const Dialect& dialect);

}  // namespace sterna::detail
