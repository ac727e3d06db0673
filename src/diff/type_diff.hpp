// Structured types in a difference: fields are added behind the others, all else is refused. Used
// by diff.cpp alone.
#pragma once

#include "change/change.hpp"
#include "diff/order.hpp"

#include <vector>

namespace sterna::detail {

/// The type with the types of its fields, for the order of creation.
Node node_of(const model::UserType& type);
/// How `now` is made, or made of `old`, which may be nullptr.
/// @throws Error(plan) for a field that changes, goes or stands elsewhere.
std::vector<Change> type_changes(const model::UserType* old, const model::UserType& now);
/// Types that are in `from` alone: those that others are made of come last.
std::vector<Change> dropped_types(const model::Model& from, const model::Model& to);

}  // namespace sterna::detail
