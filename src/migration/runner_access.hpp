// The engine behind a public Runner, for public calls that live in rooms above this one.
#pragma once

#include "migration/engine.hpp"

#include <functional>

namespace sterna {

class RunnerAccess {
 public:
  /// In the runner's turn: waits while another thread uses it, and wait_idle() knows of it.
  static void run(Runner& runner, const std::function<void(MigrationEngine&)>& call);
};

}  // namespace sterna
