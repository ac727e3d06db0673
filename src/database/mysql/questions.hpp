// Questions about the live database that must not take long: explain asks them after a failure,
// while a person waits. Used by explain and its parts alone.
#pragma once

#include "database/connection.hpp"
#include "sql/classify.hpp"

#include <string>
#include <string_view>

namespace sterna::mysql {

class Questions {
 public:
  explicit Questions(Connection& connection) : connection_(connection) {}

  /// Rows of a SELECT, ended by the server after some seconds: a large table, or one that is locked
  /// still.
  /// @throws Error also then.
  Rows ask(const std::string& select);
  /// As `ask`; nothing where the right or the table is missing.
  Rows ask_if_allowed(const std::string& select) noexcept;

  std::string quote(std::string_view name) const { return connection_.dialect().quote(name); }
  std::string quote(const ObjectName& name) const;
  std::string literal(const std::string& text) const {
    return connection_.dialect().literal(Value(text));
  }
  /// Condition that two columns of information_schema name `table`.
  std::string is_table(std::string_view schema_column, std::string_view name_column,
                       const ObjectName& table) const;
  std::string database();

 private:
  Connection& connection_;
};

}  // namespace sterna::mysql
