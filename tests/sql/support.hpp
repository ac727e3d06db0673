// Helpers of the tests of src/sql: languages by their folder's name, statements as text.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "sql/language.hpp"

namespace sterna {

inline std::string_view name_of(Language language) {
  switch (language) {
    case Language::postgres:
      return "postgres";
    case Language::mysql:
      return "mysql";
    case Language::sqlite:
      return "sqlite";
    case Language::cql:
      return "cql";
    case Language::cpp:
      return "cpp";
  }
  return "?";
}

inline void PrintTo(Language language, std::ostream* out) { *out << name_of(language); }

inline constexpr Language sql_languages[] = {Language::postgres, Language::mysql, Language::sqlite,
                                             Language::cql};

}  // namespace sterna
