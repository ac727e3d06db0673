// A session with a PostgreSQL server through libpq.
#pragma once

#include "database/connection.hpp"
#include "database/postgres/libpq.hpp"

#include <mutex>

namespace sterna::postgres {

class PostgresConnection final : public Connection {
 public:
  PostgresConnection(const Url& url, const ConnectOptions& options);
  ~PostgresConnection() override;

  using Connection::execute;
  using Connection::query;
  const Dialect& dialect() const override;
  const ServerInfo& server() const override { return server_; }
  const Url& url() const override { return url_; }
  Rows query(const Statement& statement) override;
  std::int64_t execute(const Statement& statement) override;
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override;
  bool in_transaction() const override;
  void cancel() noexcept override;
  bool alive() const override;
  std::unique_ptr<Locker> locker(const std::string& name) override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  std::vector<std::string> leftovers() override;
  void drop_everything() override;

  /// The process id that the other end told at the start. A pooler tells one of its own.
  int told_backend_pid() const { return api_.PQbackendPID(handle_); }
  const ConnectOptions& options() const { return options_; }

 private:
  using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

  static void on_server_notice(void* self, const char* text);
  void open();
  Result own(PGresult* result) const { return {result, api_.PQclear}; }
  Result run(const Statement& statement);
  Error lost(const Statement& statement) const;
  void simple_batch(std::span<const Statement> statements, std::size_t first,
                    const std::function<void(std::size_t)>& done);
  void pipeline_batch(std::span<const Statement> statements, std::size_t first,
                      const std::function<void(std::size_t)>& done);
  void copy_in(const Statement& statement, std::size_t index,
               const std::function<void(std::size_t)>& done);
  void drain() noexcept;

  const LibPq& api_;
  Url url_;
  ConnectOptions options_;
  ServerInfo server_;
  PGconn* handle_ = nullptr;
  PGcancel* cancel_ = nullptr;
  std::mutex cancel_mutex_;
};

}  // namespace sterna::postgres
