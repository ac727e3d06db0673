// CQL's type texts, as system_schema tells them, into types of the model. Used by the inspector and
// where dropped columns are compared; the way back is CqlDialect::spell.
#pragma once

#include <string_view>

#include "model/model.hpp"

namespace sterna::cql {

/// "map<text, frozen<list<int>>>". What is not known (a Java class in quotes) is native.
model::Type parse_type(std::string_view text);

/// The server takes the name of a dropped column back for `now`, as far as that can be told: the
/// stored bytes of `before` must be readable as `now` (Cassandra,
/// AbstractType.isValueCompatibleWith).
bool takes_back(const model::Type& before, const model::Type& now);

/// Values of `from` can be written as values of `to` when rows are copied: the same type, frozen or
/// not, or both of one value that has a text.
bool converts(const model::Type& from, const model::Type& to);

}  // namespace sterna::cql
