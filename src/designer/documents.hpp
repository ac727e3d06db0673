// The JSON documents of the API: what requests hold, read and checked, and what answers hold. Used
// by the routes; docs/designer-api.yaml describes the same.
#pragma once

#include "designer/preview.hpp"
#include "designer/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::designer {

/// {"fingerprint", "model", "type_texts", "field_texts"}: the texts are by table (type) and column
/// (field).
std::string state_json(DesignProject& project, const DesignState& state);
std::string model_members(DesignProject& project, const model::Model& model);
/// The connection, its database and what it can do.
std::string project_json(DesignProject& project, bool allow_apply);
std::string preview_json(const Preview& preview);
/// Two states and what lies between them.
std::string comparison_json(DesignProject& project, const std::string& from, const std::string& to);
std::string history_json(DesignProject& project);

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
