#include "http/client.hpp"

#include "http/text.hpp"

#include <sterna/error.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <fmt/format.h>

#include <charconv>

namespace sterna {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

HttpUrl parse_http_url(std::string_view text) {
  const auto refuse = [&](const std::string& why) {
    return Error(ErrorKind::config,
                 fmt::format("'{}' is no address that can be used: {}", text, why));
  };
  if (text.starts_with("https://"))
    throw refuse("https is not spoken here")
        .suggest("send to a collector on this machine or network over http");
  if (!text.starts_with("http://")) throw refuse("it has to begin with http://");
  const std::string_view rest = text.substr(7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  HttpUrl url;
  url.host = host_of_authority(authority);
  if (url.host.empty() || authority.find('@') != std::string_view::npos)
    throw refuse("it names no host");
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const std::string_view port = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || url.port < 1 || url.port > 65535)
      throw refuse("the port is no number up to 65535");
  }
  if (rest.size() > authority.size()) url.target = rest.substr(authority.size());
  if (!url.target.starts_with('/')) url.target = "/" + url.target;
  return url;
}

HttpResponse http_post(const HttpUrl& url, std::string body, std::string_view content_type,
                       const HttpHeaders& headers, std::chrono::milliseconds limit) {
  asio::io_context io{1};
  beast::tcp_stream stream(io);
  asio::ip::tcp::resolver resolver(io);
  http::request<http::string_body> request{http::verb::post, url.target, 11};
  request.set(http::field::host,
              fmt::format("{}{}{}:{}", url.host.find(':') == std::string::npos ? "" : "[", url.host,
                          url.host.find(':') == std::string::npos ? "" : "]", url.port));
  request.set(http::field::content_type, std::string(content_type));
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = std::move(body);
  request.keep_alive(false);
  request.prepare_payload();
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  beast::error_code failure = asio::error::timed_out;
  bool done = false;
  const auto finish = [&](beast::error_code error) {
    failure = error;
    done = true;
  };
  stream.expires_after(limit);
  resolver.async_resolve(
      url.host, std::to_string(url.port),
      [&](beast::error_code error, const asio::ip::tcp::resolver::results_type& found) {
        if (error) return finish(error);
        stream.async_connect(
            found, [&](beast::error_code connected, const asio::ip::tcp::endpoint&) {
              if (connected) return finish(connected);
              http::async_write(stream, request, [&](beast::error_code written, std::size_t) {
                if (written) return finish(written);
                http::async_read(stream, buffer, response,
                                 [&](beast::error_code read, std::size_t) { finish(read); });
              });
            });
      });
  io.run_for(limit + std::chrono::milliseconds(100));
  if (!done || failure)
    throw Error(ErrorKind::connection,
                fmt::format("no answer from http://{}:{}{}: {}", url.host, url.port, url.target,
                            done ? failure.message() : "the time is over"));
  HttpResponse answer;
  answer.status = static_cast<int>(response.result_int());
  answer.body = std::move(response.body());
  for (const auto& field : response)
    answer.headers.emplace_back(std::string(field.name_string().data(), field.name_string().size()),
                                std::string(field.value().data(), field.value().size()));
  return answer;
}

}  // namespace sterna
