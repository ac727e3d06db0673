// expect: sterna::enumeration is not described for this enum
#include "entity.hpp"

enum class Mood { sad };
struct Day {
  Mood mood;
};
constexpr auto column = sterna::column<&Day::mood>("mood");
