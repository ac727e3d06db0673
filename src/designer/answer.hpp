// Answers of the designer's API: JSON documents and failures in one shape. Used by every route.
#pragma once

#include "http/server.hpp"

#include <sterna/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sterna::designer {

HttpResponse json_answer(std::string body, int status = 200);
/// {"error": {"kind", "message", "suggestions"}}
HttpResponse failure(int status, std::string_view kind, std::string_view message,
                     std::vector<std::string> suggestions = {});
/// The same for an Error, with all that it knows; 422 for what a person can mend in the request,
/// 403 for what is refused, 503 for a server that cannot be reached, 500 for the rest.
HttpResponse failure(const Error& error);
/// The object alone, as it stands in other documents.
std::string error_json(const Error& error);
/// A text as a JSON string, with its quotes. What is no UTF-8 is replaced.
std::string json_text(std::string_view text);

}  // namespace sterna::designer
