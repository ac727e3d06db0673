// Families of types: which kinds are numbers or characters, and which of two holds more.
#pragma once

#include "model/model.hpp"

namespace sterna::model {

/// Integers by their size, from 1; 0 for all others.
int integer_rank(TypeKind kind);
/// Texts without a length by their size, from 1; 0 for all others.
int text_rank(TypeKind kind);

inline bool is_integer(TypeKind kind) { return integer_rank(kind) > 0; }
/// Kinds whose values are characters, of any length.
inline bool is_text(TypeKind kind) {
  return text_rank(kind) > 0 || kind == TypeKind::string || kind == TypeKind::char_;
}

}  // namespace sterna::model
