// What reading and writing values share: the texts of bytes, UUIDs and floating numbers, and how
// many bytes a value of a type has. Internal to values.hpp.
#pragma once

#include "database/cql/value_type.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::cql {

std::string hex(std::string_view bytes);
std::optional<std::string> unhex(std::string_view text);

std::string uuid_text(std::string_view bytes);
std::optional<std::string> uuid_bytes(std::string_view text);

/// The shortest text that reads as the same number; NaN and Infinity as CQL has them.
std::string float_text(float value);
std::string float_text(double value);

/// Zigzag, as durations have it (native_protocol_v5.spec, section 6, "duration").
std::int64_t unzigzag(std::uint64_t value);
std::uint64_t zigzag(std::int64_t value);

/// The number of bytes of each value of a type; nothing where they differ (VectorType of
/// Cassandra: valueLengthIfFixed).
std::optional<std::size_t> fixed_size(const ValueType& type);

}  // namespace sterna::cql
