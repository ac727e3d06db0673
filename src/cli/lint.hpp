// What `plan` and `up` ask the linter before anything runs.
#pragma once

#include "cli/session.hpp"
#include "lint/review.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace sterna::cli {

/// What sterna.toml says, with the project's rules in C++, which are compiled when they have to be.
lint::Policy policy_of(Session& session);
/// The same, where there is no session.
lint::Policy policy_of(const Invocation& invocation, const Config& config);
/// What a plan would do, by the project's policy.
lint::PlanReview review_plan(Session& session, const Plan& plan);
/// What is pending, against the database as it is. `files`: how many migrations that are.
std::vector<lint::Finding> lint_pending(Session& session, const Target& target,
                                        std::size_t* files = nullptr);
/// Why what is pending is refused where the environment is protected: nothing when no finding is an
/// error. Leaves the errors in `findings`.
std::optional<Error> lint_refusal(std::vector<lint::Finding>& findings, const Config& config);
/// In a protected environment: false, with the errors among them told, when there are some.
bool lint_allows(Session& session, const Invocation& invocation,
                 std::vector<lint::Finding> findings);
/// What a command returns when it does not.
inline constexpr int lint_errors_found = 8;

}  // namespace sterna::cli
