#include <sterna/error.hpp>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "builder/query_draft.hpp"
#include "builder/session.hpp"
#include "sql/lexer.hpp"

namespace sterna::detail {
namespace {

using Kind = ConditionNode::Kind;

/// Where " as " stands in "users as u".
std::size_t find_alias(std::string_view text) {
  for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
    if (equals_ignoring_case(text.substr(at, 4), " as ")) return at;
  }
  return std::string_view::npos;
}

std::size_t bytes_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.storage())) return text->size();
  if (const auto* blob = std::get_if<Blob>(&value.storage())) return blob->bytes.size();
  return 8;
}

/// PostgreSQL's own operators with a question mark stay what they are; in others it is a mark, even
/// where the lexer, which knows no marks there, joined it to its neighbours ("=?").
bool may_hold_marks(const sql::Token& token) {
  if (token.kind == sql::TokenKind::parameter) return token.text == "?";
  return token.kind == sql::TokenKind::punctuation && token.text != "?|" && token.text != "?&" &&
         token.text != "@?";
}

[[noreturn]] void wrong_count(const Expression& expression, std::size_t marks) {
  throw Error(ErrorKind::validation,
              "the expression has " + std::to_string(marks) + " question mark(s) for " +
                  std::to_string(expression.parameters().size()) + " value(s): " + expression.sql())
      .suggest("give one value for each ?, and write ?? for a question mark that is none");
}

}  // namespace

std::string checked_operator(std::string_view op) {
  static constexpr std::array<std::string_view, 12> known{
      "=", "<>", "<", "<=", ">", ">=", "like", "not like", "ilike", "not ilike", "is", "is not"};
  const std::string lower = to_lower(trim(op));
  if (lower == "!=") return "<>";
  for (const std::string_view candidate : known) {
    if (lower == candidate) return to_upper(candidate);
  }
  Error error(ErrorKind::validation, "'" + std::string(op) +
                                         "' is no operator; there are = != < <= > >= like, not "
                                         "like, ilike, not ilike, is, is not");
  if (lower == "in" || lower == "not in") error.suggest("use where_in() or where_not_in()");
  if (lower == "between") error.suggest("use where_between()");
  error.suggest("use where_raw() for the database's own operators");
  throw error;
}

SqlWriter& SqlWriter::name(std::string_view dotted) {
  if (const std::size_t alias = find_alias(dotted); alias != std::string_view::npos) {
    name(trim(dotted.substr(0, alias))).text(" AS ");
    return text(dialect_.quote(trim(dotted.substr(alias + 4))));
  }
  if (dotted.empty())
    throw Error(ErrorKind::validation, "a query names a table or column without a name");
  const std::vector<std::string> parts = split(dotted, '.');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text(".");
    text(parts[i] == "*" ? parts[i] : dialect_.quote(parts[i]));
  }
  return *this;
}

SqlWriter& SqlWriter::term(const Term& term) {
  return term.expression() ? expression(*term.expression()) : name(term.column());
}

SqlWriter& SqlWriter::terms(const std::vector<Term>& terms) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0) text(", ");
    term(terms[i]);
  }
  return *this;
}

void SqlWriter::bind(const Value& value) {
  bound_bytes_ += bytes_of(value);
  parameters_.push_back(value);
}

SqlWriter& SqlWriter::value(const Value& value) {
  bind(value);
  return text(dialect_.placeholder(parameters_.size()));
}

SqlWriter& SqlWriter::operand(const Operand& operand) {
  return operand.expression() ? expression(*operand.expression()) : value(operand.value());
}

SqlWriter& SqlWriter::expression(const Expression& expression) {
  if (expression.is_now()) return text(dialect_.now());
  if (expression.parameters().empty()) return text(expression.sql());
  const std::string_view source = expression.sql();
  const bool whole_statement = sql_.empty();
  std::size_t copied = 0, marks = 0;
  sql::Lexer lexer(source, dialect_.language());
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (!may_hold_marks(token)) continue;
    const auto begin = static_cast<std::size_t>(token.text.data() - source.data());
    for (std::size_t at = std::max(begin, copied); at < begin + token.text.size(); ++at) {
      if (source[at] != '?') continue;
      text(source.substr(copied, at - copied));
      copied = at + 1;
      if (source.substr(at).starts_with("??")) {
        text("?");
        at = copied++;
        continue;
      }
      if (marks == expression.parameters().size()) wrong_count(expression, marks + 1);
      value(expression.parameters()[marks++]);
    }
  }
  text(source.substr(copied));
  if (marks == expression.parameters().size()) return *this;
  // The server's own placeholders ($1) count from the beginning of the statement: they are
  // understood where it is all one piece.
  if (marks > 0 || !whole_statement) wrong_count(expression, marks);
  for (const Value& parameter : expression.parameters()) bind(parameter);
  return *this;
}

void SqlWriter::group(const ConditionNode& node) {
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (i > 0) text(node.parts[i].alternative ? " OR " : " AND ");
    condition(node.parts[i].condition.node());
  }
}

void SqlWriter::compare(const ConditionNode& node) {
  const Operand& right = node.operands.front();
  const bool is = node.op == "IS" || node.op == "IS NOT";
  if (!right.expression() && right.value().is_null()) {
    if (!is && node.op != "=" && node.op != "<>") {
      throw Error(ErrorKind::validation, "NULL is compared by " + node.op + ", which is never true")
          .suggest("use where_null() or where_not_null()");
    }
    term(node.terms.front()).text(node.op == "=" || node.op == "IS" ? " IS NULL" : " IS NOT NULL");
    return;
  }
  if (is) {
    const bool* truth = right.expression() ? nullptr : std::get_if<bool>(&right.value().storage());
    if (truth == nullptr)
      throw Error(ErrorKind::validation, node.op + " takes NULL, true or false")
          .suggest("use = or !=");
    term(node.terms.front()).text(" ").text(node.op).text(*truth ? " TRUE" : " FALSE");
    return;
  }
  // Every server lowers both sides alike, whatever its own LIKE does.
  if (node.op == "ILIKE" || node.op == "NOT ILIKE") {
    text("lower(")
        .term(node.terms.front())
        .text(node.op == "ILIKE" ? ") LIKE lower(" : ") NOT LIKE lower(")
        .operand(right)
        .text(")");
    return;
  }
  term(node.terms.front()).text(" ").text(node.op).text(" ").operand(right);
}

void SqlWriter::in(const ConditionNode& node) {
  if (node.operands.empty()) {
    text(node.negated ? "1 = 1" : "1 = 0");
    return;
  }
  term(node.terms.front()).text(node.negated ? " NOT IN (" : " IN (");
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (i > 0) text(", ");
    operand(node.operands[i]);
  }
  text(")");
}

SqlWriter& SqlWriter::condition(const ConditionNode& node) {
  switch (node.kind) {
    case Kind::group:
      if (node.parts.empty()) return text("1 = 1");
      text("(");
      group(node);
      return text(")");
    case Kind::negation:
      return text("NOT (").condition(node.parts.front().condition.node()).text(")");
    case Kind::compare:
      compare(node);
      return *this;
    case Kind::columns:
      return term(node.terms[0]).text(" ").text(node.op).text(" ").term(node.terms[1]);
    case Kind::in_values:
      in(node);
      return *this;
    case Kind::in_query:
      return term(node.terms.front())
          .text(node.negated ? " NOT IN (" : " IN (")
          .select(*node.query)
          .text(")");
    case Kind::between:
      return term(node.terms.front())
          .text(node.negated ? " NOT BETWEEN " : " BETWEEN ")
          .operand(node.operands[0])
          .text(" AND ")
          .operand(node.operands[1]);
    case Kind::null:
      return term(node.terms.front()).text(node.negated ? " IS NOT NULL" : " IS NULL");
    case Kind::raw:
      return text("(").term(node.terms.front()).text(")");
    case Kind::exists:
      return text(node.negated ? "NOT EXISTS (" : "EXISTS (").select(*node.query).text(")");
    case Kind::pattern:
      return term(node.terms.front())
          .text(" LIKE ")
          .operand(node.operands.front())
          .text(" ESCAPE '!'");
  }
  return *this;
}

SqlWriter& SqlWriter::where(const ConditionNode& node) {
  if (node.parts.empty()) return *this;
  text(" WHERE ");
  if (relational_)
    group(node);
  else
    plain_group(node);
  return *this;
}

SqlWriter& SqlWriter::source(const QueryDraft& query) {
  if (!relational_) check_plain(query);
  text(" FROM ").name(query.table);
  for (const QueryDraft::Join& join : query.joins) {
    text(" ")
        .text(join.kind)
        .text(" ")
        .name(join.table)
        .text(" ON ")
        .term(join.left)
        .text(" ")
        .text(join.op)
        .text(" ")
        .term(join.right);
  }
  where(query.where);
  if (!query.groups.empty()) text(" GROUP BY ").terms(query.groups);
  for (std::size_t i = 0; i < query.having.size(); ++i)
    text(i == 0 ? " HAVING " : " AND ").condition(query.having[i].node());
  return *this;
}

SqlWriter& SqlWriter::select(const QueryDraft& query) {
  require_cql_words(query, dialect_);
  text(query.distinct ? "SELECT DISTINCT " : "SELECT ");
  if (query.columns.empty())
    text("*");
  else
    terms(query.columns);
  source(query);
  for (std::size_t i = 0; i < query.order.size(); ++i) {
    text(i == 0 ? " ORDER BY " : ", ")
        .term(query.order[i].term)
        .text(query.order[i].descending ? " DESC" : "");
  }
  // OFFSET alone is not SQL everywhere; this many rows is no limit anywhere.
  if (query.limit)
    text(" LIMIT ").text(std::to_string(*query.limit));
  else if (query.offset)
    text(" LIMIT 9223372036854775807");
  if (query.offset) text(" OFFSET ").text(std::to_string(*query.offset));
  if (query.filtering) text(" ALLOW FILTERING");
  return *this;
}

Statement SqlWriter::take() {
  Statement statement;
  statement.sql = std::move(sql_);
  statement.parameters = std::move(parameters_);
  return statement;
}

Statement statement_of(const Expression& expression, const Dialect& dialect) {
  SqlWriter writer(dialect);
  writer.expression(expression);
  Statement statement = writer.take();
  // A closing semicolon is part of no statement.
  std::string_view sql = trim(statement.sql);
  while (sql.ends_with(';')) sql = trim(sql.substr(0, sql.size() - 1));
  if (sql.empty()) throw Error(ErrorKind::validation, "an empty statement");
  statement.sql = std::string(sql);
  return statement;
}

}  // namespace sterna::detail
