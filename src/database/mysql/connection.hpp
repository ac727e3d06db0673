// A session with a MySQL or MariaDB server through libmariadb.
#pragma once

#include "database/connection.hpp"
#include "database/mysql/libmariadb.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sterna::mysql {

class MysqlConnection final : public Connection {
 public:
  MysqlConnection(const Url& url, const ConnectOptions& options);
  ~MysqlConnection() override;

  using Connection::execute;
  using Connection::query;
  const Dialect& dialect() const override;
  const ServerInfo& server() const override { return server_; }
  const Url& url() const override { return url_; }
  Rows query(const Statement& statement) override;
  /// Rows come as the server sends them: `visit` must not use the connection. Of several results
  /// all rows are visited.
  void for_each_row(const Statement& statement, const std::function<void(Row&&)>& visit) override;
  /// Several SELECTs or SHOWs in as few round trips as the server's limit of a message allows; the
  /// number of the one that a row belongs to comes with it. One that fails is told and does not
  /// stop the others.
  /// @throws Error when the session is lost.
  void query_each(std::span<const std::string> queries,
                  const std::function<void(std::size_t, Row&&)>& visit,
                  const std::function<void(std::size_t, const Error&)>& failed);
  std::int64_t execute(const Statement& statement) override;
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override;
  std::string begin_sql() const override { return "START TRANSACTION"; }
  bool in_transaction() const override {
    return !lost_ && (handle_->server_status & SERVER_STATUS_IN_TRANS) != 0;
  }
  void cancel() noexcept override;
  bool alive() const override;
  std::unique_ptr<Locker> locker(const std::string& name) override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  model::Model inspect(const InspectOptions& options) override;
  std::vector<std::string> leftovers() override;
  void drop_everything(std::string_view kept) override;
  std::vector<ServerFinding> examine() override;
  std::unique_ptr<Scratch> make_scratch() override;
  bool has_role(const std::string& name) override;

  unsigned long thread_id() const { return api_.mysql_thread_id(handle_); }
  const ConnectOptions& options() const { return options_; }

 private:
  using Done = std::function<void(std::size_t)>;

  /// While answers are under way, alive() must not look at the socket.
  class Busy {
   public:
    explicit Busy(MysqlConnection& connection) : connection_(connection) { ++connection_.busy_; }
    ~Busy() { --connection_.busy_; }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

   private:
    MysqlConnection& connection_;
  };

  void open();
  void open_host(const Url::Host& host);
  void set_options();
  void set_tls();
  [[noreturn]] void fail(const Statement& statement);
  void note_end(Error& error);
  /// False when the server sees nothing to do: a comment that is for other versions.
  bool send(const Statement& statement);
  void read_rows(const Statement& statement, const std::function<void(Row&&)>& visit);
  /// Sends queries[first…] together; how many of them were answered without an error.
  std::size_t query_some(std::span<const std::string> queries, std::size_t first,
                         const std::function<void(std::size_t, Row&&)>& visit,
                         const std::function<void(std::size_t, const Error&)>& failed);
  /// Steps on to the next result of several; false when there is none.
  bool next_result(const Statement& statement);
  void forget_results() noexcept;
  /// Reads one result and keeps nothing of it; the number of rows it had or affected.
  std::int64_t discard_result(const Statement& statement);
  /// The same for all that follow; nothing when none did.
  std::optional<std::int64_t> discard_further(const Statement& statement);
  std::int64_t run_bound(const Statement& statement, Rows* rows);
  void tell_warnings();

  // batch.cpp. `first` is the number of the first statement in the whole batch.
  void packet(std::span<const Statement> statements, std::size_t first, const Done& done);
  void run_alone(const Statement& statement, std::size_t index);
  /// Bytes that the server takes in one message; asked once.
  std::size_t server_limit();
  /// @throws Error(validation) when the server would end the session instead of reading it.
  void check_size(std::size_t size, const Statement& statement);

  static constexpr std::string_view separator = "\n;\n";  // a statement may end in a comment
  static constexpr std::size_t packet_limit = 1 << 20;

  const LibMariadb& api_;
  Url url_;
  ConnectOptions options_;
  ServerInfo server_;
  Url::Host host_;  // of those in the URL, the one that answered
  MYSQL* handle_ = nullptr;
  std::size_t server_limit_ = 0;
  int busy_ = 0;
  mutable bool lost_ = false;
  bool telling_ = false;
};

}  // namespace sterna::mysql
