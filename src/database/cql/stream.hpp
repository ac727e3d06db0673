// Bytes to and from one host, over TCP or TLS, with deadlines. Used by the client alone; knows
// nothing of CQL. interrupt() may come from any thread; nothing else may.
#pragma once

#include "database/cql/url_options.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sterna::cql {

using Deadline = std::chrono::steady_clock::time_point;

class Stream {
 public:
  /// @throws Error(connection) that says what cannot be reached and why; Error(timeout).
  Stream(const Url::Host& host, const TlsOptions& tls, Deadline deadline);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// All of it. @throws Error(connection) when the session is gone, Error(timeout) at the deadline
  /// or when interrupted.
  void write(std::string_view bytes, Deadline deadline);
  /// What has come, at least one byte.
  std::string_view read(Deadline deadline);
  /// Ends a write or read that waits, with Error(timeout), and all that follow until resume().
  void interrupt() noexcept;
  void resume() noexcept;
  bool interrupted() const noexcept;
  /// False when the host has closed the session; looks without waiting.
  bool open() const noexcept;

 private:
  struct Tls;
  void connect(const Url::Host& host, Deadline deadline);
  void wait(short events, Deadline deadline);
  void start_tls(const Url::Host& host, const TlsOptions& options, Deadline deadline);
  void wait_for_tls(int result, Deadline deadline, const char* doing);
  [[noreturn]] void lost(const std::string& why) const;

  std::string host_;
  int socket_ = -1;
  int wake_ = -1;  // an eventfd
  std::unique_ptr<Tls> tls_;
  std::string buffer_;
};

}  // namespace sterna::cql
