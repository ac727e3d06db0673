// Values of all types of CQL to and from the bytes of the protocol (native_protocol_v4.spec,
// section 6). What Value has no kind for travels as text: numbers of any length, UUIDs, addresses,
// times as the server's own clients print them, and collections, tuples and user types as the
// literals of CQL, so that what was read can be bound or written again.
#pragma once

#include "database/cql/value_type.hpp"

#include <sterna/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sterna::cql {

/// `bytes`: nothing is null. @throws as malformed() when they are no value of the type.
Value read_value(const ValueType& type, std::optional<std::string_view> bytes);

/// @throws Error(data) that names `place` when the value does not fit the type.
std::optional<std::string> write_value(const ValueType& type, const Value& value,
                                       std::string_view place);

}  // namespace sterna::cql
