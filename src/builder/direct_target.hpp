// A SchemaTarget that executes at once on a connection, without history: behind sterna::Database,
// tests and tools. The hooks are for those who watch or record what is sent.
#pragma once

#include <string>
#include <vector>

#include "builder/target.hpp"

namespace sterna {

class DirectTarget : public SchemaTarget {
 public:
  explicit DirectTarget(Connection& connection, std::string environment = "development",
                        std::string name = "main")
      : connection_(connection), environment_(std::move(environment)), name_(std::move(name)) {}

  const Dialect& dialect() const override { return connection_.dialect(); }
  const ServerInfo& server() const override { return connection_.server(); }
  std::string environment() const override { return environment_; }
  std::string connection_name() const override { return name_; }

  /// Several statements of one change are one transaction where the database's DDL is
  /// transactional.
  void apply(Change change) override;
  std::int64_t execute(Statement statement) override { return run(statement); }
  Rows query(Statement statement) override { return run_query(statement); }
  Connection::TokenKey token_key(const model::Name& table) override {
    return connection_.token_key(table);
  }
  void walk(const Connection::Walk& walk,
            const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& visit)
      override {
    connection_.walk(walk, visit);
  }
  bool has_table(const model::Name& table) override { return connection_.has_table(table); }
  bool has_column(const model::Name& table, std::string_view column) override {
    return connection_.has_column(table, column);
  }
  bool has_index(const model::Name& table, std::string_view index) override {
    return connection_.has_index(table, index);
  }
  bool has_type(const model::Name& type) override { return connection_.has_type(type); }

  void begin_nested() override;
  void commit_nested() override;
  void rollback_nested() noexcept override;

  void progress(std::string_view, std::int64_t, std::int64_t) override {}
  /// Nothing outlives the process here: a data step begins anew.
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

 protected:
  /// Every statement that is sent passes one of these.
  virtual std::int64_t run(const Statement& statement) { return connection_.execute(statement); }
  virtual Rows run_query(const Statement& statement) { return connection_.query(statement); }

  Connection& connection() noexcept { return connection_; }

 private:
  void run_all(const std::vector<Statement>& statements);
  void run_without_foreign_keys(const std::vector<Statement>& statements);
  bool belongs_together(const std::vector<Statement>& statements) const;

  Connection& connection_;
  std::string environment_, name_;
  std::vector<bool> levels_;  ///< true: a transaction of its own, false: a savepoint
};

}  // namespace sterna
