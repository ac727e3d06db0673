#include "designer/body.hpp"

#include "model/json.hpp"

#include <sterna/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sterna::designer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view rename_kinds[] = {"column", "index", "constraint", "enumeration",
                                             "field"};

}  // namespace

std::string_view kind_text(Rename::Kind kind) {
  return rename_kinds[static_cast<std::size_t>(kind)];
}

struct Body::Content {
  Json json;
};

Body::Body(std::string_view text) : content_(std::make_unique<Content>()) {
  content_->json = Json::parse(text, nullptr, false);
  if (!content_->json.is_object())
    throw Error(ErrorKind::validation, "the body of the request is no JSON object");
}
Body::~Body() = default;

namespace {

[[noreturn]] void wrong_member(const char* member, const char* expected) {
  throw Error(ErrorKind::validation, "\"" + std::string(member) + "\" is to be " + expected);
}

}  // namespace

std::string Body::text(const char* member, std::string_view fallback) const {
  const auto found = content_->json.find(member);
  if (found == content_->json.end()) return std::string(fallback);
  if (!found->is_string()) wrong_member(member, "a text");
  return found->get<std::string>();
}

bool Body::flag(const char* member) const {
  const auto found = content_->json.find(member);
  if (found == content_->json.end()) return false;
  if (!found->is_boolean()) wrong_member(member, "true or false");
  return found->get<bool>();
}

std::int64_t Body::number(const char* member) const {
  const auto found = content_->json.find(member);
  if (found == content_->json.end() || !found->is_number_integer())
    wrong_member(member, "a whole number");
  return found->get<std::int64_t>();
}

std::string Body::object(const char* member) const {
  const auto found = content_->json.find(member);
  if (found == content_->json.end() || found->is_null()) return {};
  if (!found->is_object() && !found->is_array()) wrong_member(member, "an object or a list");
  return found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

model::Model Body::model(const char* member) const {
  const std::string text = object(member);
  if (text.empty()) wrong_member(member, "a model");
  return model::from_json(text);
}

std::vector<Rename> Body::renames() const {
  std::vector<Rename> result;
  const auto found = content_->json.find("renames");
  if (found == content_->json.end()) return result;
  if (!found->is_array()) wrong_member("renames", "a list");
  for (const Json& item : *found) {
    const auto part = [&](const char* name) {
      const auto at = item.find(name);
      if (at == item.end() || !at->is_string()) wrong_member("renames", "a list of renames");
      return at->get<std::string>();
    };
    if (!item.is_object()) wrong_member("renames", "a list of renames");
    const std::string kind = part("kind");
    const auto known = std::find(std::begin(rename_kinds), std::end(rename_kinds), kind);
    if (known == std::end(rename_kinds)) wrong_member("renames", "a list of renames");
    result.push_back({model::Name(part("table")), part("part"), part("to"),
                      static_cast<Rename::Kind>(known - std::begin(rename_kinds))});
  }
  return result;
}

}  // namespace sterna::designer
