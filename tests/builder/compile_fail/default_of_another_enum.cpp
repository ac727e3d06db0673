// expect: the default does not have the type of the member
#include "entity.hpp"

enum class Mood { sad };
enum class Weather { dry };
struct Day {
  Mood mood;
};
constexpr auto wrong = sterna::column<&Day::mood>("mood").default_to(Weather::dry);
