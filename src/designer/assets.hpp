// The page's files, compressed inside the program. Used by the designer's handler; the table itself
// is generated from web/dist when the project is built.
#pragma once

#include "http/server.hpp"

#include <span>
#include <string_view>

namespace sterna::designer {

struct PageFile {
  std::string_view path;  ///< "/ui/", "/ui/assets/index.js"
  std::string_view content_type;
  std::string_view etag;    ///< with its quotes
  std::string_view packed;  ///< gzip (RFC 1952)
  bool immutable = false;   ///< its name changes with its text
};

/// Empty in a program that was built without Node.
std::span<const PageFile> page_files();

/// The page or one of its files. 304 for what the browser has (RFC 9110 13.1.2), 406 for a client
/// that cannot unpack, and a page that says how to build it when it is not built in.
HttpResponse page_answer(const HttpRequest& request);

}  // namespace sterna::designer
