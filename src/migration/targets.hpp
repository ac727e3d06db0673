// The two ends a Schema can lead to in this room: a sink that runs what a migration asks for, and a
// record of it for plans and for inversion.
#pragma once

#include "builder/target.hpp"
#include "migration/execution.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sterna {

/// Thrown when a table rebuild finds foreign keys enforced inside the migration's transaction; the
/// migration starts again without.
class NeedsForeignKeysOff {};

/// Sends what a migration asks for to a sink.
class ExecutingTarget final : public SchemaTarget {
 public:
  ExecutingTarget(StatementSink& sink, std::string file) : sink_(sink), file_(std::move(file)) {}

  const Dialect& dialect() const override { return sink_.connection().dialect(); }
  const ServerInfo& server() const override { return sink_.connection().server(); }
  std::string environment() const override { return sink_.run().options.environment; }
  std::string connection_name() const override { return sink_.run().options.name; }
  void apply(Change change) override;
  std::int64_t execute(Statement statement) override;
  Rows query(Statement statement) override;
  Connection::TokenKey token_key(const model::Name& table) override;
  void walk(const Connection::Walk& walk,
            const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& visit)
      override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  bool has_type(const model::Name& type) override;
  void begin_nested() override { sink_.begin_nested(); }
  void commit_nested() override { sink_.commit_nested(); }
  void rollback_nested() noexcept override { sink_.rollback_nested(); }
  void progress(std::string_view what, std::int64_t done, std::int64_t total) override;
  std::string load_cursor(std::string_view step) override { return sink_.load_cursor(step); }
  void save_cursor(std::string_view step, std::string_view value) override {
    sink_.save_cursor(step, value);
  }
  void repeat_from_here() override { sink_.repeat_from_here(); }

 private:
  Statement placed(Statement statement) const;

  StatementSink& sink_;
  std::string file_;
};

/// Keeps what a migration asks for, and answers questions about the schema as if it had been done.
/// Reads really run.
class RecordingTarget final : public SchemaTarget {
 public:
  /// What is known of tables that earlier migrations of the same plan make or drop. Shared by the
  /// targets of one plan.
  struct Overlay {
    std::map<model::Name, bool> tables;                           ///< true: made, false: dropped
    std::map<std::pair<std::string, std::string>, bool> columns;  ///< (table, column)
    std::map<std::pair<std::string, std::string>, bool> indexes;
    std::map<model::Name, bool> types;
  };
  struct Step {
    std::optional<Change> change;  ///< structural, or …
    Statement statement;           ///< … a data statement
  };

  RecordingTarget(Connection& connection, const RunnerOptions& options, Overlay& overlay)
      : connection_(connection), options_(options), overlay_(overlay) {}

  const std::vector<Step>& steps() const noexcept { return steps_; }
  bool has_data_steps() const;
  bool records() const override { return true; }

  const Dialect& dialect() const override { return connection_.dialect(); }
  const ServerInfo& server() const override { return connection_.server(); }
  std::string environment() const override { return options_.environment; }
  std::string connection_name() const override { return options_.name; }
  void apply(Change change) override;
  std::int64_t execute(Statement statement) override;
  Rows query(Statement statement) override;
  Connection::TokenKey token_key(const model::Name& table) override;
  void walk(const Connection::Walk& walk,
            const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& visit)
      override;
  bool has_table(const model::Name& table) override;
  bool has_column(const model::Name& table, std::string_view column) override;
  bool has_index(const model::Name& table, std::string_view index) override;
  bool has_type(const model::Name& type) override;
  void begin_nested() override {}
  void commit_nested() override {}
  void rollback_nested() noexcept override {}
  void progress(std::string_view, std::int64_t, std::int64_t) override {}
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

 private:
  void note(const AlterTable& alter);

  Connection& connection_;
  const RunnerOptions& options_;
  Overlay& overlay_;
  std::vector<Step> steps_;
};

/// The changes that undo the change() of a migration. @throws Error(plan) with the reason when it
/// cannot be inverted or has none.
std::vector<Change> inverse_of(Migration& migration, const Source& source, RunContext& run);

}  // namespace sterna
