#include "designer/assets.hpp"

#include "designer/answer.hpp"

#include <algorithm>

namespace sterna::designer {
namespace {

constexpr std::string_view not_built = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sterna designer</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:38rem;margin:15vh auto;padding:0 1rem;color:#1c2733}
code{background:#eef2f6;padding:.1em .35em;border-radius:4px}h1{font-size:1.4rem}</style>
<h1>The designer's page is not built into this program</h1>
<p>It was compiled where Node.js was not found. With Node.js 20.19 or newer:</p>
<p><code>cd web &amp;&amp; npm ci &amp;&amp; npm run build</code></p>
<p>then configure and build Sterna again: the page becomes a part of the command.</p></html>
)";

}  // namespace

HttpResponse page_answer(const HttpRequest& request) {
  const auto html = "text/html; charset=utf-8";
  if (request.path == "/") return {302, "", html, {{"Location", "/ui/"}}};
  const std::string path = request.path == "/ui" ? "/ui/" : request.path;
  const std::span<const PageFile> files = page_files();
  if (files.empty()) return {503, std::string(not_built), html, {}};
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const PageFile& file) { return file.path == path; });
  if (found == files.end()) return failure(404, "config", "there is no such page");
  const HttpHeaders caching = {
      {"ETag", std::string(found->etag)},
      {"Cache-Control", found->immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  if (request.header("If-None-Match").find(found->etag) != std::string_view::npos)
    return {304, "", std::string(found->content_type), caching};
  if (request.header("Accept-Encoding").find("gzip") == std::string_view::npos)
    return failure(406, "config", "the page is kept compressed: ask for it with gzip",
                   {"curl --compressed"});
  HttpResponse response{200, std::string(found->packed), std::string(found->content_type), caching};
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
  return response;
}

}  // namespace sterna::designer
