#include "diff/widens.hpp"

#include "model/kinds.hpp"

#include <algorithm>

namespace sterna::detail {

using model::integer_rank;
using model::text_rank;
using model::TypeKind;

bool widens(const model::Type& from, const model::Type& to) {
  if (from == to) return true;
  const int old_rank = integer_rank(from.kind), new_rank = integer_rank(to.kind);
  if (old_rank > 0 && new_rank > 0) {
    if (from.is_unsigned == to.is_unsigned) return new_rank >= old_rank;
    return from.is_unsigned && new_rank > old_rank;  // signed to unsigned loses the negative ones
  }
  const bool from_text = from.kind == TypeKind::string || from.kind == TypeKind::char_;
  if (from_text && text_rank(to.kind) > 0)
    return to.kind != TypeKind::tiny_text || (from.length && *from.length <= 63);
  if (from_text && to.kind == TypeKind::string)
    return !to.length || (from.length && *from.length <= *to.length);
  if (text_rank(from.kind) > 0 && text_rank(to.kind) > 0)
    return text_rank(to.kind) >= text_rank(from.kind);
  if (from.kind == TypeKind::decimal && to.kind == TypeKind::decimal) {
    if (!to.precision) return true;
    if (!from.precision) return false;
    const int old_scale = from.scale.value_or(0), new_scale = to.scale.value_or(0);
    return new_scale >= old_scale && *to.precision - new_scale >= *from.precision - old_scale;
  }
  if (from.kind == TypeKind::real && to.kind == TypeKind::double_precision) return true;
  if (from.kind == to.kind && from.kind == TypeKind::timestamp)
    return to.precision.value_or(6) >= from.precision.value_or(6) &&
           from.with_time_zone == to.with_time_zone;
  if (from.kind == TypeKind::enumeration && to.kind == TypeKind::enumeration) {
    // Those that were are there, in their order, by which they compare and sort.
    auto at = to.values.begin();
    return std::all_of(from.values.begin(), from.values.end(), [&](const std::string& value) {
      at = std::find(at, to.values.end(), value);
      return at != to.values.end();
    });
  }
  return false;
}

}  // namespace sterna::detail
