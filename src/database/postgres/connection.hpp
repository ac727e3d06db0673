// A session with a PostgreSQL server through libpq.
#pragma once

#include "database/connection.hpp"
#include "database/postgres/libpq.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>

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
  void for_each_row(const Statement& statement, const std::function<void(Row&&)>& visit) override;
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
  bool has_type(const model::Name& type) override;
  std::vector<std::string> leftovers() override;
  std::vector<ServerFinding> examine() override;
  model::Model inspect(const InspectOptions& options) override;
  std::optional<ColumnUse> column_use(const model::Name& table, std::string_view column,
                                      std::string_view new_type) override;
  void drop_everything(std::string_view kept) override;
  std::unique_ptr<Scratch> make_scratch() override;
  bool has_role(const std::string& name) override;

  /// The process id that the other end told at the start. A pooler tells one of its own.
  int told_backend_pid() const { return api_.PQbackendPID(handle_); }
  const ConnectOptions& options() const { return options_; }

 private:
  using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;
  using Done = std::function<void(std::size_t)>;

  static void on_server_notice(void* self, const char* text);
  void open();
  bool try_hosts(Url& url, const std::string& name);
  std::chrono::milliseconds connect_limit() const;
  /// As far as libpq knows without asking; alive() looks at the socket too.
  bool connected() const { return handle_ != nullptr && api_.PQstatus(handle_) == CONNECTION_OK; }
  Result own(PGresult* result) const { return {result, api_.PQclear}; }
  Result run(const Statement& statement);
  void settle_settings();
  Error lost(const Statement& statement) const;
  Error failure_of(const PGresult* result, const Statement& statement,
                   std::size_t offset = 0) const;

  /// inspect.cpp. Many statements in one message; `answer` gets the number and the rows of each
  /// that has rows. @throws Error also when there are not as many `answers`.
  void ask(const std::string& text, std::size_t answers,
           const std::function<void(std::size_t, const PGresult*)>& answer);

  // batch.cpp. `first` is the number of the first statement in the whole batch.
  void simple_batch(std::span<const Statement> statements, std::size_t first, const Done& done);
  void pipeline_batch(std::span<const Statement> statements, std::size_t first, const Done& done);
  void run_alone(const Statement& statement, std::size_t index, const Done& done);
  void copy_in(const Statement& statement, const Done& done, std::size_t index);
  /// The refusal of a COPY that has no rows or nowhere to go; ends the copy that has begun.
  Error refuse_copy(const Statement& statement, ExecStatusType status);
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
