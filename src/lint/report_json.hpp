// Findings and estimates as JSON values, for reports, plans and plan files: one shape everywhere.
#pragma once

#include "lint/review.hpp"

#include <nlohmann/json.hpp>

#include <span>

namespace sterna::lint {

nlohmann::ordered_json json_of(const Finding& finding);
nlohmann::ordered_json json_of(std::span<const Finding> findings);
nlohmann::ordered_json json_of(const Estimate& estimate);
/// Adds what is known of a planned statement to `item`: "atomicity", "after_crash", "estimate",
/// "findings".
void add(nlohmann::ordered_json& item, const StatementReview& review);

}  // namespace sterna::lint
