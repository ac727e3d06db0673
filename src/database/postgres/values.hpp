// Bound values and result fields in libpq's text format. Used by the connection alone.
#pragma once

#include "sql/statement.hpp"

#include <libpq-fe.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::postgres {

/// The bound values of one statement as libpq takes them; the pointers live as long as it does.
class Parameters {
 public:
  explicit Parameters(const Statement& statement);
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
  int count() const { return static_cast<int>(pointers_.size()); }
  const char* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;  // nullptr: NULL
};

/// libpq takes texts that end in a zero byte, so that what follows one would vanish without a word.
/// `first`: number of the first statement in its batch, for the error.
/// @throws Error(validation) for a zero byte in a statement or in a text that is bound.
void refuse_zero_bytes(std::span<const Statement> statements, std::optional<std::size_t> first);

/// A field by its column's type: booleans, integers, floating point and bytea become such values;
/// everything else stays text.
Value read_value(Oid type, std::string_view text);

}  // namespace sterna::postgres
