#include "database/cql/ranges.hpp"

#include <sterna/error.hpp>

#include <charconv>
#include <cstring>
#include <limits>

#include "base/text.hpp"

namespace sterna::cql {
namespace {

constexpr double whole = 18446744073709551616.0;  // 2^64

std::int64_t number(std::string_view text, std::string_view all) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw Error(ErrorKind::data,
                "'" + std::string(all.substr(0, 80)) + "' is no cursor of a walk by tokens")
        .suggest("begin without a cursor");
  }
  return value;
}

}  // namespace

/// No key has the least token (Murmur3Partitioner: MINIMUM).
std::vector<TokenRange> whole_ring(std::size_t parts) {
  if (parts == 0) parts = 1;
  const std::uint64_t size = std::numeric_limits<std::uint64_t>::max() / parts;
  std::vector<TokenRange> ranges;
  std::int64_t after = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < parts; ++i) {
    const std::int64_t last =
        i + 1 == parts ? std::numeric_limits<std::int64_t>::max()
                       : static_cast<std::int64_t>(static_cast<std::uint64_t>(after) + size);
    ranges.push_back({after, last});
    after = last;
  }
  return ranges;
}

double share_of_ring(const std::vector<TokenRange>& ranges) {
  double sum = 0;
  for (const TokenRange& range : ranges) {
    if (!range.empty())
      sum += static_cast<double>(static_cast<std::uint64_t>(range.last) -
                                 static_cast<std::uint64_t>(range.after));
  }
  return sum / whole;
}

std::string to_text(const std::vector<TokenRange>& ranges) {
  std::string text;
  for (const TokenRange& range : ranges) {
    if (range.empty()) continue;
    if (!text.empty()) text += ',';
    text += std::to_string(range.after) + ':' + std::to_string(range.last);
  }
  return text;
}

std::vector<TokenRange> ranges_of(std::string_view text) {
  std::vector<TokenRange> ranges;
  if (text.empty()) return ranges;
  for (const std::string& part : split(text, ',')) {
    const std::size_t colon = part.find(':');
    const std::string_view view = part;
    if (colon == std::string::npos) number({}, text);
    ranges.push_back({number(view.substr(0, colon), text), number(view.substr(colon + 1), text)});
  }
  return ranges;
}

void RowHash::mix(std::uint64_t word) {
  state_ = (state_ ^ word) * 0xFF51AFD7ED558CCDU;
  state_ ^= state_ >> 32U;
}

void RowHash::add(const char* bytes, std::size_t size) {
  mix(size);
  while (size > 0) {
    std::uint64_t word = 0;
    const std::size_t part = size < sizeof word ? size : sizeof word;
    std::memcpy(&word, bytes, part);
    mix(word);
    bytes += part;
    size -= part;
  }
}

}  // namespace sterna::cql
