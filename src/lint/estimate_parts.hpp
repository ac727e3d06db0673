// What the files of the estimates share.
#pragma once

#include "lint/estimate.hpp"
#include "lint/mysql_algorithm.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sterna::lint {

using Touched = std::vector<std::pair<std::string, TouchedTable>>;  // by key_of()

/// The tables that the statement names, with their locks. `cost`: of a change of a MySQL table.
Touched touched_by(const Probe& probe, const std::optional<AlterCost>& cost);

}  // namespace sterna::lint
