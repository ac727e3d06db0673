#include "designer/guard.hpp"

#include "designer/answer.hpp"

#include <sterna/error.hpp>

#include <sys/random.h>

#include <array>

namespace sterna::designer {
namespace {

/// In the time of the longer one, wherever they differ.
bool same_secret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0U : 1U;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

/// "http://localhost:3001" is the page's own exactly when the Host header names the same.
bool is_own_origin(std::string_view origin, std::string_view host) {
  constexpr std::string_view scheme = "http://";
  return origin.starts_with(scheme) && origin.substr(scheme.size()) == host;
}

}  // namespace

std::string new_token() {
  std::array<unsigned char, 32> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw Error(ErrorKind::internal, "the system gives no random numbers for the token");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string token;
  for (const unsigned char byte : bytes) {
    token += digits[byte >> 4U];
    token += digits[byte & 15U];
  }
  return token;
}

std::optional<HttpResponse> refused(const HttpRequest& request, std::string_view token) {
  const std::string_view origin = request.header("Origin");
  if (!origin.empty() && !is_own_origin(origin, request.header("Host")))
    return failure(403, "refused", "this page belongs to another site");
  const bool is_api = request.path.starts_with("/api/");
  // A link from elsewhere may open the page itself ("none", "cross-site" navigations); nothing but
  // the page may ask the API.
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (is_api && !site.empty() && site != "same-origin")
    return failure(403, "refused", "the request comes from another site");
  if (is_api && !same_secret(request.header("X-Sterna-Token"), token))
    return failure(401, "refused", "the token is missing or is not that of this start",
                   {"open the address that `sterna design` has printed"});
  return std::nullopt;
}

void secure(HttpResponse& response) {
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
      "data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace sterna::designer
