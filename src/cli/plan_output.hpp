// Plans for people and machines, on standard output.
#pragma once

#include "cli/command.hpp"
#include "lint/review.hpp"

namespace sterna::cli {

/// `review`: of the same plan; nullptr: none was made (of a way down).
void print_plan(const Plan& plan, const lint::PlanReview* review, const Invocation& invocation);
/// The same as text, also of what is one plan among several; returns how many notes it left out.
int print_plan_text(const Plan& plan, const lint::PlanReview* review, const Invocation& invocation);
void tell_hidden_notes(int hidden);
/// What a command that shows a plan returns.
int plan_exit(const Plan& plan);

}  // namespace sterna::cli
