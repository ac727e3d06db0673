#include "model/kinds.hpp"

#include <algorithm>
#include <array>

namespace sterna::model {
namespace {

template <std::size_t size>
int rank_in(const std::array<TypeKind, size>& kinds, TypeKind kind) {
  const auto found = std::find(kinds.begin(), kinds.end(), kind);
  return found == kinds.end() ? 0 : static_cast<int>(found - kinds.begin()) + 1;
}

}  // namespace

int integer_rank(TypeKind kind) {
  static constexpr std::array kinds{TypeKind::tiny_integer, TypeKind::small_integer,
                                    TypeKind::medium_integer, TypeKind::integer,
                                    TypeKind::big_integer};
  return rank_in(kinds, kind);
}

int text_rank(TypeKind kind) {
  static constexpr std::array kinds{TypeKind::tiny_text, TypeKind::text, TypeKind::medium_text,
                                    TypeKind::long_text};
  return rank_in(kinds, kind);
}

}  // namespace sterna::model
