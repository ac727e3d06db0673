// A session with one node in the native protocol: opened, spoken to, one request at a time or many
// at once. Used by the connection, by what looks at single nodes, and by copies of rows. Knows
// nothing of migrations. interrupt() may come from any thread.
#pragma once

#include "database/cql/frame.hpp"
#include "database/cql/stream.hpp"
#include "database/cql/url_options.hpp"

#include <sterna/value.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace sterna::cql {

class Client {
 public:
  struct Login {
    std::string user, password, application;
  };
  /// @throws Error(connection), Error(timeout), Error(permission).
  Client(const Url::Host& host, const Login& login, const UrlOptions& options, Deadline deadline);

  const Url::Host& host() const noexcept { return host_; }
  bool open() const noexcept { return !broken_ && stream_.open(); }
  void interrupt() noexcept { stream_.interrupt(); }
  /// An interrupt() that came before is forgotten.
  void resume() noexcept { stream_.resume(); }

  /// Sends and waits for the answer, which may be a ServerError. Events that come meanwhile are
  /// kept. @throws Error(connection) when the session is lost, Error(timeout); both are in doubt.
  Response request(Opcode opcode, std::string_view body, Deadline deadline);
  /// Sends without waiting for the answer, which comes by answer() under the number that is
  /// returned. Not to be mixed with request() while answers are due. @throws as request().
  std::int16_t post(Opcode opcode, std::string_view body, Deadline deadline);
  /// The next answer, in whatever order the server gives them.
  std::pair<std::int16_t, Response> answer(Deadline deadline);
  /// @throws the server's error.
  const PreparedResult& prepare(const std::string& query, Deadline deadline);
  void forget(const std::string& query) { prepared_.erase(query); }
  /// After a definition, when columns may have other types.
  void forget_all() { prepared_.clear(); }
  /// From now on, nodes that come and go are told.
  void watch_nodes(Deadline deadline);
  std::vector<NodeEvent> take_events() { return std::exchange(events_, {}); }
  /// SUPPORTED: what the server can do, by name.
  const Supported& supported() const noexcept { return supported_; }
  bool compresses() const noexcept { return compresses_; }

 private:
  void start(const Login& login, const UrlOptions& options, Deadline deadline);
  void flush(Deadline deadline);
  std::pair<std::int16_t, Response> receive(Deadline deadline);
  std::string_view need(std::size_t count, Deadline deadline);

  Url::Host host_;
  Stream stream_;
  std::string output_;        // what was posted and not yet sent
  std::string input_;         // what came and was not yet read
  std::size_t consumed_ = 0;  // of input_
  std::int16_t next_stream_ = 0;
  bool compresses_ = false;
  bool broken_ = false;
  Supported supported_;
  std::vector<NodeEvent> events_;
  std::unordered_map<std::string, PreparedResult> prepared_;
};

/// The rows of a result, read one by one.
void each_row(const RowsResult& result, const std::function<void(Row&&)>& visit);

}  // namespace sterna::cql
