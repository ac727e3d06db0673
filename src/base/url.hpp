// A database URL. Formats itself with the password masked; the password is only handed out by name,
// to the client library.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A value that must not be shown. It cannot be streamed or formatted by accident; `reveal()` is
/// the one way out.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  bool empty() const noexcept { return value_.empty(); }
  const std::string& reveal() const noexcept { return value_; }
  bool operator==(const Secret&) const = default;

 private:
  std::string value_;
};

/// scheme://user:password@host1:port1,host2:port2/database?key=value  — or  scheme:path
/// (sqlite:blog.db, sqlite::memory:).
struct Url {
  std::string scheme;  ///< lower case
  std::string user;    ///< percent-decoded, as all parts
  Secret password;
  struct Host {
    std::string name;  ///< IPv6 without brackets
    int port = 0;      ///< 0: the scheme's default
    bool operator==(const Host&) const = default;
  };
  std::vector<Host> hosts;
  std::string database;  ///< for sqlite: the path, as written (not percent-decoded unless written
                         ///< as sqlite://…)
  std::map<std::string, std::string, std::less<>> parameters;

  /// As given, with the password and every parameter whose name holds "password" shown as ***.
  std::string masked() const;
  /// With the password, for handing the whole to another opener of connections. Never printed.
  std::string reveal() const;
  /// `parameters[key]` or `fallback`.
  std::string parameter(std::string_view key, std::string_view fallback = {}) const;
  bool operator==(const Url&) const = default;
};

/// @throws Error(config) that names what is wrong, without the password, when `text` is no URL of a
/// known form.
Url parse_url(std::string_view text);

/// Replaces every password of a URL inside a longer text (a driver's message) by ***, and
/// `password=…` settings as libpq prints them.
std::string mask_passwords(std::string_view text);

}  // namespace sterna
