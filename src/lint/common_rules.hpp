// The parts of the table of rules that every database shares.
#pragma once

#include "lint/rule.hpp"

namespace sterna::lint {

std::span<const Rule> loss_rules();
std::span<const Rule> body_rules();
std::span<const Rule> script_rules();
std::span<const Rule> design_rules();

}  // namespace sterna::lint
