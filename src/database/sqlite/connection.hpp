// A session with an SQLite file. Cheap to open: the file is found or made, and not read before the
// first statement (unless the URL sets journal_mode or synchronous).
#pragma once

#include "database/connection.hpp"

#include <atomic>

struct sqlite3;

namespace sterna::sqlite {

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(const Url& url);
  ~SqliteConnection() override;

  using Connection::execute;
  using Connection::query;
  const Dialect& dialect() const override;
  const ServerInfo& server() const override { return server_; }
  const Url& url() const override { return url_; }
  Rows query(const Statement& statement) override;
  void for_each_row(const Statement& statement, const std::function<void(Row&&)>& visit) override;
  std::int64_t execute(const Statement& statement) override;
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override;
  bool in_transaction() const override;
  std::string begin_sql() const override { return "BEGIN IMMEDIATE"; }
  void cancel() noexcept override;
  bool alive() const override { return handle_ != nullptr; }
  std::unique_ptr<Locker> locker(const std::string& name) override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  model::Model inspect(const InspectOptions& options) override;
  bool set_foreign_keys(bool on) override;
  bool foreign_keys_enforced() override;
  std::vector<std::string> foreign_key_violations() override;
  std::unique_ptr<Connection> dry_run_copy() override;
  void drop_everything(std::string_view kept) override;
  std::vector<ServerFinding> examine() override;
  std::unique_ptr<Scratch> make_scratch() override;

 private:
  static int on_busy(void* self, int attempt);
  template <class OnRow>
  void run(const Statement& statement, OnRow on_row);
  void open();

  Url url_;
  ServerInfo server_;
  sqlite3* handle_ = nullptr;
  int busy_timeout_ms_ = 5000;
  std::atomic<bool> cancelled_{false};
};

}  // namespace sterna::sqlite
