// Where a Schema sends what a migration asks for. The builder makes changes and statements; whoever
// implements this (the runner: executing; the planner: recording) decides what becomes of them.
// Order of calls is order of effect.
#pragma once

#include "change/change.hpp"
#include "database/connection.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sterna {

class SchemaTarget {
 public:
  virtual ~SchemaTarget() = default;

  virtual const Dialect& dialect() const = 0;
  virtual const ServerInfo& server() const = 0;
  /// True when nothing is executed: what is asked is kept for a plan, or for inversion.
  virtual bool records() const { return false; }
  virtual std::string environment() const = 0;
  virtual std::string connection_name() const = 0;

  /// A structural change. May be buffered until the next call that needs its effect.
  virtual void apply(Change change) = 0;
  /// A data statement without rows of interest; number of rows affected (0 when recording).
  virtual std::int64_t execute(Statement statement) = 0;
  /// A statement that returns rows. When recording, reads really run against the live database,
  /// statements that write return no rows.
  virtual Rows query(Statement statement) = 0;

  /// Connection::token_key and walk. A record reads the first rows alone.
  virtual Connection::TokenKey token_key(const model::Name& /*table*/) { return {}; }
  virtual void walk(
      const Connection::Walk& /*walk*/,
      const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& /*visit*/) {}

  virtual bool has_table(const model::Name& table) = 0;
  virtual bool has_column(const model::Name& table, std::string_view column) = 0;
  virtual bool has_index(const model::Name& table, std::string_view index) = 0;
  virtual bool has_type(const model::Name& type) = 0;

  /// transaction(fn): BEGIN at the outermost level where the migration itself has none, a savepoint
  /// inside one.
  virtual void begin_nested() = 0;
  virtual void commit_nested() = 0;
  virtual void rollback_nested() noexcept = 0;

  virtual void progress(std::string_view what, std::int64_t done, std::int64_t total) = 0;
  /// A resumable cursor of a data step: the value saved by the last run that died in it, and saving
  /// (with the rows it belongs to).
  virtual std::string load_cursor(std::string_view step) = 0;
  virtual void save_cursor(std::string_view step, std::string_view value) = 0;
  /// What follows comes in no fixed order: an interrupted run does it again behind its cursor, and
  /// skips nothing by its number.
  virtual void repeat_from_here() {}
};

}  // namespace sterna
