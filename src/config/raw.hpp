// Values of the configuration before and after they are read: what stands there with its place, and
// what it means once variables and secrets are filled in. Used by config.cpp alone.
#pragma once

#include "config/config.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// A value before it is read: its text (or list), where it stands, and what it is called there.
struct Raw {
  std::string text;
  std::vector<std::string> list;
  bool is_list = false;
  std::string origin;
  SourcePosition position;
};

/// "… was given where … is expected", with the value's place and origin.
Error refused(const Raw& raw, const std::string& expected, const std::string& text);

/// Reads values as what they are to be; one that is not there is its default.
class ValueReader {
 public:
  using Variable = std::function<std::optional<Raw>(const std::string& name)>;
  /// `root`: the folder to which paths of secrets are relative.
  ValueReader(Variable variable, const std::filesystem::path& root)
      : variable_(std::move(variable)), root_(root) {}

  /// ${VAR}, ${VAR:-default} and file:/path.
  /// @throws Error(config) for a variable that is not set, or a file that cannot be read.
  std::string resolve(const Raw& raw, const std::string& text) const;

  Setting<std::string> text(const std::optional<Raw>& raw, std::string fallback) const;
  Setting<bool> boolean(const std::optional<Raw>& raw, bool fallback) const;
  Setting<double> duration(const std::optional<Raw>& raw, double fallback) const;  ///< seconds
  Setting<int> number(const std::optional<Raw>& raw, int fallback) const;          ///< from 0
  Setting<std::string> choice(const std::optional<Raw>& raw, std::string fallback,
                              const std::vector<std::string>& choices) const;
  Setting<std::vector<std::string>> list(const std::optional<Raw>& raw,
                                         std::vector<std::string> fallback) const;

 private:
  std::string fill_in(const Raw& raw, const std::string& text) const;

  Variable variable_;
  const std::filesystem::path& root_;
};

}  // namespace sterna
