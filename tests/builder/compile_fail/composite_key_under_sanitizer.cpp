// expect: compiles
// flags: -fsanitize=undefined
#include "entity.hpp"

struct Seat {
  int row = 0, number = 0;
  std::string guest;
};
template <>
inline constexpr auto sterna::entity<Seat> = sterna::table<Seat>(
    "seats", sterna::primary_key<&Seat::row, &Seat::number>(), sterna::column<&Seat::row>("row"),
    sterna::column<&Seat::number>("number"), sterna::column<&Seat::guest>("guest"));

auto f(sterna::Database& db) { return db.find<Seat>(1, 2); }
