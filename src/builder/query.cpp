// Query: its shape, and reading.
#include <sterna/query.hpp>

#include <sterna/error.hpp>

#include "builder/query_draft.hpp"
#include "builder/session.hpp"

namespace sterna {

using detail::QueryDraft;
using detail::SqlWriter;

Query::Query(std::shared_ptr<detail::Session> session, std::string_view table)
    : session_(std::move(session)), draft_(std::make_unique<QueryDraft>()) {
  if (table.empty()) throw Error(ErrorKind::validation, "table() without a name");
  draft_->table = table;
}
Query::Query(const Query& other)
    : session_(other.session_), draft_(std::make_unique<QueryDraft>(*other.draft_)) {}
Query::Query(Query&&) noexcept = default;
Query& Query::operator=(const Query& other) {
  session_ = other.session_;
  draft_ = std::make_unique<QueryDraft>(*other.draft_);
  return *this;
}
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

Query& Query::select(std::initializer_list<Term> columns) {
  draft_->columns = columns;
  return *this;
}

Query& Query::select(const std::vector<std::string>& columns) {
  draft_->columns.assign(columns.begin(), columns.end());
  return *this;
}

Query& Query::distinct() {
  draft_->distinct = true;
  return *this;
}

Query& Query::join_as(std::string_view kind, std::string_view table, Term left, std::string_view op,
                      Term right) {
  draft_->joins.push_back(
      {kind, std::string(table), std::move(left), detail::checked_operator(op), std::move(right)});
  return *this;
}

Query& Query::order_by(Term column, bool descending) {
  draft_->order.push_back({std::move(column), descending});
  return *this;
}

Query& Query::group_by(std::initializer_list<Term> columns) {
  draft_->groups = columns;
  return *this;
}

Query& Query::having(Condition condition) {
  draft_->having.push_back(std::move(condition));
  return *this;
}

Query& Query::limit(std::int64_t rows) {
  if (rows < 0)
    throw Error(ErrorKind::validation, "limit(" + std::to_string(rows) + "): it needs 0 or more");
  draft_->limit = rows;
  return *this;
}

Query& Query::offset(std::int64_t rows) {
  if (rows < 0)
    throw Error(ErrorKind::validation, "offset(" + std::to_string(rows) + "): it needs 0 or more");
  draft_->offset = rows;
  return *this;
}

Query& Query::all() {
  draft_->everything = true;
  return *this;
}

Query& Query::add_condition(Condition condition, bool alternative) {
  draft_->where.parts.push_back({alternative, std::move(condition)});
  return *this;
}

Rows Query::get() const {
  SqlWriter writer(session_->target.dialect());
  writer.select(*draft_);
  return session_->target.query(writer.take());
}

std::optional<Row> Query::first() const {
  Query one = *this;
  if (!draft_->limit || *draft_->limit > 1) one.limit(1);
  Rows rows = one.get();
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

std::optional<Row> Query::first_of(std::string_view column) const {
  Query one = *this;
  one.select({Term(column)});
  return one.first();
}

Rows Query::column_of(std::string_view column) const {
  Query one = *this;
  one.select({Term(column)});
  return one.get();
}

std::int64_t Query::count() const {
  SqlWriter writer(session_->target.dialect());
  if (draft_->distinct || !draft_->groups.empty() || draft_->limit || draft_->offset) {
    if (!session_->target.dialect().capabilities({}).relational) {
      throw Error(ErrorKind::validation, "count() on table '" + draft_->table +
                                             "' counts all rows of a condition here; leave out "
                                             "limit, distinct and group_by")
          .with_object(draft_->table);
    }
    writer.text("SELECT count(*) FROM (").select(*draft_).text(") AS counted");
  } else {
    writer.text("SELECT count(*)").source(*draft_);
  }
  const Rows rows = session_->target.query(writer.take());
  return rows.empty() ? 0 : rows.front().get<std::int64_t>(0);
}

bool Query::exists() const {
  Query one = *this;
  // CQL selects columns, not values.
  if (session_->target.dialect().capabilities({}).relational) one.select({Term(expression("1"))});
  return one.first().has_value();
}

Value Query::aggregate(std::string_view function, std::string_view column) const {
  SqlWriter writer(session_->target.dialect());
  writer.text("SELECT ").text(function).text("(").name(column).text(")").source(*draft_);
  const Rows rows = session_->target.query(writer.take());
  return rows.empty() ? Value() : rows.front()[0];
}

std::string Query::to_sql() const {
  SqlWriter writer(session_->target.dialect());
  writer.select(*draft_);
  return writer.take().sql;
}

}  // namespace sterna
