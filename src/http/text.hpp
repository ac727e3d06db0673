// The texts of HTTP that need no socket: addresses with their query, and the name in a Host header.
// Used by the server; never touches the network.
#pragma once

#include "http/server.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sterna {

/// %XX and, in a query, '+' for a blank. Nothing when an escape is cut short or no hexadecimal
/// number.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);
/// Fills path and parameters of "/path?name=value&…". False when it is malformed or holds control
/// characters.
bool parse_http_target(std::string_view target, HttpRequest& request);
/// "localhost" of "localhost:4000", "::1" of "[::1]:4000"; empty when the port is no number.
std::string_view host_of_authority(std::string_view authority);

}  // namespace sterna
