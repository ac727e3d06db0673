// Small steps that the engine's files share.
#pragma once

#include "migration/engine.hpp"

namespace sterna {

void fill_from_row(MigrationStatus& item, const HistoryRow& row);
/// @throws Error(plan) before anything runs, when a migration that is to go down has no way down.
void check_way_down(const Source& source, const RunnerOptions& options);

}  // namespace sterna
