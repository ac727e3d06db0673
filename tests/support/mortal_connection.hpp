// A connection whose process dies at a chosen statement: for tests of what a killed run leaves.
#pragma once

#include "database/connection.hpp"

#include <unistd.h>

#include <csignal>
#include <memory>
#include <type_traits>

namespace sterna::test {

/// Passes everything on, statement by statement, and kills its own process at a chosen point.
class MortalConnection final : public Connection {
 public:
  MortalConnection(std::unique_ptr<Connection> inner, int die_at)
      : inner_(std::move(inner)), die_at_(die_at) {
    inner_->on_notice([this](std::string_view text) { notify(text); });
  }
  const Dialect& dialect() const override { return inner_->dialect(); }
  const ServerInfo& server() const override { return inner_->server(); }
  const Url& url() const override { return inner_->url(); }
  Rows query(const Statement& statement) override {
    return mortal([&] { return inner_->query(statement); });
  }
  std::int64_t execute(const Statement& statement) override {
    return mortal([&] { return inner_->execute(statement); });
  }
  void execute_batch(std::span<const Statement> statements,
                     const std::function<void(std::size_t)>& done) override {
    for (std::size_t i = 0; i < statements.size(); ++i) {
      try {
        mortal([&] {
          inner_->execute_batch(statements.subspan(i, 1));
          return 0;
        });
      } catch (Error& error) {
        error.with_statement_index(i);
        throw;
      }
      if (done) done(i);
    }
  }
  bool in_transaction() const override { return inner_->in_transaction(); }
  std::string begin_sql() const override { return inner_->begin_sql(); }
  void cancel() noexcept override { inner_->cancel(); }
  bool alive() const override { return inner_->alive(); }
  std::unique_ptr<Locker> locker(const std::string& name) override { return inner_->locker(name); }
  bool has_table(const model::Name& table) override { return inner_->has_table(table); }
  bool has_column(const model::Name& table, std::string_view column) override {
    return inner_->has_column(table, column);
  }
  bool has_index(const model::Name& table, std::string_view index) override {
    return inner_->has_index(table, index);
  }
  bool set_foreign_keys(bool on) override { return inner_->set_foreign_keys(on); }
  bool foreign_keys_enforced() override { return inner_->foreign_keys_enforced(); }
  std::vector<std::string> foreign_key_violations() override {
    return inner_->foreign_key_violations();
  }
  bool has_type(const model::Name& type) override { return inner_->has_type(type); }
  model::Model inspect(const InspectOptions& options) override { return inner_->inspect(options); }
  void drop_everything(std::string_view kept) override { inner_->drop_everything(kept); }

 private:
  template <class Call>
  std::invoke_result_t<Call> mortal(Call call) {
    step();
    auto result = call();
    step();
    return result;
  }
  void step() {
    if (++points_ == die_at_) ::kill(::getpid(), SIGKILL);
  }

  std::unique_ptr<Connection> inner_;
  int die_at_;
  int points_ = 0;
};

}  // namespace sterna::test
