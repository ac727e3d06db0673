// A client that sends exactly the bytes a test wants, well-formed or not.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace sterna::test {

class RawClient {
 public:
  explicit RawClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~RawClient() { ::close(socket_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  RawClient& send(std::string_view text) {
    while (!text.empty()) {
      auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // the server may refuse before it has read all
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }

  /// Everything until the server closes the connection.
  std::string read_all() {
    std::string out;
    while (read_some(out)) {
    }
    return out;
  }

  /// Until `end` has come (or the connection is closed).
  std::string read_until(std::string_view end) {
    std::string out;
    while (out.find(end) == std::string::npos && read_some(out)) {
    }
    return out;
  }

 private:
  bool read_some(std::string& out) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, 20000) <= 0) throw std::runtime_error("no answer within 20 s");
    char buffer[4096];
    auto size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    out.append(buffer, static_cast<std::size_t>(size));
    return true;
  }
  int socket_;
};

}  // namespace sterna::test
