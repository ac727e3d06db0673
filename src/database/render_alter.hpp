// The actions of one AlterTable as statements. Used by the walk in render.cpp alone.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "database/sql_dialect.hpp"

namespace sterna {

/// Collects the statements of one change. Clauses of ALTER TABLE wait until something must stand
/// before or after them, or until two of them concern the same thing: databases do not promise an
/// order among the actions of one ALTER TABLE.
class StatementWriter {
 public:
  StatementWriter(const SqlDialect& dialect, const TableScope& scope)
      : dialect_(dialect), scope_(scope) {}

  void statement(std::string sql) {
    flush();
    done_.push_back({std::move(sql), {}, {}, {}});
  }
  void statements(const std::vector<std::string>& all) {
    for (const std::string& sql : all) statement(sql);
  }
  void clause(const std::string& subject, std::string text) {
    if (!dialect_.joins_actions() || subjects_.contains(subject)) flush();
    subjects_.insert(subject);
    clauses_.push_back(std::move(text));
  }
  /// Ends the ALTER TABLE that waits, if any: what comes next is one of its own.
  void flush();
  std::vector<Statement> take() {
    flush();
    return std::move(done_);
  }

 private:
  const SqlDialect& dialect_;
  const TableScope& scope_;
  std::vector<std::string> clauses_;
  std::set<std::string> subjects_;
  std::vector<Statement> done_;
};

/// Writes one action; of what it asks for, `require_features` has seen to the rest.
void render_action(const SqlDialect& dialect, const TableScope& scope, const TableAction& action,
                   StatementWriter& out);
/// COMMENT ON, where comments are statements and there is one.
void render_comment(const SqlDialect& dialect, std::string_view kind, const std::string& object,
                    const std::string& comment, StatementWriter& out);

}  // namespace sterna
