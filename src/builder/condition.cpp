#include "builder/query_draft.hpp"

#include <sterna/error.hpp>

namespace sterna {

using detail::ConditionNode;
using Kind = ConditionNode::Kind;

namespace {

ConditionNode about(Kind kind, Term column) {
  ConditionNode node;
  node.kind = kind;
  node.terms.push_back(std::move(column));
  return node;
}

Condition made(ConditionNode node) {
  return Condition(std::make_shared<const ConditionNode>(std::move(node)));
}

Condition joined(Condition left, Condition right, bool alternative) {
  ConditionNode node;
  node.parts.push_back({false, std::move(left)});
  node.parts.push_back({alternative, std::move(right)});
  return made(std::move(node));
}

/// `text` with the marks of LIKE escaped; the statement says ESCAPE '!'.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') result += '!';
    result += c;
  }
  return result;
}

}  // namespace

Condition::Condition(std::shared_ptr<const ConditionNode> node) : node_(std::move(node)) {}
Condition::Condition(const Condition&) = default;
Condition::Condition(Condition&&) noexcept = default;
Condition& Condition::operator=(const Condition&) = default;
Condition& Condition::operator=(Condition&&) noexcept = default;
Condition::~Condition() = default;

Condition Condition::compare(Term column, std::string_view op, Operand value) {
  ConditionNode node = about(Kind::compare, std::move(column));
  node.op = detail::checked_operator(op);
  node.operands.push_back(std::move(value));
  return made(std::move(node));
}

Condition Condition::in(Term column, Values values, bool negated) {
  ConditionNode node = about(Kind::in_values, std::move(column));
  for (const Value& value : values.list()) {
    if (value.is_null()) {
      throw Error(ErrorKind::validation, "NULL in a list is never equal to anything")
          .suggest("leave it out, and add or_where_null()");
    }
    node.operands.emplace_back(value);
  }
  node.negated = negated;
  return made(std::move(node));
}

Condition Condition::in(Term column, const Query& query, bool negated) {
  ConditionNode node = about(Kind::in_query, std::move(column));
  node.query = std::make_shared<const detail::QueryDraft>(query.draft());
  node.negated = negated;
  return made(std::move(node));
}

Condition Condition::between(Term column, Operand low, Operand high, bool negated) {
  ConditionNode node = about(Kind::between, std::move(column));
  node.operands.push_back(std::move(low));
  node.operands.push_back(std::move(high));
  node.negated = negated;
  return made(std::move(node));
}

Condition Condition::null(Term column, bool negated) {
  ConditionNode node = about(Kind::null, std::move(column));
  node.negated = negated;
  return made(std::move(node));
}

Condition Condition::columns(Term left, std::string_view op, Term right) {
  ConditionNode node = about(Kind::columns, std::move(left));
  node.terms.push_back(std::move(right));
  node.op = detail::checked_operator(op);
  if (node.op.find("ILIKE") != std::string::npos || node.op.starts_with("IS")) {
    throw Error(ErrorKind::validation, "two columns are not compared by '" + std::string(op) + "'")
        .suggest("use where_raw()");
  }
  return made(std::move(node));
}

Condition Condition::raw(Expression sql) { return made(about(Kind::raw, std::move(sql))); }

Condition Condition::exists(const Query& query, bool negated) {
  ConditionNode node;
  node.kind = Kind::exists;
  node.query = std::make_shared<const detail::QueryDraft>(query.draft());
  node.negated = negated;
  return made(std::move(node));
}

Condition Condition::pattern(Term column, char kind, std::string_view text) {
  ConditionNode node = about(Kind::pattern, std::move(column));
  std::string pattern = escaped(text);
  if (kind != 's') pattern.insert(0, "%");
  if (kind != 'e') pattern += '%';
  node.operands.emplace_back(std::move(pattern));
  return made(std::move(node));
}

Condition Condition::group(const std::function<void(Conditions&)>& fill) {
  Conditions conditions;
  fill(conditions);
  return Condition(conditions.node_);
}

Condition operator&&(Condition left, Condition right) {
  return joined(std::move(left), std::move(right), false);
}
Condition operator||(Condition left, Condition right) {
  return joined(std::move(left), std::move(right), true);
}

Condition operator!(Condition condition) {
  ConditionNode node;
  node.kind = Kind::negation;
  node.parts.push_back({false, std::move(condition)});
  return made(std::move(node));
}

Conditions::Conditions() : node_(std::make_shared<ConditionNode>()) {}
Conditions::~Conditions() = default;

Conditions& Conditions::add_condition(Condition condition, bool alternative) {
  node_->parts.push_back({alternative, std::move(condition)});
  return *this;
}

}  // namespace sterna
