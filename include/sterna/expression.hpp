// SQL expressions as values, and the operands and column lists that builders and queries take.
// An expression is the one place where a person's own SQL enters a statement; everything else is
// quoted or bound.
//
// The classes are compiled into the library, special members too: a migration's compile time is
// spent on what it says alone.
#pragma once

#include <sterna/export.hpp>
#include <sterna/value.hpp>

#include <concepts>
#include <cstddef>
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
class STERNA_API Expression {
 public:
  explicit Expression(std::string_view sql);
  Expression(std::string_view sql, std::vector<Value> parameters);
  Expression(const Expression&);
  Expression(Expression&&) noexcept;
  Expression& operator=(const Expression&);
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  const std::string& sql() const noexcept { return sql_; }
  const std::vector<Value>& parameters() const noexcept { return parameters_; }
  /// True for sterna::now(), which each database spells in its own way.
  bool is_now() const noexcept { return now_; }

 private:
  STERNA_API friend Expression now();

  std::string sql_;
  std::vector<Value> parameters_;
  bool now_ = false;
};

/// `sterna::expression("price * ?", 2)`.
template <class... Parameters>
Expression expression(std::string_view sql, Parameters&&... parameters) {
  if constexpr (sizeof...(Parameters) == 0) {
    return Expression(sql);
  } else {
    return Expression(sql, {Value(std::forward<Parameters>(parameters))...});
  }
}
/// The same, shorter.
template <class... Parameters>
Expression expr(std::string_view sql, Parameters&&... parameters) {
  return expression(sql, std::forward<Parameters>(parameters)...);
}
/// The server's current time, as a default or a value.
STERNA_API Expression now();

/// What stands on the right of a comparison or assignment: a value, which is bound, or an
/// expression.
class STERNA_API Operand {
 public:
  Operand(std::nullptr_t);
  Operand(std::nullopt_t);
  template <std::same_as<bool> T>  // no pointer becomes a truth value
  Operand(T value) : Operand(Truth{value}) {}
  Operand(int value);
  Operand(long value);
  Operand(long long value);
  Operand(unsigned value);
  Operand(unsigned long value);
  Operand(unsigned long long value);
  Operand(double value);
  Operand(const char* value);
  Operand(std::string_view value);
  Operand(std::string value);
  Operand(Blob value);
  Operand(Timestamp value);
  Operand(Value value);
  template <class T>
  Operand(const std::optional<T>& value) : Operand(Value(value)) {}
  Operand(Expression expression);
  Operand(const Operand&);
  Operand(Operand&&) noexcept;
  Operand& operator=(const Operand&);
  Operand& operator=(Operand&&) noexcept;
  ~Operand();

  const Value& value() const noexcept { return value_; }
  const std::optional<Expression>& expression() const noexcept { return expression_; }

 private:
  struct Truth {
    bool value;
  };
  explicit Operand(Truth value);

  Value value_;
  std::optional<Expression> expression_;
};

/// A column ("name", "users.name", "*", "users.name as author") or an expression, where a query
/// takes either.
class STERNA_API Term {
 public:
  Term(const char* column);
  Term(std::string_view column);
  Term(const std::string& column);
  Term(Expression expression);
  Term(const Term&);
  Term(Term&&) noexcept;
  Term& operator=(const Term&);
  Term& operator=(Term&&) noexcept;
  ~Term();

  const std::string& column() const noexcept { return column_; }
  const std::optional<Expression>& expression() const noexcept { return expression_; }

 private:
  std::string column_;
  std::optional<Expression> expression_;
};

/// Column names: "id", {"tenant_id", "id"} or a vector of strings.
class STERNA_API Names {
 public:
  Names(const char* name);
  Names(std::string_view name);
  Names(const std::string& name);
  Names(std::initializer_list<std::string_view> names);
  Names(std::vector<std::string> names);
  Names(const Names&);
  Names(Names&&) noexcept;
  Names& operator=(const Names&);
  Names& operator=(Names&&) noexcept;
  ~Names();

  const std::vector<std::string>& list() const noexcept { return names_; }

 private:
  std::vector<std::string> names_;
};

/// One part of an index: a column or an expression, with its order.
/// `sterna::desc("created_at").nulls_last()`.
class STERNA_API IndexColumn {
 public:
  IndexColumn(const char* column);
  IndexColumn(std::string_view column);
  IndexColumn(const std::string& column);
  IndexColumn(const Expression& sql);
  IndexColumn(const IndexColumn&);
  IndexColumn(IndexColumn&&) noexcept;
  IndexColumn& operator=(const IndexColumn&);
  IndexColumn& operator=(IndexColumn&&) noexcept;
  ~IndexColumn();

  IndexColumn& descending();
  IndexColumn& nulls_first();
  IndexColumn& nulls_last();
  /// MySQL: index only the first `length` characters or bytes.
  IndexColumn& prefix(int length);
  /// PostgreSQL: "gin_trgm_ops".
  IndexColumn& operator_class(std::string_view name);
  IndexColumn& collate(std::string_view name);

  std::string text, nulls, op_class, collation;
  bool is_expression = false, is_descending = false;
  std::optional<int> prefix_length;
};

/// The parts of an index: "email", {"a", sterna::desc("b")}, {sterna::expression("lower(email)")}.
class STERNA_API IndexColumns {
 public:
  IndexColumns(const char* column);
  IndexColumns(std::string_view column);
  IndexColumns(const std::string& column);
  IndexColumns(const Expression& sql);
  IndexColumns(IndexColumn column);
  IndexColumns(std::initializer_list<IndexColumn> columns);
  IndexColumns(const std::vector<std::string>& columns);
  explicit IndexColumns(std::vector<IndexColumn> columns);
  IndexColumns(const IndexColumns&);
  IndexColumns(IndexColumns&&) noexcept;
  IndexColumns& operator=(const IndexColumns&);
  IndexColumns& operator=(IndexColumns&&) noexcept;
  ~IndexColumns();

  const std::vector<IndexColumn>& list() const noexcept { return list_; }

 private:
  std::vector<IndexColumn> list_;
};

STERNA_API IndexColumn asc(std::string_view column);
STERNA_API IndexColumn desc(std::string_view column);
STERNA_API IndexColumn desc(const Expression& sql);
/// CQL: an index over the keys, values or entries of a collection, or over a frozen one as a whole.
STERNA_API IndexColumn keys_of(std::string_view column);
STERNA_API IndexColumn values_of(std::string_view column);
STERNA_API IndexColumn entries_of(std::string_view column);
STERNA_API IndexColumn full_of(std::string_view column);

}  // namespace sterna
