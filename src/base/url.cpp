#include "base/url.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <charconv>

namespace sterna {
namespace {

constexpr std::string_view mask = "***";

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      result += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

bool is_scheme(std::string_view text) {
  if (text.empty() || !(text[0] >= 'a' && text[0] <= 'z')) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '-'))
      return false;
  }
  return true;
}

bool secret_name(std::string_view key) {
  const std::string lower = to_lower(key);
  return lower.find("password") != std::string::npos || lower == "pwd" || lower == "passwd";
}

Error malformed(const std::string& why) {
  return Error(ErrorKind::config, "the database URL cannot be read: " + why)
      .suggest(
          "write sqlite:FILE, postgres://USER@HOST:PORT/DATABASE, "
          "mysql://USER@HOST:PORT/DATABASE or cassandra://USER@HOST,HOST:PORT/KEYSPACE");
}

Url::Host parse_host(std::string_view text) {
  Url::Host host;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos)
      throw malformed("an IPv6 address lacks its closing bracket");
    host.name = std::string(text.substr(1, close - 1));
    text.remove_prefix(close + 1);
    if (text.starts_with(':'))
      port = text.substr(1);
    else if (!text.empty())
      throw malformed("there is something between the IPv6 address and its port");
  } else {
    const std::size_t colon = text.rfind(':');
    host.name = decode(text.substr(0, colon));
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
  }
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), host.port);
    if (error != std::errc() || end != port.data() + port.size() || host.port < 1 ||
        host.port > 65535) {
      throw malformed("the port of host '" + host.name + "' is no number from 1 to 65535");
    }
  }
  return host;
}

void parse_parameters(std::string_view text, Url& url) {
  if (text.empty()) return;
  for (const std::string& pair : split(text, '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos)
      throw malformed("the parameter '" + decode(pair) + "' has no value");
    std::string key = decode(std::string_view(pair).substr(0, equals));
    std::string value = decode(std::string_view(pair).substr(equals + 1));
    if (key == "password")
      url.password = Secret(std::move(value));
    else if (key == "user")
      url.user = std::move(value);
    else
      url.parameters[std::move(key)] = std::move(value);
  }
}

std::string_view take_parameters(std::string_view& text) {
  const std::size_t mark = text.find('?');
  if (mark == std::string_view::npos) return {};
  const std::string_view parameters = text.substr(mark + 1);
  text = text.substr(0, mark);
  return parameters;
}

/// sqlite:path and sqlite://path: the rest is a path, not an authority.
void parse_file(std::string_view rest, Url& url) {
  const std::string_view parameters = take_parameters(rest);
  if (rest.starts_with("//"))
    url.database = decode(rest.substr(2));
  else
    url.database = std::string(rest);
  if (url.database.empty()) throw malformed("no file is named");
  parse_parameters(parameters, url);
}

void parse_authority(std::string_view rest, Url& url) {
  const std::string_view parameters = take_parameters(rest);
  const std::size_t slash =
      rest.find('/', rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@'));
  std::string_view authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) url.database = decode(rest.substr(slash + 1));
  // A password may hold '@' unencoded; a host cannot.
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view user = authority.substr(0, at);
    const std::size_t colon = user.find(':');
    url.user = decode(user.substr(0, colon));
    if (colon != std::string_view::npos) url.password = Secret(decode(user.substr(colon + 1)));
    authority.remove_prefix(at + 1);
  }
  if (!authority.empty()) {
    for (const std::string& host : split(authority, ',')) url.hosts.push_back(parse_host(host));
  }
  parse_parameters(parameters, url);
}

std::string encode(std::string_view text, std::string_view keep = {}) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.' || c == '~' ||
                       keep.find(c) != std::string_view::npos;
    if (plain) {
      result += c;
    } else {
      result += '%';
      result += digits[static_cast<unsigned char>(c) >> 4];
      result += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return result;
}

std::string format(const Url& url, bool with_password) {
  std::string text = url.scheme + ":";
  const bool file = url.hosts.empty() && url.user.empty() && url.scheme.starts_with("sqlite");
  if (file) {
    text += url.database;
  } else {
    text += "//";
    if (!url.user.empty() || !url.password.empty()) {
      text += encode(url.user);
      if (!url.password.empty())
        text += ":" + (with_password ? encode(url.password.reveal()) : std::string(mask));
      text += "@";
    }
    for (std::size_t i = 0; i < url.hosts.size(); ++i) {
      const Url::Host& host = url.hosts[i];
      if (i > 0) text += ",";
      text += host.name.find(':') != std::string::npos ? "[" + host.name + "]" : encode(host.name);
      if (host.port != 0) text += ":" + std::to_string(host.port);
    }
    if (!url.database.empty()) text += "/" + encode(url.database);
  }
  char separator = '?';
  for (const auto& [key, value] : url.parameters) {
    text += separator + encode(key) + "=" +
            (!with_password && secret_name(key) ? std::string(mask) : encode(value, "/:,"));
    separator = '&';
  }
  return text;
}

}  // namespace

std::string Url::masked() const { return format(*this, false); }
std::string Url::reveal() const { return format(*this, true); }

std::string Url::parameter(std::string_view key, std::string_view fallback) const {
  const auto found = parameters.find(key);
  return found == parameters.end() ? std::string(fallback) : found->second;
}

Url parse_url(std::string_view text) {
  const std::string_view whole = trim(text);
  const std::size_t colon = whole.find(':');
  const std::string scheme = to_lower(whole.substr(0, std::min(colon, whole.size())));
  if (whole.empty()) throw malformed("it is empty");
  if (colon == std::string_view::npos || !is_scheme(scheme)) {
    Error error = malformed("it has no scheme");
    if (whole.find('@') == std::string_view::npos)
      error.suggest("for an SQLite file write sqlite:" + std::string(whole.substr(0, 80)));
    throw error;
  }
  Url url;
  url.scheme = scheme;
  const std::string_view rest = whole.substr(colon + 1);
  if (scheme.starts_with("sqlite"))
    parse_file(rest, url);
  else if (rest.starts_with("//"))
    parse_authority(rest.substr(2), url);
  else
    throw malformed("'//' is missing after '" + scheme + ":'");
  return url;
}

namespace {

bool value_end(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\'' || c == '"' || c == '`' ||
         c == ',' || c == ';' || c == ')' || c == '>';
}

/// scheme://user:SECRET@host: the place of SECRET after `from`, if any.
bool url_secret(std::string_view text, std::size_t& from, std::size_t& start, std::size_t& end) {
  const std::size_t mark = text.find("://", from);
  if (mark == std::string_view::npos) return false;
  std::size_t stop = mark + 3;
  while (stop < text.size() && text[stop] != '/' && text[stop] != '?' &&
         !(value_end(text[stop]) && text[stop] != ','))
    ++stop;
  std::size_t at = text.substr(0, stop).rfind('@');
  // A password may hold a slash: look on to the end of the word, but only for an '@'.
  std::size_t word = stop;
  while (word < text.size() && text[word] != ' ' && text[word] != '\n' && text[word] != '"' &&
         text[word] != '\'' && text[word] != '?')
    ++word;
  if (const std::size_t later = text.substr(0, word).rfind('@');
      later != std::string_view::npos && later > mark)
    at = later;
  from = mark + 3;
  if (at == std::string_view::npos || at <= mark) return url_secret(text, from, start, end);
  const std::size_t colon = text.find(':', mark + 3);
  if (colon == std::string_view::npos || colon > at) return url_secret(text, from, start, end);
  start = colon + 1;
  end = at;
  from = at;
  return true;
}

}  // namespace

std::string mask_passwords(std::string_view text) {
  std::string result;
  std::size_t copied = 0, from = 0, start = 0, end = 0;
  if (text.find("://") != std::string_view::npos) {
    while (url_secret(text, from, start, end)) {
      result.append(text.substr(copied, start - copied)).append(mask);
      copied = end;
    }
  }
  result.append(text.substr(copied));
  for (const std::string_view key : {"password=", "PASSWORD=", "passwd=", "pwd="}) {
    for (std::size_t at = 0; (at = result.find(key, at)) != std::string::npos;) {
      at += key.size();
      std::size_t stop = at;
      if (stop < result.size() && (result[stop] == '\'' || result[stop] == '"')) {
        const char quote = result[stop++];
        while (stop < result.size() && result[stop] != quote) stop += result[stop] == '\\' ? 2 : 1;
        stop = std::min(stop + 1, result.size());
      } else {
        while (stop < result.size() && !value_end(result[stop]) && result[stop] != '&') ++stop;
      }
      if (stop > at) result.replace(at, stop - at, mask);
    }
  }
  return result;
}

}  // namespace sterna
