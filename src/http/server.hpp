// A small HTTP/1.1 server for what the command offers on this machine: health, metrics, the
// designer. It knows requests, answers and limits; never databases, routes or who is allowed what
// beyond the Host header.
#pragma once

#include "base/cancellation.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;  ///< as sent: "GET". HEAD arrives as GET; its answer goes out without a body
  std::string path;    ///< percent-decoded, always begins with '/', holds no control characters
  std::map<std::string, std::string, std::less<>>
      parameters;  ///< the query, decoded; the last of a name wins
  HttpHeaders headers;
  std::string body;
  /// Value of a header, its name compared without regard to case; empty when it was not sent.
  std::string_view header(std::string_view name) const noexcept;
};

struct HttpResponse {
  int status = 200;
  std::string body;
  std::string content_type = "text/plain; charset=utf-8";
  /// Further headers. `Cache-Control: no-store` and `X-Content-Type-Options: nosniff` are sent
  /// unless they are set here.
  HttpHeaders headers;
};

/// Called from several worker threads at once. What it throws becomes an answer 500 with the
/// error's message.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  std::string host =
      "127.0.0.1";  ///< an address or a name to listen on; loopback unless a person asks for more
  int port = 0;     ///< 0: any free one
  bool other_port_when_taken = false;
  /// Names that a Host header may carry beside the addresses, "localhost" and `host` (RFC
  /// 9110 7.2). A page of another site whose name was bound to this address (DNS rebinding) is
  /// refused with 421 before the handler sees the request.
  std::vector<std::string> allowed_hosts;     ///< "*": any name
  std::size_t header_limit = 16 * 1024;       ///< bytes; more is answered 431
  std::size_t body_limit = 16 * 1024 * 1024;  ///< bytes; more is answered 413
  int connections = 64;                       ///< at one time; further ones are answered 503
  int workers = 4;                            ///< handlers that run at one time
  /// For the whole of a request to arrive (the wait for it on a kept connection included), and for
  /// its answer to leave.
  std::chrono::milliseconds transfer_time{30000};
  /// What answers under way may still take once a stop was asked for.
  std::chrono::milliseconds drain_time{3000};
};

class HttpServer {
 public:
  /// Listens at once; requests wait until run(). @throws Error(config) when the address cannot be
  /// had.
  HttpServer(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const noexcept;
  /// "http://127.0.0.1:4000", without a slash at the end.
  std::string address() const;
  /// Serves until `stop` is requested (looked at ten times a second); then takes no more, and
  /// returns when the answers under way have left or their time is over. Once for an object.
  void run(const StopSource& stop);

 private:
  struct Listener;
  std::unique_ptr<Listener> listener_;
};

/// Whether only this machine can reach an address or name ("127.0.0.1", "::1", "localhost").
bool is_loopback_host(std::string_view host);

}  // namespace sterna
