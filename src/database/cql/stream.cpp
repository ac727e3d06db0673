#include "database/cql/stream.hpp"

#include "base/file.hpp"
#include "database/cql/bytes.hpp"
#include "database/cql/libssl.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace sterna::cql {
namespace {

constexpr std::size_t buffer_size = 64 * 1024;

/// Milliseconds for poll(), rounded up so that a deadline is never met by spinning.
int left(Deadline deadline) {
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  constexpr std::int64_t most = 1 << 30;
  return static_cast<int>(std::clamp<std::int64_t>(rest.count(), 0, most));
}

Error unreachable(const std::string& host, const std::string& why) {
  return Error(ErrorKind::connection, "cannot connect to " + host + ": " + why)
      .suggest(
          "check host and port, and that the server listens there (rpc_address, "
          "native_transport_port)");
}

/// What OpenSSL says last, which is the cause.
std::string ssl_reason() {
  std::string text;
  while (const unsigned long code = ERR_get_error()) {
    char line[256];
    ERR_error_string_n(code, line, sizeof line);
    const char* reason = ERR_reason_error_string(code);
    text = reason != nullptr ? reason : line;
  }
  return text.empty() ? "the server closed the session" : text;
}

/// OpenSSL writes to its socket without MSG_NOSIGNAL: a host that has gone must not end the
/// program.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigset_t pending;
    ::sigpending(&pending);
    was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &former_);
  }
  ~NoPipeSignal() {
    const timespec now{};
    if (!was_pending_) ::sigtimedwait(&pipe_, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &former_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{}, former_{};
  bool was_pending_ = false;
};

}  // namespace

struct Stream::Tls {
  const LibSsl& api = libssl();
  SSL_CTX* context = nullptr;
  SSL* session = nullptr;
  bool broken = false;
  Tls() = default;
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls() {
    if (session != nullptr) {
      const NoPipeSignal quiet;
      if (!broken) api.SSL_shutdown(session);
      api.SSL_free(session);
    }
    if (context != nullptr) api.SSL_CTX_free(context);
  }
};

Stream::Stream(const Url::Host& host, const TlsOptions& tls, Deadline deadline)
    : host_(to_string(host)) {
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0) throw Error(ErrorKind::internal, "no event descriptor can be had");
  try {
    connect(host, deadline);
    if (tls.mode != TlsOptions::Mode::disabled) start_tls(host, tls, deadline);
  } catch (...) {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
    ::close(wake_);
    throw;
  }
  buffer_.resize(buffer_size);
}

Stream::~Stream() {
  tls_.reset();
  ::close(socket_);
  ::close(wake_);
}

void Stream::connect(const Url::Host& host, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(host.port == 0 ? default_port : host.port);
  const std::string name = host.name.empty() ? "127.0.0.1" : host.name;
  if (const int code = ::getaddrinfo(name.c_str(), port.c_str(), &hints, &found); code != 0)
    throw unreachable(host_, ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  int failure = 0;
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    socket_ = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0) continue;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket_, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    failure = 0;
    if (::connect(socket_, address->ai_addr, address->ai_addrlen) == 0) return;
    failure = errno;
    if (failure == EINPROGRESS) {
      pollfd ready{socket_, POLLOUT, 0};
      failure = ::poll(&ready, 1, left(deadline)) > 0 ? 0 : ETIMEDOUT;
      socklen_t size = sizeof failure;
      if (failure == 0) ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &failure, &size);
      if (failure == 0) return;
    }
    ::close(socket_);
    socket_ = -1;
  }
  throw unreachable(host_, std::strerror(failure == 0 ? errno : failure));
}

void Stream::lost(const std::string& why) const {
  throw Error(ErrorKind::connection, "the session with " + host_ + " was lost: " + why)
      .with_code("lost");
}

void Stream::wait(short events, Deadline deadline) {
  pollfd ready[2] = {{socket_, events, 0}, {wake_, POLLIN, 0}};
  for (;;) {
    const int count = ::poll(ready, 2, left(deadline));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) lost(std::strerror(errno));
    if (ready[1].revents != 0)
      throw Error(ErrorKind::timeout, "the request was given up").with_code("interrupted");
    if (count == 0)
      throw Error(ErrorKind::timeout, host_ + " did not answer in time").with_code("no answer");
    return;
  }
}

void Stream::wait_for_tls(int result, Deadline deadline, const char* doing) {
  switch (tls_->api.SSL_get_error(tls_->session, result)) {
    case SSL_ERROR_WANT_READ:
      return wait(POLLIN, deadline);
    case SSL_ERROR_WANT_WRITE:
      return wait(POLLOUT, deadline);
    case SSL_ERROR_ZERO_RETURN:
      tls_->broken = true;
      lost("it was closed by the server");
    default:
      tls_->broken = true;
      lost(std::string(doing) + ": " + ssl_reason());
  }
}

void Stream::start_tls(const Url::Host& host, const TlsOptions& options, Deadline deadline) {
  tls_ = std::make_unique<Tls>();
  const LibSsl& api = tls_->api;
  ERR_clear_error();
  const auto require = [&](bool done, const std::string& what) {
    if (!done) throw Error(ErrorKind::config, what + ": " + ssl_reason());
  };
  tls_->context = api.SSL_CTX_new(api.TLS_client_method());
  require(tls_->context != nullptr, "TLS cannot be had");
  api.SSL_CTX_ctrl(tls_->context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr);
  api.SSL_CTX_ctrl(tls_->context, SSL_CTRL_MODE, SSL_MODE_ENABLE_PARTIAL_WRITE, nullptr);
  if (options.mode != TlsOptions::Mode::required) {
    if (options.authority.empty())
      require(api.SSL_CTX_set_default_verify_paths(tls_->context) == 1,
              "the system's certificates cannot be read");
    else
      require(
          api.SSL_CTX_load_verify_locations(tls_->context, options.authority.c_str(), nullptr) == 1,
          "ssl-ca=" + options.authority + " cannot be read");
    api.SSL_CTX_set_verify(tls_->context, SSL_VERIFY_PEER, nullptr);
  }
  if (!options.certificate.empty()) {
    require(api.SSL_CTX_use_certificate_chain_file(tls_->context, options.certificate.c_str()) == 1,
            "ssl-cert=" + options.certificate + " cannot be read");
    require(
        api.SSL_CTX_use_PrivateKey_file(tls_->context, options.key.c_str(), SSL_FILETYPE_PEM) == 1,
        "ssl-key=" + options.key + " cannot be read");
  }
  tls_->session = api.SSL_new(tls_->context);
  const bool address = address_bytes(host.name).has_value();
  if (options.mode == TlsOptions::Mode::verify_identity) {
    X509_VERIFY_PARAM* parameters = api.SSL_get0_param(tls_->session);
    if (address)
      X509_VERIFY_PARAM_set1_ip_asc(parameters, host.name.c_str());
    else
      X509_VERIFY_PARAM_set1_host(parameters, host.name.c_str(), host.name.size());
  }
  if (!address)
    api.SSL_ctrl(tls_->session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.name.c_str()));
  api.SSL_set_fd(tls_->session, socket_);
  for (;;) {
    ERR_clear_error();
    const NoPipeSignal quiet;
    const int result = api.SSL_connect(tls_->session);
    if (result == 1) return;
    try {
      wait_for_tls(result, deadline, "TLS");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::connection) throw;
      const long verdict = api.SSL_get_verify_result(tls_->session);
      if (verdict != X509_V_OK)
        throw Error(ErrorKind::connection, "cannot connect to " + host_ +
                                               ": the server's certificate is refused: " +
                                               X509_verify_cert_error_string(verdict))
            .suggest("name the authority that signed it with ssl-ca=FILE")
            .suggest("the name in the URL must stand in the certificate (tls=verify_identity)");
      throw Error(ErrorKind::connection, "cannot connect to " + host_ + ": " + error.what())
          .suggest(
              "check that the server speaks TLS on this port (client_encryption_options), and "
              "whether it wants ssl-cert and ssl-key");
    }
  }
}

void Stream::write(std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    if (interrupted()) wait(POLLOUT, deadline);
    if (tls_) {
      ERR_clear_error();
      const NoPipeSignal quiet;
      const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), 1U << 30));
      const int sent = tls_->api.SSL_write(tls_->session, bytes.data(), size);
      if (sent > 0)
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      else
        wait_for_tls(sent, deadline, "writing");
      continue;
    }
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      wait(POLLOUT, deadline);
    else if (errno != EINTR)
      lost(std::strerror(errno));
  }
}

std::string_view Stream::read(Deadline deadline) {
  for (;;) {
    if (interrupted()) wait(POLLIN, deadline);
    if (tls_) {
      ERR_clear_error();
      const int got =
          tls_->api.SSL_read(tls_->session, buffer_.data(), static_cast<int>(buffer_.size()));
      if (got > 0) return {buffer_.data(), static_cast<std::size_t>(got)};
      wait_for_tls(got, deadline, "reading");
      continue;
    }
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (got > 0) return {buffer_.data(), static_cast<std::size_t>(got)};
    if (got == 0) lost("it was closed by the server");
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      wait(POLLIN, deadline);
    else if (errno != EINTR)
      lost(std::strerror(errno));
  }
}

void Stream::interrupt() noexcept { ::eventfd_write(wake_, 1); }

void Stream::resume() noexcept {
  eventfd_t count = 0;
  ::eventfd_read(wake_, &count);
}

bool Stream::interrupted() const noexcept {
  pollfd ready{wake_, POLLIN, 0};
  return ::poll(&ready, 1, 0) > 0;
}

bool Stream::open() const noexcept {
  pollfd ready{socket_, POLLIN, 0};
  if (::poll(&ready, 1, 0) <= 0) return true;
  if ((ready.revents & (POLLERR | POLLNVAL)) != 0) return false;
  char byte = 0;
  return ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

}  // namespace sterna::cql
