// What a statement of a plan costs, before it runs: the lock it takes and whom that blocks, the
// tables it touches with their estimated rows, and a class of time with its reason. The rules say
// what is written anew and what is read, the manuals which locks are taken; the rates are stated
// and rough, so that a class is told and no number of seconds.
#pragma once

#include "lint/rule.hpp"

#include <sterna/lint.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// `unknown` for another word.
TimeClass time_class_named(std::string_view word) noexcept;

using Estimate = StatementEstimate;

/// Of the statement that `probe` stands at. `findings`: what all rules, whatever the policy says of
/// them, find of it.
Estimate estimate(const Probe& probe, std::span<const Finding> findings);

/// Adds what a statement inside a body costs to what is known of the statement that runs it.
void join_into(Estimate& outer, Estimate inner);

/// The table whose rows a statement copies: FROM in INSERT … SELECT and CREATE TABLE … AS, when it
/// is one alone.
ObjectName copied_table(const StatementFact& fact);

}  // namespace sterna::lint
