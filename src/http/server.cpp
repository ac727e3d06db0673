#include "http/server.hpp"

#include "base/text.hpp"
#include "http/text.hpp"

#include <sterna/error.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <fmt/format.h>

#include <set>

namespace sterna {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;

namespace {

/// What all sessions share; lives as long as the listener. Everything but the handler runs on one
/// thread.
struct HttpShared {
  HttpServerOptions options;
  HttpHandler handler;
  asio::thread_pool workers;
  std::set<std::string, std::less<>> hosts;
  bool stopping = false;

  HttpShared(HttpServerOptions given, HttpHandler call)
      : options(std::move(given)),
        handler(std::move(call)),
        workers(static_cast<std::size_t>(std::max(1, options.workers))) {
    hosts = {"localhost", to_lower(options.host)};
    for (const auto& name : options.allowed_hosts) hosts.insert(to_lower(name));
  }

  /// An address in numbers cannot be bound to another site's name, so it always passes.
  bool host_allowed(std::string_view header) const {
    std::string name = to_lower(host_of_authority(header));
    boost::system::error_code not_an_address;
    asio::ip::make_address(name, not_an_address);
    return !name.empty() && (!not_an_address || hosts.contains(name) || hosts.contains("*"));
  }
};

HttpResponse plain_answer(int status, std::string text) {
  return {.status = status, .body = std::move(text) + "\n"};
}

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(Tcp::socket&& socket, std::shared_ptr<HttpShared> shared)
      : stream_(std::move(socket)), shared_(std::move(shared)) {}

  void read() {
    reading_ = true;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_->options.header_limit));
    parser_->body_limit(shared_->options.body_limit);
    stream_.expires_after(shared_->options.transfer_time);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       self->on_read(error);
                     });
  }

  void refuse(HttpResponse response) {
    keep_ = false;
    write(response, 11, false);
  }

  /// A session that waits for a request has nothing to finish.
  void stop() {
    if (reading_) stream_.close();
  }

 private:
  void on_read(beast::error_code error) {
    reading_ = false;
    if (error == http::error::header_limit)
      return refuse(plain_answer(431, "The request's header is too long."));
    if (error == http::error::body_limit)
      return refuse(plain_answer(413, "The request's body is too long."));
    if (error) {
      // The parser's own category: what came is no HTTP. The rest (closed, timed out) has nobody to
      // answer to.
      if (error.category() == http::make_error_code(http::error::bad_method).category() &&
          error != http::error::end_of_stream && error != http::error::partial_message)
        return refuse(plain_answer(400, "This is no HTTP request: " + error.message() + "."));
      return;
    }
    auto message = parser_->release();
    bool head = message.method() == http::verb::head;
    unsigned version = message.version();
    keep_ = message.keep_alive();
    if (message.count(http::field::host) != 1 ||
        !shared_->host_allowed(view(message[http::field::host])))
      return write(plain_answer(421, "The Host header names no address of this server."), version,
                   head);
    HttpRequest request;
    if (!parse_http_target(view(message.target()), request))
      return write(plain_answer(400, "The address is malformed."), version, head);
    request.method = head ? "GET" : std::string(view(message.method_string()));
    for (const auto& field : message)
      request.headers.emplace_back(view(field.name_string()), view(field.value()));
    request.body = std::move(message.body());
    stream_.expires_never();
    asio::post(
        shared_->workers, [self = shared_from_this(), request = std::move(request), version, head] {
          auto response = std::make_shared<HttpResponse>(self->answer(request));
          asio::post(self->stream_.get_executor(),
                     [self, response, version, head] { self->write(*response, version, head); });
        });
  }

  HttpResponse answer(const HttpRequest& request) const {
    try {
      return shared_->handler(request);
    } catch (const std::exception& error) {
      return plain_answer(500, error.what());
    }
  }

  void write(const HttpResponse& response, unsigned version, bool head) {
    message_.emplace(static_cast<http::status>(response.status), version);
    if (response.status != 204 && response.status != 304)
      message_->set(http::field::content_type, response.content_type);
    message_->set(http::field::cache_control, "no-store");
    message_->set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) message_->set(name, value);
    keep_ = keep_ && !shared_->stopping;
    message_->keep_alive(keep_);
    message_->body() = response.body;
    message_->prepare_payload();
    stream_.expires_after(shared_->options.transfer_time);
    auto done = [self = shared_from_this()](beast::error_code error, std::size_t) {
      self->on_write(error);
    };
    serializer_.emplace(*message_);
    if (head)
      http::async_write_header(stream_, *serializer_, std::move(done));
    else
      http::async_write(stream_, *serializer_, std::move(done));
  }

  void on_write(beast::error_code error) {
    if (error) return;
    if (keep_ && !shared_->stopping) return read();
    stream_.socket().shutdown(Tcp::socket::shutdown_send, error);
    linger();
  }

  /// Closing with unread bytes resets the connection, and the client may lose the answer: read a
  /// little of what it still sends.
  void linger() {
    stream_.expires_after(std::chrono::milliseconds(500));
    reading_ = true;
    stream_.async_read_some(asio::buffer(rest_),
                            [self = shared_from_this()](beast::error_code error, std::size_t size) {
                              self->lingered_ += size;
                              if (!error && self->lingered_ < self->shared_->options.body_limit)
                                self->linger();
                            });
  }

  static std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

  beast::tcp_stream stream_;
  std::shared_ptr<HttpShared> shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::string_body>> message_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::array<char, 4096> rest_{};
  std::size_t lingered_ = 0;
  bool reading_ = false;
  bool keep_ = true;
};

}  // namespace

struct HttpServer::Listener {
  asio::io_context io{1};
  Tcp::acceptor acceptor{io};
  asio::steady_timer tick{io};
  Tcp::socket incoming{io};
  std::shared_ptr<HttpShared> shared;
  std::vector<std::weak_ptr<HttpSession>> sessions;
  Clock::time_point stop_at;

  Listener(HttpServerOptions options, HttpHandler handler)
      : shared(std::make_shared<HttpShared>(std::move(options), std::move(handler))) {}

  void listen() {
    boost::system::error_code error;
    const auto& options = shared->options;
    Tcp::resolver resolver(io);
    auto found =
        resolver.resolve(options.host, std::to_string(options.port), Tcp::resolver::passive, error);
    if (error) throw cannot_listen(error);
    Tcp::endpoint endpoint = found.begin()->endpoint();
    open(endpoint, error);
    if (error == boost::system::errc::address_in_use && options.other_port_when_taken) {
      endpoint.port(0);
      open(endpoint, error);
    }
    if (error) throw cannot_listen(error);
  }

  void open(const Tcp::endpoint& endpoint, boost::system::error_code& error) {
    acceptor = Tcp::acceptor(io);
    if (acceptor.open(endpoint.protocol(), error)) return;
    acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
    if (acceptor.bind(endpoint, error)) return;
    acceptor.listen(Tcp::acceptor::max_listen_connections, error);
  }

  Error cannot_listen(const boost::system::error_code& error) const {
    Error refusal(ErrorKind::config,
                  fmt::format("cannot listen on {} port {}: {}", shared->options.host,
                              shared->options.port, error.message()));
    refusal.with_state("nothing was started");
    if (error == boost::system::errc::address_in_use)
      refusal.suggest("choose another port: --port N (0 takes any free one)");
    if (error == boost::system::errc::permission_denied)
      refusal.suggest("ports below 1024 need a right: choose a higher one");
    return refusal;
  }

  void accept() {
    acceptor.async_accept(incoming, [this](boost::system::error_code error) {
      if (error == asio::error::operation_aborted || shared->stopping) return;
      if (!error) serve(std::move(incoming));
      // Out of descriptors: the next moment may have some.
      if (!error) return accept();
      incoming = Tcp::socket(io);
      auto pause = std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds(50));
      pause->async_wait([this, pause](boost::system::error_code) { accept(); });
    });
  }

  void serve(Tcp::socket&& socket) {
    std::erase_if(sessions, [](const auto& session) { return session.expired(); });
    bool full = sessions.size() >= static_cast<std::size_t>(shared->options.connections);
    boost::system::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    auto session = std::make_shared<HttpSession>(std::move(socket), shared);
    if (full) return session->refuse(plain_answer(503, "Too many connections."));
    sessions.push_back(session);
    session->read();
  }

  void watch(const StopSource& stop) {
    tick.expires_after(std::chrono::milliseconds(100));
    tick.async_wait([this, &stop](boost::system::error_code) {
      if (!stop.requested()) return watch(stop);
      shared->stopping = true;
      boost::system::error_code ignored;
      acceptor.close(ignored);
      for (const auto& weak : sessions)
        if (auto session = weak.lock()) session->stop();
      stop_at = Clock::now() + shared->options.drain_time;
      drain();
    });
  }

  void drain() {
    std::erase_if(sessions, [](const auto& session) { return session.expired(); });
    if (sessions.empty() || Clock::now() >= stop_at) return io.stop();
    tick.expires_after(std::chrono::milliseconds(20));
    tick.async_wait([this](boost::system::error_code) { drain(); });
  }
};

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : listener_(std::make_unique<Listener>(std::move(options), std::move(handler))) {
  listener_->listen();
}

HttpServer::~HttpServer() { listener_->shared->workers.join(); }

int HttpServer::port() const noexcept {
  boost::system::error_code error;
  return listener_->acceptor.local_endpoint(error).port();
}

std::string HttpServer::address() const {
  const auto& host = listener_->shared->options.host;
  bool bare = host.find(':') == std::string::npos;
  return fmt::format("http://{}{}{}:{}", bare ? "" : "[", host, bare ? "" : "]", port());
}

void HttpServer::run(const StopSource& stop) {
  listener_->accept();
  listener_->watch(stop);
  listener_->io.run();
  listener_->shared->workers.join();
}

bool is_loopback_host(std::string_view host) {
  boost::system::error_code not_an_address;
  auto address = asio::ip::make_address(std::string(host), not_an_address);
  return not_an_address ? equals_ignoring_case(host, "localhost") : address.is_loopback();
}

}  // namespace sterna
