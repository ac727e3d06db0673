// From MySQL's and MariaDB's error numbers to Error.
#pragma once

#include "sql/statement.hpp"

#include <sterna/error.hpp>

#include <string>
#include <string_view>

namespace sterna::mysql {

ErrorKind kind_of(unsigned number, std::string_view sqlstate);

/// Kind, code, statement and suggestions; the place inside the statement where the server names it.
/// Passwords that stand in `statement` appear neither in the message nor in the statement.
Error error_of(unsigned number, const std::string& sqlstate, const std::string& message,
               const Statement& statement);

/// The server's number again; 0 for an error that is not the server's.
unsigned number_of(const Error& error);

/// After such an error the session is gone.
bool ends_session(unsigned number);

/// True when another host of the URL may do better: this one cannot be reached or is overloaded.
bool tries_next_host(const Error& error);

/// `sql` with the passwords of CREATE USER, SET PASSWORD and the like as '***'; passwords in URLs
/// too.
std::string mask_secrets(std::string_view sql);

}  // namespace sterna::mysql
