// Notation of the native protocol (version 4, section 3) over bytes: big-endian integers, strings,
// maps. Used by the codec of frames and values; a length that the bytes do not bear out is an
// error, never a read beyond them.
#pragma once

#include <sterna/error.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::cql {

/// What is thrown when an answer cannot be read: the session cannot be used any more.
[[noreturn]] void malformed(const std::string& why);

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const noexcept { return bytes_.size(); }
  std::string_view take(std::size_t count);
  std::uint8_t byte() { return static_cast<std::uint8_t>(take(1)[0]); }
  std::uint16_t short_number() { return static_cast<std::uint16_t>(number(2)); }
  std::int32_t int_number() {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(number(4)));
  }
  std::int64_t long_number() { return static_cast<std::int64_t>(number(8)); }
  std::string string() { return std::string(take(short_number())); }
  /// [bytes]: nothing for a negative length (null, not set).
  std::optional<std::string_view> bytes();
  std::string short_bytes() { return std::string(take(short_number())); }
  std::vector<std::string> string_list();
  std::map<std::string, std::vector<std::string>> string_multimap();
  /// [inet]: address as text and port.
  std::pair<std::string, int> inet();
  /// [unsigned vint] as durations and vectors have it.
  std::uint64_t vint();

 private:
  std::uint64_t number(std::size_t size);
  std::string_view bytes_;
};

class ByteWriter {
 public:
  const std::string& text() const noexcept { return bytes_; }
  std::string release() { return std::move(bytes_); }

  void raw(std::string_view bytes) { bytes_ += bytes; }
  void byte(unsigned value) { bytes_ += static_cast<char>(value); }
  void short_number(unsigned value) { number(value, 2); }
  void int_number(std::int64_t value) { number(static_cast<std::uint64_t>(value), 4); }
  void long_number(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8); }
  /// @throws Error(validation) when it is longer than 65535 bytes.
  void string(std::string_view text);
  void long_string(std::string_view text);
  void bytes(const std::optional<std::string>& value);
  void string_map(const std::map<std::string, std::string>& map);
  void string_list(const std::vector<std::string>& list);
  void vint(std::uint64_t value);

 private:
  void number(std::uint64_t value, int size);
  std::string bytes_;
};

/// Address as text of 4 or 16 bytes. @throws as malformed() for another number of bytes.
std::string address_text(std::string_view bytes);
/// The bytes of an address; nothing when the text is none.
std::optional<std::string> address_bytes(const std::string& text);

}  // namespace sterna::cql
