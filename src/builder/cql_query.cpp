// Queries in CQL: what it has beside SQL (times of writes, conditional writes, batches), and what
// of SQL it does not have.
#include <sterna/error.hpp>

#include "base/text.hpp"
#include "builder/query_draft.hpp"
#include "builder/session.hpp"

namespace sterna {

using detail::ConditionNode;
using detail::QueryDraft;

namespace {

[[noreturn]] void refuse_here(const std::string& what, const std::string& instead) {
  throw Error(ErrorKind::validation, "CQL has no " + what).suggest(instead);
}

/// Keeps the statements of a batch; questions go to the database behind it.
class BatchTarget final : public SchemaTarget {
 public:
  explicit BatchTarget(SchemaTarget& behind) : behind_(behind) {}

  const Dialect& dialect() const override { return behind_.dialect(); }
  const ServerInfo& server() const override { return behind_.server(); }
  bool records() const override { return behind_.records(); }
  std::string environment() const override { return behind_.environment(); }
  std::string connection_name() const override { return behind_.connection_name(); }
  void apply(Change /*change*/) override {
    throw Error(ErrorKind::validation, "a batch holds no changes of the schema");
  }
  std::int64_t execute(Statement statement) override {
    statements.push_back(std::move(statement));
    return 0;
  }
  Rows query(Statement statement) override {
    throw Error(ErrorKind::validation, "a batch cannot read")
        .with_statement(statement.sql)
        .suggest("read before the batch begins");
  }
  Connection::TokenKey token_key(const model::Name& table) override {
    return behind_.token_key(table);
  }
  bool has_table(const model::Name& table) override { return behind_.has_table(table); }
  bool has_column(const model::Name& table, std::string_view column) override {
    return behind_.has_column(table, column);
  }
  bool has_index(const model::Name& table, std::string_view index) override {
    return behind_.has_index(table, index);
  }
  bool has_type(const model::Name& type) override { return behind_.has_type(type); }
  void begin_nested() override {}
  void commit_nested() override {}
  void rollback_nested() noexcept override {}
  void progress(std::string_view what, std::int64_t done, std::int64_t total) override {
    behind_.progress(what, done, total);
  }
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

  std::vector<Statement> statements;

 private:
  SchemaTarget& behind_;
};

Statement as_batch(const std::vector<Statement>& statements, bool logged) {
  Statement batch;
  batch.sql = logged ? "BEGIN BATCH\n" : "BEGIN UNLOGGED BATCH\n";
  for (const Statement& statement : statements) {
    batch.sql += "  " + statement.sql + ";\n";
    batch.parameters.insert(batch.parameters.end(), statement.parameters.begin(),
                            statement.parameters.end());
  }
  batch.sql += "APPLY BATCH";
  return batch;
}

}  // namespace

void DataAccess::batch(const std::function<void(Batch&)>& body) const { run_batch(body, true); }
void DataAccess::unlogged_batch(const std::function<void(Batch&)>& body) const {
  run_batch(body, false);
}

void DataAccess::run_batch(const std::function<void(Batch&)>& body, bool logged) const {
  SchemaTarget& target = session_->target;
  BatchTarget collected(target);
  Batch handle(std::make_shared<detail::Session>(collected));
  body(handle);
  if (collected.statements.empty()) return;
  if (target.dialect().capabilities(target.server()).conditional_writes) {
    target.execute(as_batch(collected.statements, logged));
    return;
  }
  detail::in_transaction(target, [&] {
    for (Statement& statement : collected.statements) target.execute(std::move(statement));
  });
}

Query& Query::ttl(std::int64_t seconds) {
  if (seconds < 0)
    throw Error(ErrorKind::validation, "ttl(" + std::to_string(seconds) + "): it needs 0 or more");
  draft_->ttl = seconds;
  return *this;
}
Query& Query::write_time(std::int64_t microseconds) {
  draft_->write_time = microseconds;
  return *this;
}
Query& Query::if_not_exists() {
  draft_->if_not_exists = true;
  return *this;
}
Query& Query::if_exists() {
  draft_->if_exists = true;
  return *this;
}
Query& Query::only_if(Condition condition) {
  draft_->only_if.push_back(std::move(condition));
  return *this;
}
Query& Query::allow_filtering() {
  draft_->filtering = true;
  return *this;
}

namespace detail {

void require_cql_words(const QueryDraft& query, const Dialect& dialect) {
  const Capabilities can = dialect.capabilities({});
  const auto refuse = [&](const char* what, const char* instead) {
    throw Error(ErrorKind::validation, std::string(what) + " on table '" + query.table +
                                           "' is CQL's; this database has none")
        .with_object(query.table)
        .suggest(instead);
  };
  if (!can.time_to_live && (query.ttl || query.write_time))
    refuse("ttl() or write_time()", "keep an expiry time in a column, and remove old rows by it");
  if (can.conditional_writes) return;
  if (query.if_not_exists) refuse("if_not_exists()", "use insert_or_ignore()");
  if (query.if_exists)
    refuse("if_exists()", "leave it out: UPDATE and DELETE find rows that exist");
  if (!query.only_if.empty()) refuse("only_if()", "add the condition with where()");
  if (query.filtering) refuse("allow_filtering()", "leave it out");
}

SqlWriter& SqlWriter::write_times(const QueryDraft& query) {
  if (!query.ttl && !query.write_time) return *this;
  text(" USING ");
  if (query.ttl) text("TTL ").text(std::to_string(*query.ttl));
  if (query.ttl && query.write_time) text(" AND ");
  if (query.write_time) text("TIMESTAMP ").text(std::to_string(*query.write_time));
  return *this;
}

SqlWriter& SqlWriter::write_conditions(const QueryDraft& query) {
  if (query.if_exists && !query.only_if.empty()) {
    throw Error(ErrorKind::validation, "if_exists() and only_if() on table '" + query.table +
                                           "' exclude each other; a condition asks for the row too")
        .with_object(query.table);
  }
  if (query.if_exists) return text(" IF EXISTS");
  for (std::size_t i = 0; i < query.only_if.size(); ++i) {
    const ConditionNode& node = query.only_if[i].node();
    text(i == 0 ? " IF " : " AND ");
    const bool null = node.kind == ConditionNode::Kind::compare &&
                      !node.operands.front().expression() &&
                      node.operands.front().value().is_null();
    if (null || node.kind == ConditionNode::Kind::null) {
      const bool negated = null ? node.op == "<>" : node.negated;
      term(node.terms.front()).text(negated ? " != NULL" : " = NULL");
    } else if (node.kind == ConditionNode::Kind::compare && node.op == "<>") {
      term(node.terms.front()).text(" != ").operand(node.operands.front());
    } else {
      plain_condition(node);
    }
  }
  return *this;
}

void SqlWriter::check_plain(const QueryDraft& query) const {
  if (!query.joins.empty())
    refuse_here("joins", "read the one table, then the other; or keep both in one partition");
  if (query.offset)
    refuse_here("OFFSET", "go on behind the last key that was read: where(\"key\", \">\", last)");
  if (!query.having.empty()) refuse_here("HAVING", "filter the groups in the program");
}

/// Conditions of CQL are joined by AND and stand in no parentheses.
void SqlWriter::plain_group(const ConditionNode& node) {
  for (std::size_t i = 0; i < node.parts.size(); ++i) {
    if (i > 0 && node.parts[i].alternative)
      refuse_here("OR", "ask twice, or use where_in() for several values of one column");
    if (i > 0) text(" AND ");
    plain_condition(node.parts[i].condition.node());
  }
}

void SqlWriter::plain_condition(const ConditionNode& node) {
  using Kind = ConditionNode::Kind;
  switch (node.kind) {
    case Kind::group:
      return plain_group(node);
    case Kind::between:
      term(node.terms.front()).text(" >= ").operand(node.operands[0]);
      text(" AND ").term(node.terms.front()).text(" <= ").operand(node.operands[1]);
      return;
    case Kind::raw:
      term(node.terms.front());
      return;
    case Kind::in_values:
      if (node.negated) refuse_here("NOT IN", "filter the rows in the program");
      if (!node.operands.empty()) break;
      term(node.terms.front()).text(" IN ()");
      return;
    case Kind::compare:
      if (node.op.find("LIKE") != std::string::npos && node.op != "LIKE")
        refuse_here(node.op, "filter the rows in the program");
      if (node.op == "<>") refuse_here("<> in WHERE", "filter the rows in the program");
      if (!node.operands.front().expression() && node.operands.front().value().is_null())
        refuse_here("comparison with NULL in WHERE", "filter the rows in the program");
      break;
    case Kind::null:
      refuse_here("IS NULL in WHERE", "filter the rows in the program");
    case Kind::negation:
      refuse_here("NOT", "say the opposite, or filter the rows in the program");
    case Kind::columns:
      refuse_here("comparison of two columns", "compare them in the program");
    case Kind::in_query:
    case Kind::exists:
      refuse_here("subqueries", "read the one table first, then use where_in() with its values");
    case Kind::pattern:
      refuse_here("patterns", "use a SASI or SAI index and where_raw(\"column LIKE …\")");
  }
  condition(node);
}

}  // namespace detail
}  // namespace sterna
