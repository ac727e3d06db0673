// Ranges of tokens: what is left of a walk over a whole table, as a value that can be kept as text.
// Used by what reads or copies tables in parts; knows no session.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::cql {

/// Behind `after`, up to and including `last`.
struct TokenRange {
  std::int64_t after = 0, last = 0;
  bool empty() const { return after >= last; }
  bool operator==(const TokenRange&) const = default;
};

/// All tokens of the Murmur3 partitioner in equal parts, of which there is at least one.
std::vector<TokenRange> whole_ring(std::size_t parts);
/// How much of the ring these are, 0 to 1.
double share_of_ring(const std::vector<TokenRange>& ranges);

/// "-9223372036854775808:-1,5:9"; ranges without tokens are left out.
std::string to_text(const std::vector<TokenRange>& ranges);
/// @throws Error(data) when it is no text of to_text.
std::vector<TokenRange> ranges_of(std::string_view text);

/// Rows and the sum of their hashes, which is the same in whatever order they are read.
struct RowSum {
  std::int64_t rows = 0;
  std::uint64_t checksum = 0;
  RowSum& operator+=(const RowSum& other) {
    rows += other.rows;
    checksum += other.checksum;
    return *this;
  }
  bool operator==(const RowSum&) const = default;
};

/// The hash of a row, cell by cell; one without a value is another than an empty one.
class RowHash {
 public:
  void add(const char* bytes, std::size_t size);
  void add_null() { mix(0x6E756C6CU); }
  std::uint64_t value() const { return state_; }

 private:
  void mix(std::uint64_t word);
  std::uint64_t state_ = 0x9E3779B97F4A7C15U;
};

}  // namespace sterna::cql
