// Numbers of any length between decimal text and the two's complement bytes of varint and decimal
// (native_protocol_v4.spec, sections 6.7 and 6.19). Used by the codec of values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sterna::cql {

std::string varint_text(std::string_view bytes);
/// The fewest bytes that hold it; nothing when the text is no whole number.
std::optional<std::string> varint_bytes(std::string_view text);

/// "-12.50" of -1250 and the scale 2; with an exponent where plain digits would be too many.
std::string decimal_text(std::string_view unscaled, std::int32_t scale);
struct Decimal {
  std::string unscaled;  ///< bytes
  std::int32_t scale = 0;
};
/// Reads "12", "-12.50", "1.5e10".
std::optional<Decimal> decimal_of(std::string_view text);

}  // namespace sterna::cql
