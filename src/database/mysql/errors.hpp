// From MySQL's and MariaDB's error numbers to Error.
#pragma once

#include "sql/statement.hpp"

#include <sterna/error.hpp>

#include <string>

namespace sterna::mysql {

ErrorKind kind_of(unsigned number, std::string_view sqlstate);
Error error_of(unsigned number, const std::string& sqlstate, const std::string& message,
               const Statement& statement);

}  // namespace sterna::mysql
