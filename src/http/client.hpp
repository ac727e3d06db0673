// One request to an HTTP server, for sending traces. Plain http only; no redirects, no proxies.
#pragma once

#include "http/server.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace sterna {

/// The parts of "http://host:4318/v1/traces".
struct HttpUrl {
  std::string host;  ///< IPv6 without brackets
  int port = 80;
  std::string target = "/";
};
/// @throws Error(config) for anything but a well-formed http address; https is refused by name.
HttpUrl parse_http_url(std::string_view text);

/// Sends `body` and waits for the whole answer. @throws Error(connection) when it cannot be had
/// within `limit`.
HttpResponse http_post(const HttpUrl& url, std::string body, std::string_view content_type,
                       const HttpHeaders& headers, std::chrono::milliseconds limit);

}  // namespace sterna
