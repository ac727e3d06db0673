// A session with a MySQL or MariaDB server through libmariadb.
#pragma once

#include "database/connection.hpp"
#include "database/mysql/libmariadb.hpp"

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
  std::int64_t execute(const Statement& statement) override;
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override;
  std::string begin_sql() const override { return "START TRANSACTION"; }
  bool in_transaction() const override {
    return (handle_->server_status & SERVER_STATUS_IN_TRANS) != 0;
  }
  void cancel() noexcept override;
  bool alive() const override { return handle_ != nullptr && !lost_; }
  std::unique_ptr<Locker> locker(const std::string& name) override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  void drop_everything() override;

  unsigned long thread_id() const { return api_.mysql_thread_id(handle_); }
  const ConnectOptions& options() const { return options_; }

 private:
  void open();
  void open_host(const Url::Host& host);
  void set_tls();
  [[noreturn]] void fail(const Statement& statement);
  void send(const std::string& sql, const Statement& statement);
  Rows read_rows(const Statement& statement);
  std::int64_t run_bound(const Statement& statement, Rows* rows);
  void packet(std::span<const Statement> statements, std::size_t first,
              const std::function<void(std::size_t)>& done);
  void tell_warnings();

  const LibMariadb& api_;
  Url url_;
  ConnectOptions options_;
  ServerInfo server_;
  MYSQL* handle_ = nullptr;
  std::size_t packet_limit_ = 1 << 20;
  bool lost_ = false;
  bool telling_ = false;
};

}  // namespace sterna::mysql
