// Results as JSON texts. Every document carries schema_version; fields are added, never renamed.
#pragma once

#include "migration/engine.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {
struct MigrationReview;
}

namespace sterna::cli {

std::string freeze_json(const std::optional<Freeze>& frozen);
std::string status_json(const Status& status, std::string_view connection,
                        std::string_view environment);
std::string history_json(const std::vector<HistoryRow>& rows);
std::string result_json(const RunResult& result, std::string_view command);
/// `review`: of the same plan; nullptr: none was made (of a way down).
nlohmann::ordered_json planned_json(const Plan& plan,
                                    const std::vector<lint::MigrationReview>* review);
/// A document of it.
std::string plan_json(const Plan& plan, const std::vector<lint::MigrationReview>* review);
nlohmann::ordered_json problem_list(const std::vector<Problem>& problems);
/// A document of them.
std::string problems_json(const std::vector<Problem>& problems);
std::string names_json(std::string_view key, const std::vector<std::string>& names);
/// The two files of expand, and what they leave to a person.
std::string expansion_json(const std::vector<std::string>& files,
                           const std::vector<std::string>& by_hand);
std::string statements_json(const std::vector<Statement>& statements);

}  // namespace sterna::cli
