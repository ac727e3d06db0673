#include "database/cql/bytes.hpp"

#include <arpa/inet.h>

#include <bit>

namespace sterna::cql {

void malformed(const std::string& why) {
  throw Error(ErrorKind::connection, "the answer of the CQL server cannot be read: " + why)
      .with_code("protocol")
      .suggest("check that host and port are those of a CQL server (native protocol 4), and tls=…");
}

std::string_view ByteReader::take(std::size_t count) {
  if (count > bytes_.size()) {
    malformed("it says " + std::to_string(count) + " bytes where " + std::to_string(bytes_.size()) +
              " are left");
  }
  const std::string_view result = bytes_.substr(0, count);
  bytes_.remove_prefix(count);
  return result;
}

std::uint64_t ByteReader::number(std::size_t size) {
  std::uint64_t value = 0;
  for (const char c : take(size)) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::optional<std::string_view> ByteReader::bytes() {
  const std::int32_t size = int_number();
  if (size < 0) return std::nullopt;
  return take(static_cast<std::size_t>(size));
}

std::vector<std::string> ByteReader::string_list() {
  std::vector<std::string> result;
  for (unsigned i = short_number(); i > 0; --i) result.push_back(string());
  return result;
}

std::map<std::string, std::vector<std::string>> ByteReader::string_multimap() {
  std::map<std::string, std::vector<std::string>> result;
  for (unsigned i = short_number(); i > 0; --i) {
    std::string key = string();
    result[std::move(key)] = string_list();
  }
  return result;
}

std::pair<std::string, int> ByteReader::inet() {
  const std::size_t size = byte();
  std::string address = address_text(take(size));
  return {std::move(address), int_number()};
}

std::uint64_t ByteReader::vint() {
  const auto first = byte();
  const auto extra = static_cast<std::size_t>(std::countl_one(first));
  std::uint64_t value = extra >= 8 ? 0 : first & (0xFFU >> extra);
  for (const char c : take(extra)) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

void ByteWriter::number(std::uint64_t value, int size) {
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    bytes_ += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFFU);
}

void ByteWriter::string(std::string_view text) {
  constexpr std::size_t most = 65535;
  if (text.size() > most)
    throw Error(ErrorKind::validation, "a name or setting is longer than 65535 bytes");
  short_number(static_cast<unsigned>(text.size()));
  bytes_ += text;
}

void ByteWriter::long_string(std::string_view text) {
  int_number(static_cast<std::int64_t>(text.size()));
  bytes_ += text;
}

void ByteWriter::bytes(const std::optional<std::string>& value) {
  if (!value) return int_number(-1);
  long_string(*value);
}

void ByteWriter::string_map(const std::map<std::string, std::string>& map) {
  short_number(static_cast<unsigned>(map.size()));
  for (const auto& [key, value] : map) {
    string(key);
    string(value);
  }
}

void ByteWriter::string_list(const std::vector<std::string>& list) {
  short_number(static_cast<unsigned>(list.size()));
  for (const std::string& item : list) string(item);
}

void ByteWriter::vint(std::uint64_t value) {
  const int bits = value == 0 ? 1 : static_cast<int>(std::bit_width(value));
  const int extra = bits > 56 ? 8 : (bits - 1) / 7;
  // As many leading ones as bytes follow.
  const unsigned lead = extra == 8 ? 0xFFU : (0xFFU << static_cast<unsigned>(8 - extra)) & 0xFFU;
  const std::uint64_t top = extra == 8 ? 0 : value >> static_cast<unsigned>(extra * 8);
  byte(lead | static_cast<unsigned>(top));
  number(value, extra);
}

std::string address_text(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN] = {};
  if (bytes.size() != 4 && bytes.size() != 16)
    malformed("an address of " + std::to_string(bytes.size()) + " bytes");
  ::inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

std::optional<std::string> address_bytes(const std::string& text) {
  std::string bytes(16, '\0');
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return bytes.substr(0, 4);
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

}  // namespace sterna::cql
