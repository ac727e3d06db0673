// The changes whose rendering is pinned by tests/database/golden and accepted by the real servers:
// one list for both, so that a golden file never holds what a server refuses.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
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
/// Those of CQL, which has tables of another shape (render_cases_cql.cpp).
std::vector<RenderCase> cql_render_cases();

inline bool is_for(const RenderStep& step, std::string_view dialect) {
  return step.only.empty() || step.only == dialect;
}
/// CQL has cases of its own: it would refuse nearly every step of the others.
inline bool is_for(const RenderCase& each, std::string_view dialect) {
  if (dialect == "cql") return each.name.starts_with("cql_");
  return std::any_of(each.steps.begin(), each.steps.end(),
                     [&](const RenderStep& step) { return is_for(step, dialect); });
}

}  // namespace sterna::test
