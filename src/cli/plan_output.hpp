// Plans for people and machines, on standard output.
#pragma once

#include "cli/command.hpp"
#include "lint/review.hpp"

namespace sterna::cli {

/// `review`: of the same plan; nullptr: none was made (of a way down).
void print_plan(const Plan& plan, const lint::PlanReview* review, const Invocation& invocation);
/// What a command that shows a plan returns.
int plan_exit(const Plan& plan);

}  // namespace sterna::cli
