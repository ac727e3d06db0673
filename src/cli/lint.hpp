// What `up` asks the linter before it runs.
#pragma once

#include "cli/session.hpp"
#include "lint/finding.hpp"

#include <cstddef>
#include <vector>

namespace sterna::cli {

/// What is pending, against the database as it is. `files`: how many migrations that are.
std::vector<lint::Finding> lint_pending(Session& session, const Target& target,
                                        std::size_t* files = nullptr);
/// In a protected environment: false, with the errors told, when lint finds some in what is
/// pending.
bool lint_allows(Session& session, const Invocation& invocation, const Target& target);
/// What a command returns when it does not.
inline constexpr int lint_errors_found = 8;

}  // namespace sterna::cli
