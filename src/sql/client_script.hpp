// Statements as the database's own command-line client reads them from a script. Used where a
// script is made for a person; what Sterna runs itself it never writes down first.
#pragma once

#include "sql/language.hpp"

#include <string>
#include <string_view>

namespace sterna {

/// The statement with its end, and a line end. The client of MySQL and MariaDB takes every
/// semicolon for an end, those inside a body as well: there the delimiter is changed around it
/// ("mysql Client Commands", delimiter). psql reads the rows of COPY … FROM stdin from the lines
/// behind it up to `\.`, and takes whatever stands there for rows: both are written, even when
/// there are none.
std::string client_script(std::string_view sql, Language language, std::string_view copy_data = {});

}  // namespace sterna
