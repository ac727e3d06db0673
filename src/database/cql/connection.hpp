// A session with a Cassandra or ScyllaDB cluster, through one node at a time. Definitions are
// awaited on every node; a node that is lost is replaced by another of the URL.
#pragma once

#include "database/connection.hpp"
#include "database/cql/client.hpp"
#include "database/cql/cluster.hpp"
#include "database/cql/url_options.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace sterna::cql {

class CqlConnection final : public Connection {
 public:
  CqlConnection(const Url& url, const ConnectOptions& options);
  ~CqlConnection() override;

  using Connection::execute;
  using Connection::query;
  const Dialect& dialect() const override;
  const ServerInfo& server() const override { return server_; }
  const Url& url() const override { return url_; }
  Rows query(const Statement& statement) override;
  TokenKey token_key(const model::Name& table) override;
  void walk(const Walk& walk,
            const std::function<bool(const Rows& rows, const WalkStep& step)>& visit) override;
  /// Rows come page by page.
  void for_each_row(const Statement& statement, const std::function<void(Row&&)>& visit) override;
  /// 1 for a change under a condition that was met, 0 for one that was not; no server counts rows.
  std::int64_t execute(const Statement& statement) override;
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override;
  /// CQL has no transactions.
  bool in_transaction() const override { return false; }
  std::string begin_sql() const override { return {}; }
  /// The protocol cannot take a request back: the wait for its answer ends, and the session with
  /// it.
  void cancel() noexcept override;
  bool alive() const override;
  std::unique_ptr<Locker> locker(const std::string& name) override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  bool has_type(const model::Name& type) override;
  model::Model inspect(const InspectOptions& options) override;
  std::unique_ptr<Scratch> make_scratch() override;
  bool has_role(const std::string& name) override;
  std::vector<std::string> leftovers() override;
  std::vector<ServerFinding> examine() override;
  void drop_everything(std::string_view kept) override;

  const ConnectOptions& options() const { return options_; }
  const UrlOptions& settings() const { return settings_; }
  /// Where unqualified names stand.
  const std::string& keyspace() const { return url_.database; }
  std::string keyspace_of(const model::Name& name) const {
    return name.schema.empty() ? keyspace() : name.schema;
  }
  Cluster cluster();
  /// From now on the other nodes of the data centre take over too when one is lost, not only those
  /// of the URL, and nodes that come and go are told as notices.
  void know_nodes();
  /// Writes to Sterna's own table are bound to this condition ("IF …") while the lock is held.
  void set_fence(std::string condition, model::Name table) {
    fence_ = std::move(condition);
    own_table_ = std::move(table);
  }
  bool holds_lock() const { return !fence_.empty(); }
  /// Of the lock that is held.
  const model::Name& own_table() const { return own_table_; }
  /// The one that is spoken to comes first.
  const std::vector<Url::Host>& hosts() const { return hosts_; }
  /// A session beside this one; may be asked for by any thread.
  std::unique_ptr<Client> session_with(const Url::Host& host) const;
  /// How often cancel() was called: what works beside this session looks at it.
  std::uint64_t cancellations() const noexcept { return cancellations_; }
  void tell(std::string_view text) const { notify(text); }
  /// The last node that was spoken to, for tests and messages.
  const Url::Host& host() const { return client_->host(); }

 private:
  void open();
  void read_server(Client& client, Deadline deadline);
  std::unique_ptr<Client> open_host(const Url::Host& host, Deadline deadline) const;
  void use_keyspace(Client& client, Deadline deadline) const;
  void reopen(const Error& cause);
  /// One request with its errors; retried on another node where that cannot do it twice.
  Response send(const Statement& statement, const std::string& paging_state);
  Response send_once(const Statement& statement, const std::string& paging_state);
  Response prepared(const Statement& statement, QueryParameters parameters, Deadline deadline);
  QueryParameters parameters_of(const Statement& statement) const;
  /// A definition whose outcome is not known: looks until it is.
  Response settle(const Statement& statement, const Error& cause);
  void finish(const Response& response);
  void await_agreement();
  Statement fenced(const Statement& statement) const;
  std::int64_t applied(const Statement& statement, const Response& response) const;
  std::size_t bookkeeping_batch(std::span<const Statement> statements);
  Deadline deadline() const { return std::chrono::steady_clock::now() + settings_.request_timeout; }
  void tell(const Response& response);

  Url url_;
  ConnectOptions options_;
  UrlOptions settings_;
  ServerInfo server_;
  std::string fence_;
  model::Name own_table_;
  std::atomic<std::uint64_t> cancellations_{0};
  mutable std::mutex mutex_;  // client_ is replaced while another thread may cancel
  std::unique_ptr<Client> client_;
  std::vector<Url::Host> hosts_;  // the one that is spoken to comes first
  bool lost_ = false;
  bool watching_ = false;  // nodes that come and go
};

}  // namespace sterna::cql
