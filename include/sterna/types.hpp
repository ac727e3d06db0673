// Column types as values: for arrays, CQL collections and every place where a type is an argument.
//
//   table.column("tags", sterna::types::array(sterna::types::text()));
#pragma once

#include <sterna/export.hpp>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

namespace model {
struct Type;
}

/// An immutable type. Cheap to copy.
class STERNA_API ColumnType {
 public:
  explicit ColumnType(model::Type type);
  const model::Type& get() const noexcept { return *type_; }

 private:
  std::shared_ptr<const model::Type> type_;
};

/// Arguments out of range are Error(validation). A database that has no such type refuses when the
/// change is rendered, and names the alternative.
namespace types {

/// Any type by the database's own name.
STERNA_API ColumnType native(std::string_view name);

STERNA_API ColumnType boolean();
STERNA_API ColumnType tiny_integer();
STERNA_API ColumnType small_integer();
STERNA_API ColumnType medium_integer();
STERNA_API ColumnType integer();
STERNA_API ColumnType big_integer();
/// The same integer type without negative numbers (MySQL; others check or refuse).
STERNA_API ColumnType unsigned_(const ColumnType& type);
/// `precision` digits in all, `scale` of them behind the point.
STERNA_API ColumnType decimal(int precision = 10, int scale = 2);
STERNA_API ColumnType float_();
STERNA_API ColumnType double_();
STERNA_API ColumnType char_(int length);
STERNA_API ColumnType string(int length = 255);
STERNA_API ColumnType text();
STERNA_API ColumnType tiny_text();
STERNA_API ColumnType medium_text();
STERNA_API ColumnType long_text();
/// `length` bytes; 0: unbounded.
STERNA_API ColumnType binary(int length = 0);
STERNA_API ColumnType uuid();
STERNA_API ColumnType json();
STERNA_API ColumnType jsonb();
STERNA_API ColumnType date();
/// `precision`: fractional digits of a second, 0 to 6.
STERNA_API ColumnType time(std::optional<int> precision = std::nullopt,
                           bool with_time_zone = false);
STERNA_API ColumnType timestamp(std::optional<int> precision = std::nullopt,
                                bool with_time_zone = false);
STERNA_API ColumnType datetime(std::optional<int> precision = std::nullopt);
STERNA_API ColumnType interval(std::optional<int> precision = std::nullopt);
STERNA_API ColumnType year();
/// `type_name`: of the type on PostgreSQL; empty: table_column.
STERNA_API ColumnType enum_(std::vector<std::string> values, std::string_view type_name = {});
/// MySQL SET.
STERNA_API ColumnType set_of_values(std::vector<std::string> values);
STERNA_API ColumnType inet();
STERNA_API ColumnType cidr();
STERNA_API ColumnType mac_address();
STERNA_API ColumnType array(const ColumnType& element);
/// PostgreSQL: "int4range", "tstzrange", …
STERNA_API ColumnType range(std::string_view name);

// CQL
STERNA_API ColumnType timeuuid();
STERNA_API ColumnType counter();
STERNA_API ColumnType varint();
STERNA_API ColumnType duration();
STERNA_API ColumnType ascii();
STERNA_API ColumnType list(const ColumnType& element);
STERNA_API ColumnType set(const ColumnType& element);
STERNA_API ColumnType map(const ColumnType& key, const ColumnType& value);
STERNA_API ColumnType tuple(std::initializer_list<ColumnType> elements);
STERNA_API ColumnType frozen(const ColumnType& type);
STERNA_API ColumnType user_type(std::string_view name);
STERNA_API ColumnType vector(const ColumnType& element, int dimension);

}  // namespace types
}  // namespace sterna
