// A TCP proxy on loopback, a thread of the test, that counts the round trips of what goes through
// it. It holds every answer back for a moment: who goes on without waiting for it is told from who
// waits. It never looks into what it passes on, so TLS goes through too.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace sterna::test {

class DelayProxy {
 public:
  struct Settings {
    std::string listen = "127.0.0.1";    ///< any 127.x.y.z
    std::chrono::milliseconds delay{1};  ///< for which an answer is held back
  };

  /// To `port` on 127.0.0.1. @throws std::runtime_error when no port can be had.
  explicit DelayProxy(int port) : DelayProxy(port, Settings{}) {}
  DelayProxy(int port, Settings settings);
  ~DelayProxy();
  DelayProxy(const DelayProxy&) = delete;
  DelayProxy& operator=(const DelayProxy&) = delete;

  int port() const { return port_; }
  /// `url` with this proxy in place of its server.
  std::string in_front_of(const std::string& url) const;
  /// Times that a client sent something after it had got an answer, or as its first word.
  int round_trips() const { return round_trips_; }
  int connections() const { return connections_; }

 private:
  struct Link;
  void run();

  int target_;
  Settings settings_;
  int listener_ = -1, port_ = 0;
  int wake_[2] = {-1, -1};
  std::atomic<int> round_trips_{0}, connections_{0};
  std::thread thread_;
};

}  // namespace sterna::test
