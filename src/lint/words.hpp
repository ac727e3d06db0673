// Words that a language keeps for itself: a name like one of them must be quoted everywhere.
#pragma once

#include "sql/language.hpp"

#include <string_view>

namespace sterna::lint {

bool is_reserved(std::string_view name, Language language) noexcept;

}  // namespace sterna::lint
