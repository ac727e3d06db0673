// Small steps that the engine's files share.
#pragma once

#include "base/text.hpp"
#include "migration/engine.hpp"

namespace sterna {

inline std::string seconds_text(std::chrono::milliseconds duration) {
  return format_duration(static_cast<double>(duration.count()) / 1000.0);
}
/// Where what takes rows away needs no further permission.
inline bool is_development(std::string_view environment) {
  return environment == "development" || environment == "dev" || environment == "test" ||
         environment == "local";
}

void fill_from_row(MigrationStatus& item, const HistoryRow& row);
/// @throws Error(refused) unless development or RunnerOptions::allow_destructive.
void refuse_losses(const Source& source, std::string_view losses, const RunnerOptions& options);
/// @throws Error(plan) before anything runs, when a migration that is to go down has no way down;
/// Error(refused) when that way loses values and nobody allowed it.
void check_way_down(const Source& source, const RunnerOptions& options);

}  // namespace sterna
