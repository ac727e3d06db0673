#include "support/delay_proxy.hpp"

#include "base/url.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <list>
#include <stdexcept>
#include <vector>

namespace sterna::test {
namespace {

using Time = std::chrono::steady_clock;

sockaddr_in address_of(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

int tcp_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/// One direction of a connection: what was read and not yet written.
struct Stream {
  int from = -1, to = -1;
  std::string waiting;
  Time::time_point due{};
  bool ended = false;  // nothing more will be read

  bool ready() const { return !waiting.empty() && Time::now() >= due; }

  /// @return true when something came.
  bool read() {
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(from, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) {
      ended = true;
      return false;
    }
    waiting.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  /// @return true when something went out.
  bool write() {
    const ssize_t count = ::send(to, waiting.data(), waiting.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count < 0) {
      ended = true;
      waiting.clear();
      return false;
    }
    waiting.erase(0, static_cast<std::size_t>(count));
    return true;
  }

  bool finished() const { return ended && waiting.empty(); }
};

}  // namespace

struct DelayProxy::Link {
  Stream up, down;
  bool answered = true;  // the client has got an answer since it last sent something

  Link(int client, int server) {
    up.from = down.to = client;
    up.to = down.from = server;
  }
  ~Link() {
    ::close(up.from);
    ::close(up.to);
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  short client_events() const {
    return static_cast<short>((up.ended ? 0 : POLLIN) | (down.ready() ? POLLOUT : 0));
  }
  short server_events() const {
    return static_cast<short>((down.ended ? 0 : POLLIN) | (up.waiting.empty() ? 0 : POLLOUT));
  }
};

DelayProxy::DelayProxy(int port, Settings settings)
    : target_(port), settings_(std::move(settings)), listener_(tcp_socket()) {
  sockaddr_in address = address_of(settings_.listen, 0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, plain, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, plain, &size) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0) {
    throw std::runtime_error(std::string("the proxy has no port: ") + std::strerror(errno));
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

DelayProxy::~DelayProxy() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

std::string DelayProxy::in_front_of(const std::string& text) const {
  Url url = parse_url(text);
  url.hosts = {{settings_.listen, port_}};
  return url.reveal();
}

void DelayProxy::run() {
  std::list<Link> links;
  for (;;) {
    std::vector<pollfd> polls{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    bool held = false;  // an answer is held back
    for (const Link& link : links) {
      polls.push_back({link.up.from, link.client_events(), 0});
      polls.push_back({link.up.to, link.server_events(), 0});
      held = held || (!link.down.waiting.empty() && !link.down.ready());
    }
    if (::poll(polls.data(), polls.size(), held ? 1 : -1) < 0 && errno != EINTR) return;
    if (polls[0].revents != 0) return;
    std::size_t at = 2;
    for (Link& link : links) {
      const short client = polls[at++].revents, server = polls[at++].revents;
      constexpr short came = POLLIN | POLLHUP | POLLERR;
      if ((client & came) != 0 && !link.up.ended && link.up.read()) {
        if (link.answered) ++round_trips_;
        link.answered = false;
      }
      if ((server & came) != 0 && !link.down.ended) {
        const bool first = link.down.waiting.empty();
        if (link.down.read() && first) link.down.due = Time::now() + settings_.delay;
      }
      if (!link.up.waiting.empty()) link.up.write();
      if (link.down.ready() && link.down.write()) link.answered = true;
      // A client's last word must reach the server before its end does, and the other way round.
      if (link.up.finished()) ::shutdown(link.up.to, SHUT_WR);
      if (link.down.finished()) ::shutdown(link.down.to, SHUT_WR);
    }
    links.remove_if([](const Link& link) { return link.up.finished() && link.down.finished(); });
    if ((polls[1].revents & POLLIN) != 0) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int server = tcp_socket();
      const sockaddr_in address = address_of("127.0.0.1", target_);
      if (client >= 0 &&
          ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        send_at_once(client);
        send_at_once(server);
        links.emplace_back(client, server);
        ++connections_;
      } else {
        ::close(client);
        ::close(server);
      }
    }
  }
}

}  // namespace sterna::test
