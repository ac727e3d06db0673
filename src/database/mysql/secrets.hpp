// Passwords inside statements. Used by the errors of this folder alone.
#pragma once

#include "sql/lexer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::mysql {

/// The string tokens of `sql` that are passwords, or may be.
std::vector<sql::Token> secrets_in(std::string_view sql);

/// A message of the server about `sql`, which may quote a part of it, without passwords.
std::string mask_message(std::string message, std::string_view sql);

}  // namespace sterna::mysql
