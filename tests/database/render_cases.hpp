// The changes whose rendering is pinned by tests/database/golden and accepted by the real servers:
// one list for both, so that a golden file never holds what a server refuses.
#pragma once

#include <string>
#include <vector>

#include "change/change.hpp"

namespace sterna::test {

struct RenderStep {
  Change change;
  std::string only;  ///< dialect that it is for ("postgres"); empty: all of them
  bool server =
      true;  ///< false: for the golden file alone (needs what a test server does not have)
};

struct RenderCase {
  std::string name;
  std::vector<RenderStep> steps;
};

const std::vector<RenderCase>& render_cases();

}  // namespace sterna::test
