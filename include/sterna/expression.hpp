// SQL expressions as values, and the operands and column lists that builders and queries take.
// An expression is the one place where a person's own SQL enters a statement; everything else is
// quoted or bound.
#pragma once

#include <sterna/export.hpp>
#include <sterna/value.hpp>

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sterna {

/// SQL written by hand, with bound values. Each `?` outside quotes and comments stands for the next
/// value; `??` is a question mark. Without values the text is sent as it is.
class Expression {
 public:
  explicit Expression(std::string sql, std::vector<Value> parameters = {})
      : sql_(std::move(sql)), parameters_(std::move(parameters)) {}

  const std::string& sql() const noexcept { return sql_; }
  const std::vector<Value>& parameters() const noexcept { return parameters_; }
  /// True for sterna::now(), which each database spells in its own way.
  bool is_now() const noexcept { return now_; }

 private:
  friend Expression now();
  Expression() : now_(true) {}

  std::string sql_;
  std::vector<Value> parameters_;
  bool now_ = false;
};

/// `sterna::expression("price * ?", 2)`.
template <class... Parameters>
Expression expression(std::string_view sql, Parameters&&... parameters) {
  return Expression(std::string(sql), {Value(std::forward<Parameters>(parameters))...});
}
/// The same, shorter.
template <class... Parameters>
Expression expr(std::string_view sql, Parameters&&... parameters) {
  return expression(sql, std::forward<Parameters>(parameters)...);
}
/// The server's current time, as a default or a value.
inline Expression now() { return Expression(); }

/// What stands on the right of a comparison or assignment: a value, which is bound, or an
/// expression.
class Operand {
 public:
  template <class T>
  requires(std::constructible_from<Value, T> && !std::same_as<std::remove_cvref_t<T>, Operand>)
      Operand(T&& value)
      : value_(std::forward<T>(value)) {}
  Operand(Expression expression) : expression_(std::move(expression)) {}

  const Value& value() const noexcept { return value_; }
  const std::optional<Expression>& expression() const noexcept { return expression_; }

 private:
  Value value_;
  std::optional<Expression> expression_;
};

/// A column ("name", "users.name", "*", "users.name as author") or an expression, where a query
/// takes either.
class Term {
 public:
  Term(const char* column) : column_(column) {}
  Term(std::string_view column) : column_(column) {}
  Term(std::string column) : column_(std::move(column)) {}
  Term(Expression expression) : expression_(std::move(expression)) {}

  const std::string& column() const noexcept { return column_; }
  const std::optional<Expression>& expression() const noexcept { return expression_; }

 private:
  std::string column_;
  std::optional<Expression> expression_;
};

/// Column names: "id", {"tenant_id", "id"} or a vector of strings.
class Names {
 public:
  Names(const char* name) : names_{name} {}
  Names(std::string_view name) : names_{std::string(name)} {}
  Names(std::string name) : names_{std::move(name)} {}
  Names(std::initializer_list<std::string_view> names) : names_(names.begin(), names.end()) {}
  Names(std::vector<std::string> names) : names_(std::move(names)) {}

  const std::vector<std::string>& list() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

/// One part of an index: a column or an expression, with its order.
/// `sterna::desc("created_at").nulls_last()`.
class IndexColumn {
 public:
  IndexColumn(const char* column) : text(column) {}
  IndexColumn(std::string_view column) : text(column) {}
  IndexColumn(std::string column) : text(std::move(column)) {}
  IndexColumn(const Expression& sql) : text(sql.sql()), is_expression(true) {}

  IndexColumn& descending() {
    is_descending = true;
    return *this;
  }
  IndexColumn& nulls_first() {
    nulls = "first";
    return *this;
  }
  IndexColumn& nulls_last() {
    nulls = "last";
    return *this;
  }
  /// MySQL: index only the first `length` characters or bytes.
  IndexColumn& prefix(int length) {
    prefix_length = length;
    return *this;
  }
  /// PostgreSQL: "gin_trgm_ops".
  IndexColumn& operator_class(std::string name) {
    op_class = std::move(name);
    return *this;
  }
  IndexColumn& collate(std::string name) {
    collation = std::move(name);
    return *this;
  }

  std::string text, nulls, op_class, collation;
  bool is_expression = false, is_descending = false;
  std::optional<int> prefix_length;
};

inline IndexColumn asc(std::string_view column) { return IndexColumn(column); }
inline IndexColumn desc(std::string_view column) { return IndexColumn(column).descending(); }
inline IndexColumn desc(const Expression& sql) { return IndexColumn(sql).descending(); }

/// The parts of an index: "email", {"a", sterna::desc("b")}, {sterna::expression("lower(email)")}.
class IndexColumns {
 public:
  IndexColumns(const char* column) : list_{column} {}
  IndexColumns(std::string_view column) : list_{column} {}
  IndexColumns(std::string column) : list_{std::move(column)} {}
  IndexColumns(const Expression& sql) : list_{sql} {}
  IndexColumns(IndexColumn column) : list_{std::move(column)} {}
  IndexColumns(std::initializer_list<IndexColumn> columns) : list_(columns) {}
  IndexColumns(const std::vector<std::string>& columns) : list_(columns.begin(), columns.end()) {}

  const std::vector<IndexColumn>& list() const noexcept { return list_; }

 private:
  std::vector<IndexColumn> list_;
};

}  // namespace sterna
