// Values that travel to and from a database: bound parameters and the fields of result rows.
#pragma once

#include <sterna/error.hpp>
#include <sterna/export.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace sterna {

/// Binary data (bytea, BLOB).
struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

/// A point in time, stored as UTC with microseconds; formatted "YYYY-MM-DD HH:MM:SS.ffffff".
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

STERNA_API std::string format_timestamp(Timestamp time);
/// Reads "YYYY-MM-DD[ T]HH:MM[:SS[.f…]][Z|±HH[:MM]]"; without an offset the text is UTC.
/// @throws Error(data) when the text is no timestamp.
STERNA_API Timestamp parse_timestamp(std::string_view text);

/// One value, bound or read. Dates, decimals, UUIDs and JSON travel as text, which every server
/// converts by the column's type.
class Value {
 public:
  using Storage = std::variant<std::monostate, bool, std::int64_t, double, std::string, Blob>;

  Value() = default;
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  Value(bool value) : storage_(value) {}
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) Value(T value)
      : storage_(static_cast<std::int64_t>(value)) {}
  Value(double value) : storage_(value) {}
  Value(float value) : storage_(static_cast<double>(value)) {}
  Value(const char* value) : storage_(std::string(value)) {}
  Value(std::string_view value) : storage_(std::string(value)) {}
  Value(std::string value) : storage_(std::move(value)) {}
  Value(Blob value) : storage_(std::move(value)) {}
  Value(Timestamp value) : storage_(format_timestamp(value)) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) storage_ = Value(*value).storage_;
  }

  bool is_null() const noexcept { return std::holds_alternative<std::monostate>(storage_); }
  const Storage& storage() const noexcept { return storage_; }
  /// The text itself. @throws std::bad_variant_access when it holds something else.
  std::string text() && { return std::get<std::string>(std::move(storage_)); }
  bool operator==(const Value&) const = default;

 private:
  Storage storage_;
};

namespace detail {
STERNA_API bool to_bool(const Value& value, std::string_view column);
STERNA_API std::int64_t to_integer(const Value& value, std::string_view column);
STERNA_API double to_double(const Value& value, std::string_view column);
STERNA_API std::string to_text(const Value& value, std::string_view column);
STERNA_API Blob to_blob(const Value& value, std::string_view column);
STERNA_API void integer_out_of_range(std::int64_t value, std::string_view column);
}  // namespace detail

/// Converts a value to T (bool, any integer, float, double, std::string, Blob, Timestamp,
/// std::optional of these).
/// @throws Error(data) when the value does not fit T, or is NULL and T is not optional. `column` is
/// named in the message.
template <class T>
T convert(const Value& value, std::string_view column = {}) {
  if constexpr (std::is_same_v<T, Value>) {
    return value;
  } else if constexpr (requires {
                         typename T::value_type;
                         requires std::is_same_v<T, std::optional<typename T::value_type>>;
                       }) {
    if (value.is_null()) return std::nullopt;
    return convert<typename T::value_type>(value, column);
  } else if constexpr (std::is_same_v<T, bool>) {
    return detail::to_bool(value, column);
  } else if constexpr (std::is_integral_v<T>) {
    const std::int64_t wide = detail::to_integer(value, column);
    if (wide != static_cast<std::int64_t>(static_cast<T>(wide)) ||
        (std::is_unsigned_v<T> && wide < 0 && sizeof(T) < 8)) {
      detail::integer_out_of_range(wide, column);
    }
    return static_cast<T>(wide);
  } else if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(detail::to_double(value, column));
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return parse_timestamp(detail::to_text(value, column));
  } else if constexpr (std::is_same_v<T, Blob>) {
    return detail::to_blob(value, column);
  } else {
    static_assert(std::is_same_v<T, std::string>,
                  "a column can be read as bool, integer, floating point, std::string, "
                  "sterna::Blob, sterna::Timestamp, or std::optional of these");
    return detail::to_text(value, column);
  }
}

/// One row of a result; fields are read by column name or by position (from 0).
class STERNA_API Row {
 public:
  using Columns = std::shared_ptr<const std::vector<std::string>>;
  Row(Columns columns, std::vector<Value> values)
      : columns_(std::move(columns)), values_(std::move(values)) {}

  const std::vector<std::string>& columns() const noexcept { return *columns_; }
  std::size_t size() const noexcept { return values_.size(); }
  bool has(std::string_view column) const noexcept;
  /// @throws Error(data) naming the columns there are, when there is no such one.
  const Value& operator[](std::string_view column) const;
  const Value& operator[](std::size_t index) const;
  template <class T>
  T get(std::string_view column) const {
    return convert<T>((*this)[column], column);
  }
  template <class T>
  T get(std::size_t index) const {
    const Value& value = (*this)[index];  // checks the index, before its name is looked up
    return convert<T>(value, (*columns_)[index]);
  }
  /// The same, but a text is moved out of the row, which holds an empty one afterwards.
  template <class T>
  T take(std::size_t index) {
    if constexpr (std::is_same_v<T, std::string>) {
      const Value& value = (*this)[index];
      if (std::holds_alternative<std::string>(value.storage()))
        return std::move(values_[index]).text();
    }
    return get<T>(index);
  }

 private:
  Columns columns_;
  std::vector<Value> values_;
};

using Rows = std::vector<Row>;

}  // namespace sterna
