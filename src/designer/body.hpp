// What requests of the API hold, read and checked. Used by the routes; docs/designer-api.yaml
// describes the same.
#pragma once

#include "diff/diff.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::designer {

/// As the API names it.
std::string_view kind_text(Rename::Kind kind);

/// The members of a request's body, each checked. @throws Error(validation) naming the member.
class Body {
 public:
  explicit Body(std::string_view text);
  ~Body();
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  std::string text(const char* member, std::string_view fallback = {}) const;
  bool flag(const char* member) const;
  std::int64_t number(const char* member) const;
  /// A part of the body as JSON; empty when it is not there or null.
  std::string object(const char* member) const;
  model::Model model(const char* member) const;
  std::vector<Rename> renames() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace sterna::designer
