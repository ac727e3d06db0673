// expect: a column is a bool, integer, floating point
#include "entity.hpp"

struct Odd {
  void* pointer = nullptr;
};
constexpr auto wrong = sterna::column<&Odd::pointer>("pointer");
