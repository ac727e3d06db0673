#include "http/text.hpp"

#include "base/text.hpp"

#include <charconv>

namespace sterna {

namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += plus_is_blank && text[at] == '+' ? ' ' : text[at];
      continue;
    }
    unsigned char byte = 0;
    if (at + 2 >= text.size()) return std::nullopt;
    auto [end, error] = std::from_chars(text.data() + at + 1, text.data() + at + 3, byte, 16);
    if (error != std::errc() || end != text.data() + at + 3) return std::nullopt;
    out += static_cast<char>(byte);
    at += 2;
  }
  return out;
}

bool parse_http_target(std::string_view target, HttpRequest& request) {
  if (target.empty() || target.front() != '/') return false;
  target = target.substr(0, target.find('#'));
  auto mark = target.find('?');
  auto path = percent_decode(target.substr(0, mark), false);
  if (!path || has_control(*path)) return false;
  request.path = std::move(*path);
  if (mark == std::string_view::npos) return true;
  for (const auto& pair : split(target.substr(mark + 1), '&')) {
    if (pair.empty()) continue;
    auto equals = pair.find('=');
    auto name = percent_decode(std::string_view(pair).substr(0, equals), true);
    auto value = equals == std::string::npos
                     ? std::string()
                     : percent_decode(std::string_view(pair).substr(equals + 1), true);
    if (!name || !value) return false;
    request.parameters[std::move(*name)] = std::move(*value);
  }
  return true;
}

std::string_view host_of_authority(std::string_view authority) {
  if (authority.starts_with('[')) {
    auto end = authority.find(']');
    if (end == std::string_view::npos) return {};
    auto rest = authority.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || !all_digits(rest.substr(1)))) return {};
    return authority.substr(1, end - 1);
  }
  auto colon = authority.find(':');
  if (colon != std::string_view::npos && !all_digits(authority.substr(colon + 1))) return {};
  return authority.substr(0, colon);
}

std::string_view HttpRequest::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers)
    if (equals_ignoring_case(key, name)) return value;
  return {};
}

}  // namespace sterna
