#include "designer/answer.hpp"

#include "base/url.hpp"

#include <nlohmann/json.hpp>

namespace sterna::designer {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::refused:
      return 403;
    case ErrorKind::connection:
      return 503;
    case ErrorKind::timeout:
    case ErrorKind::lock:
    case ErrorKind::interrupted:
      return 409;
    case ErrorKind::internal:
    case ErrorKind::unknown:
      return 500;
    default:
      return 422;
  }
}

Json members_of(const Error& error) {
  Json json;
  json["kind"] = to_string(error.kind());
  json["message"] = mask_passwords(error.what());
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = mask_passwords(text);
  };
  add("object", error.object());
  add("detail", error.detail());
  add("statement", error.statement());
  add("position", to_string(error.position()));
  add("code", error.code());
  add("state", error.state());
  json["suggestions"] = error.suggestions();
  return json;
}

}  // namespace

HttpResponse json_answer(std::string body, int status) {
  return {status, std::move(body), "application/json; charset=utf-8", {}};
}

HttpResponse failure(int status, std::string_view kind, std::string_view message,
                     std::vector<std::string> suggestions) {
  Json json;
  json["error"] = {{"kind", kind}, {"message", message}, {"suggestions", suggestions}};
  return json_answer(text_of(json), status);
}

HttpResponse failure(const Error& error) {
  return json_answer("{\"error\":" + error_json(error) + "}", status_of(error.kind()));
}

std::string error_json(const Error& error) { return text_of(members_of(error)); }

std::string json_text(std::string_view text) { return text_of(Json(text)); }

}  // namespace sterna::designer
