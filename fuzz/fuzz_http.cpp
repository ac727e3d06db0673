// What stands in a request's first line and in its Host header: read, or refused; what was read can
// be trusted to be a path without control characters, and a name that lies inside of the header.
#include "http/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sterna::HttpRequest request;
  if (sterna::parse_http_target(text, request)) {
    require(request.path.starts_with('/') && !has_control(request.path));
    require(request.path.size() <= text.size());
  }
  const std::string_view host = sterna::host_of_authority(text);
  require(host.empty() ||
          (host.data() >= text.data() && host.data() + host.size() <= text.data() + text.size()));
  require(host.empty() || text.starts_with('[') || host.find(':') == std::string_view::npos);
  for (const bool plus_is_blank : {false, true}) {
    if (const auto decoded = sterna::percent_decode(text, plus_is_blank))
      require(decoded->size() <= text.size());
  }
  return 0;
}
