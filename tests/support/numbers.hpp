// Many rows in every dialect of SQL, also where no sequence and no WITH RECURSIVE makes them.
#pragma once

#include <cstdint>
#include <string>

namespace sterna::test {

/// (n) from 0 to 10^digits - 1, as a FROM clause.
inline std::string numbers(int digits) {
  std::string from, value;
  std::int64_t factor = 1;
  for (int i = 0; i < digits; ++i, factor *= 10) {
    const std::string name = "d" + std::to_string(i);
    from += (i == 0 ? "" : ", ");
    from +=
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT "
        "4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL "
        "SELECT 9) AS " +
        name;
    value += (i == 0 ? "" : " + ") + name + ".d * " + std::to_string(factor);
  }
  return "(SELECT " + value + " AS n FROM " + from + ") AS numbers";
}

}  // namespace sterna::test
