// A SchemaTarget that keeps what it is asked, for tests of what the builder makes.
#pragma once

#include <string>
#include <vector>

#include "builder/target.hpp"
#include "database/registry.hpp"

namespace sterna::test {

class Recording : public SchemaTarget {
 public:
  explicit Recording(std::string_view dialect = "postgres",
                     ServerInfo server = {"PostgreSQL", "15.4", 150004})
      : dialect_(dialect_named(dialect)), server_(std::move(server)) {}

  const Dialect& dialect() const override { return dialect_; }
  const ServerInfo& server() const override { return server_; }
  std::string environment() const override { return "staging"; }
  std::string connection_name() const override { return "events"; }
  void apply(Change change) override { changes.push_back(std::move(change)); }
  std::int64_t execute(Statement statement) override {
    statements.push_back(std::move(statement));
    return 0;
  }
  Rows query(Statement statement) override {
    statements.push_back(std::move(statement));
    return {};
  }
  bool has_table(const model::Name& table) override {
    return table.text() == "users" || table.text() == "app.users";
  }
  bool has_column(const model::Name& table, std::string_view column) override {
    return has_table(table) && column == "email";
  }
  bool has_index(const model::Name& table, std::string_view index) override {
    return has_table(table) && index == "users_email_index";
  }
  bool has_type(const model::Name& type) override { return type.text() == "address"; }
  void begin_nested() override { log.push_back("begin"); }
  void commit_nested() override { log.push_back("commit"); }
  void rollback_nested() noexcept override { log.push_back("rollback"); }
  void progress(std::string_view what, std::int64_t done, std::int64_t total) override {
    log.push_back(std::string(what) + " " + std::to_string(done) + "/" + std::to_string(total));
  }
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

  template <class T>
  const T& only() const {
    if (changes.size() != 1)
      throw std::logic_error(std::to_string(changes.size()) + " changes, not one");
    return std::get<T>(changes.front());
  }
  template <class T>
  const T& action(std::size_t index = 0) const {
    return std::get<T>(only<AlterTable>().actions.at(index));
  }

  std::vector<Change> changes;
  std::vector<Statement> statements;
  std::vector<std::string> log;

 private:
  const Dialect& dialect_;
  ServerInfo server_;
};

}  // namespace sterna::test
