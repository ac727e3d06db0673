// What a Query and its conditions hold, and the writer that makes statements of them: names quoted,
// values bound, in the words of a dialect. Internal to this room.
#pragma once

#include <memory>
#include <optional>
#include <sterna/query.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "database/dialect.hpp"
#include "sql/statement.hpp"

namespace sterna::detail {

struct ConditionNode {
  enum class Kind {
    group,
    negation,
    compare,
    columns,
    in_values,
    in_query,
    between,
    null,
    raw,
    exists,
    pattern
  };
  struct Part {
    bool alternative;  ///< joined to what stands before it by OR
    Condition condition;
  };

  Kind kind = Kind::group;
  std::vector<Part> parts;  ///< group; negation: one
  std::vector<Term> terms;  ///< the column; columns: both; raw: the expression
  std::string op;           ///< as written into the statement
  std::vector<Operand> operands;
  bool negated = false;
  std::shared_ptr<const QueryDraft> query;
};

struct QueryDraft {
  struct Join {
    std::string_view kind;
    std::string table;
    Term left;
    std::string op;
    Term right;
  };
  struct Order {
    Term term;
    bool descending;
  };

  std::string table;
  bool distinct = false, everything = false;
  std::vector<Term> columns;
  std::vector<Join> joins;
  ConditionNode where;
  std::vector<Term> groups;
  std::vector<Condition> having;
  std::vector<Order> order;
  std::optional<std::int64_t> limit, offset;
  // CQL
  std::optional<std::int64_t> ttl, write_time;
  bool if_not_exists = false, if_exists = false, filtering = false;
  std::vector<Condition> only_if;
};

/// The operator as SQL writes it. @throws Error(validation) for one that is not known.
std::string checked_operator(std::string_view op);

/// @throws Error(validation) when the query asks for what only CQL has, and `dialect` is another:
/// TTL, IF, …
void require_cql_words(const QueryDraft& query, const Dialect& dialect);

/// Builds one statement from left to right.
class SqlWriter {
 public:
  explicit SqlWriter(const Dialect& dialect)
      : dialect_(dialect), relational_(dialect.capabilities({}).relational) {}

  SqlWriter& text(std::string_view sql) {
    sql_ += sql;
    return *this;
  }
  /// "users.name", "users.*", "users as u".
  SqlWriter& name(std::string_view dotted);
  SqlWriter& term(const Term& term);
  SqlWriter& terms(const std::vector<Term>& terms);
  SqlWriter& value(const Value& value);
  SqlWriter& operand(const Operand& operand);
  /// `?` replaced by placeholders. @throws Error(validation) when marks and values do not match in
  /// number.
  SqlWriter& expression(const Expression& expression);
  SqlWriter& condition(const ConditionNode& node);
  /// " WHERE …", or nothing.
  SqlWriter& where(const ConditionNode& node);
  SqlWriter& select(const QueryDraft& query);
  /// " USING TTL ? AND TIMESTAMP ?", or nothing.
  SqlWriter& write_times(const QueryDraft& query);
  /// " IF …" of a conditional write, or nothing.
  SqlWriter& write_conditions(const QueryDraft& query);
  /// FROM and what follows it, without the order and limit.
  SqlWriter& source(const QueryDraft& query);

  std::size_t parameters() const noexcept { return parameters_.size(); }
  std::size_t size() const noexcept { return sql_.size() + bound_bytes_; }
  Statement take();

 private:
  void group(const ConditionNode& node);
  void compare(const ConditionNode& node);
  void in(const ConditionNode& node);
  void bind(const Value& value);
  void plain_group(const ConditionNode& node);
  void plain_condition(const ConditionNode& node);
  void check_plain(const QueryDraft& query) const;

  const Dialect& dialect_;
  bool relational_;
  std::string sql_;
  std::vector<Value> parameters_;
  std::size_t bound_bytes_ = 0;
};

}  // namespace sterna::detail
