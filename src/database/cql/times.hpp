// Dates, times and durations between their text and the numbers of the protocol
// (native_protocol_v4.spec, section 6). Used by the codec of values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::cql {

/// Milliseconds since 1970, UTC, as "YYYY-MM-DD HH:MM:SS.ffffff"; the bare number beyond the years
/// 1 to 9999.
std::string timestamp_text(std::int64_t milliseconds);
/// Reads that, other ISO forms, and a bare number of milliseconds.
std::optional<std::int64_t> timestamp_of(std::string_view text);

/// Days, with 1970-01-01 in the middle of the range (2^31), as "YYYY-MM-DD"; the bare number beyond
/// the years 1 to 9999.
std::string date_text(std::uint32_t days);
std::optional<std::uint32_t> date_of(std::string_view text);

/// Nanoseconds since midnight as "HH:MM:SS.nnnnnnnnn".
std::string time_text(std::int64_t nanoseconds);
std::optional<std::int64_t> time_of(std::string_view text);

struct Duration {
  std::int64_t months = 0, days = 0, nanoseconds = 0;
  bool operator==(const Duration&) const = default;
};
/// "1y2mo3d4h5m6s7ms8us9ns", as CQL writes it; all parts have one sign.
std::string duration_text(const Duration& duration);
std::optional<Duration> duration_of(std::string_view text);

}  // namespace sterna::cql
