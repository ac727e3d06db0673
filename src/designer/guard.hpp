// Who may speak with the designer: nothing but its own page, opened with the token that this start
// has printed. Used by the designer's handler before anything is routed; knows no route. The Host
// header was checked by the server already.
#pragma once

#include "http/server.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sterna::designer {

/// 256 random bits of the system, as hexadecimal digits.
/// @throws Error(internal) when the system gives none.
std::string new_token();

/// The answer to a request that may not be served, or nothing. A page of another site is refused by
/// Origin and Sec-Fetch-Site (Fetch Metadata, W3C) whatever it knows; the API besides asks for the
/// token in the header X-Sterna-Token, which a foreign page cannot set without being asked first.
std::optional<HttpResponse> refused(const HttpRequest& request, std::string_view token);

/// Headers of every answer: nothing from elsewhere is loaded, nothing is framed, and no address is
/// told to anybody.
void secure(HttpResponse& response);

}  // namespace sterna::designer
