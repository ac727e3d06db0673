// Query: writing.
#include <sterna/error.hpp>
#include <sterna/query.hpp>

#include <algorithm>

#include "builder/query_draft.hpp"
#include "builder/session.hpp"

namespace sterna {

using detail::QueryDraft;
using detail::SqlWriter;

namespace {

/// Bounds of one INSERT beside the server's limit of bound values: rows, so that it parses quickly;
/// bytes, so that it stays far below MySQL's max_allowed_packet (16 MiB by default) with rows of
/// usual size.
constexpr std::size_t most_rows = 1000;
constexpr std::size_t most_bytes = std::size_t{1} << 20U;

std::size_t bound_values(const Operand& operand) {
  if (!operand.expression()) return 1;
  return operand.expression()->parameters().size();
}

std::vector<std::string> columns_of(const Record& row, const std::string& table) {
  std::vector<std::string> columns;
  for (const Assignment& field : row.fields()) {
    if (std::find(columns.begin(), columns.end(), field.column) != columns.end()) {
      throw Error(ErrorKind::validation,
                  "a row for table '" + table + "' gives the column '" + field.column + "' twice")
          .with_object(table + "." + field.column);
    }
    columns.push_back(field.column);
  }
  if (columns.empty())
    throw Error(ErrorKind::validation, "a row for table '" + table + "' has no columns")
        .with_object(table);
  return columns;
}

bool same_columns(const Record& row, const std::vector<std::string>& columns) {
  return row.fields().size() == columns.size() &&
         std::all_of(columns.begin(), columns.end(), [&](const std::string& column) {
           return std::any_of(row.fields().begin(), row.fields().end(),
                              [&](const Assignment& field) { return field.column == column; });
         });
}

void write_names(SqlWriter& writer, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) writer.text(", ");
    writer.name(names[i]);
  }
}

/// What an INSERT does about rows that are there already.
struct OnConflict {
  std::vector<std::string> conflict;
  std::optional<std::vector<std::string>> update;  ///< empty list: leave the row as it is
};

std::vector<std::string> columns_to_update(const OnConflict& rule,
                                           const std::vector<std::string>& columns) {
  if (rule.update) return *rule.update;
  std::vector<std::string> rest;
  for (const std::string& column : columns) {
    if (std::find(rule.conflict.begin(), rule.conflict.end(), column) == rule.conflict.end())
      rest.push_back(column);
  }
  return rest;
}

void write_rule(SqlWriter& writer, const OnConflict& rule, const std::vector<std::string>& columns,
                UpsertStyle style) {
  if (style == UpsertStyle::always) return;  // IF NOT EXISTS is written as a condition
  const std::vector<std::string> update = columns_to_update(rule, columns);
  if (style == UpsertStyle::on_duplicate_key) {
    writer.text(" ON DUPLICATE KEY UPDATE ");
    // Setting a column to itself leaves the row as it is, and unlike INSERT IGNORE hides no other
    // error.
    if (update.empty()) writer.name(columns.front()).text(" = ").name(columns.front());
    for (std::size_t i = 0; i < update.size(); ++i) {
      writer.text(i > 0 ? ", " : "").name(update[i]).text(" = VALUES(").name(update[i]).text(")");
    }
    return;
  }
  writer.text(" ON CONFLICT");
  if (!rule.conflict.empty()) {
    writer.text(" (");
    write_names(writer, rule.conflict);
    writer.text(")");
  }
  if (update.empty()) {
    writer.text(" DO NOTHING");
    return;
  }
  writer.text(" DO UPDATE SET ");
  for (std::size_t i = 0; i < update.size(); ++i) {
    writer.text(i > 0 ? ", " : "").name(update[i]).text(" = excluded.").name(update[i]);
  }
}

void write_row(SqlWriter& writer, const Record& row, const std::vector<std::string>& columns) {
  writer.text("(");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) writer.text(", ");
    const auto field =
        std::find_if(row.fields().begin(), row.fields().end(),
                     [&](const Assignment& candidate) { return candidate.column == columns[i]; });
    writer.operand(field->value);
  }
  writer.text(")");
}

/// Sends all rows: consecutive rows of the same columns share a statement, as far as the server
/// takes them.
std::int64_t insert_rows(SchemaTarget& target, const QueryDraft& query,
                         const std::vector<Record>& rows, const OnConflict* rule) {
  const Dialect& dialect = target.dialect();
  const std::string& table = query.table;
  const Capabilities capabilities = dialect.capabilities(target.server());
  detail::require_cql_words(query, dialect);
  const bool unless_there =
      query.if_not_exists || (rule != nullptr && capabilities.upsert == UpsertStyle::always &&
                              rule->update && rule->update->empty());
  const std::size_t most = capabilities.multi_row_insert ? most_rows : 1;
  std::int64_t affected = 0;
  for (std::size_t next = 0; next < rows.size();) {
    const std::vector<std::string> columns = columns_of(rows[next], table);
    SqlWriter writer(dialect);
    writer.text("INSERT INTO ").name(table).text(" (");
    write_names(writer, columns);
    writer.text(") VALUES ");
    for (std::size_t count = 0; next < rows.size() && count < most && writer.size() < most_bytes;
         ++count, ++next) {
      if (!same_columns(rows[next], columns)) break;
      std::size_t values = 0;
      for (const Assignment& field : rows[next].fields()) values += bound_values(field.value);
      if (count > 0 && writer.parameters() + values > capabilities.max_parameters) break;
      if (count > 0) writer.text(", ");
      write_row(writer, rows[next], columns);
    }
    if (rule != nullptr) write_rule(writer, *rule, columns, capabilities.upsert);
    if (unless_there) writer.text(" IF NOT EXISTS");
    writer.write_times(query);
    affected += target.execute(writer.take());
  }
  return affected;
}

void write_assignments(SqlWriter& writer, const std::vector<Assignment>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    writer.text(i > 0 ? ", " : "").name(fields[i].column).text(" = ").operand(fields[i].value);
  }
}

/// UPDATE and DELETE with a join, an order or a limit are not SQL everywhere.
void check_plain(const QueryDraft& query, std::string_view what) {
  if (query.joins.empty() && query.order.empty() && !query.limit && !query.offset &&
      query.groups.empty())
    return;
  throw Error(ErrorKind::validation, std::string(what) + " on table '" + query.table +
                                         "' takes conditions alone, no join, order, group or limit")
      .with_object(query.table)
      .suggest("choose the rows by where_in(\"id\", another query)");
}

std::int64_t step(Query& query, SchemaTarget& target, std::string_view column, const char* sign,
                  const Operand& by, const Record& also) {
  check_plain(query.draft(), sign[1] == '+' ? "increment()" : "decrement()");
  SqlWriter writer(target.dialect());
  writer.text("UPDATE ")
      .name(query.draft().table)
      .text(" SET ")
      .name(column)
      .text(" = ")
      .name(column)
      .text(sign)
      .operand(by);
  if (!also.fields().empty()) {
    writer.text(", ");
    write_assignments(writer, also.fields());
  }
  writer.where(query.draft().where);
  return target.execute(writer.take());
}

}  // namespace

std::int64_t Query::insert(const Record& row) {
  return insert_rows(session_->target, *draft_, {row}, nullptr);
}

std::int64_t Query::insert(const std::vector<Record>& rows) {
  return insert_rows(session_->target, *draft_, rows, nullptr);
}

std::int64_t Query::insert_or_ignore(const std::vector<Record>& rows) {
  const OnConflict rule{{}, std::vector<std::string>{}};
  return insert_rows(session_->target, *draft_, rows, &rule);
}

std::int64_t Query::upsert(const std::vector<Record>& rows, Names conflict,
                           std::optional<Names> update) {
  if (conflict.list().empty()) {
    throw Error(ErrorKind::validation,
                "upsert() into table '" + draft_->table + "' without conflict columns")
        .with_object(draft_->table)
        .suggest("name the columns of the unique key that tells whether the row is there");
  }
  OnConflict rule{conflict.list(), std::nullopt};
  if (update) rule.update = update->list();
  const Dialect& dialect = session_->target.dialect();
  if (update && dialect.capabilities(session_->target.server()).upsert == UpsertStyle::always) {
    throw Error(ErrorKind::validation, "upsert() into table '" + draft_->table +
                                           "': here every INSERT sets the columns it is given, of "
                                           "new rows and of old ones")
        .with_object(draft_->table)
        .suggest("leave out the columns to update, or use update() for rows that exist");
  }
  return insert_rows(session_->target, *draft_, rows, &rule);
}

std::int64_t Query::upsert(const Record& row, Names conflict, std::optional<Names> update) {
  return upsert(std::vector<Record>{row}, std::move(conflict), std::move(update));
}

std::int64_t Query::insert_select(Names columns, const Query& query) {
  SqlWriter writer(session_->target.dialect());
  writer.text("INSERT INTO ").name(draft_->table).text(" (");
  write_names(writer, columns.list());
  writer.text(") ").select(query.draft());
  return session_->target.execute(writer.take());
}

std::int64_t Query::update(const Record& values) {
  check_plain(*draft_, "update()");
  columns_of(values, draft_->table);
  detail::require_cql_words(*draft_, session_->target.dialect());
  SqlWriter writer(session_->target.dialect());
  writer.text("UPDATE ").name(draft_->table).write_times(*draft_).text(" SET ");
  write_assignments(writer, values.fields());
  writer.where(draft_->where).write_conditions(*draft_);
  return session_->target.execute(writer.take());
}

std::int64_t Query::increment(std::string_view column, Operand by, const Record& also) {
  return step(*this, session_->target, column, " + ", by, also);
}

std::int64_t Query::decrement(std::string_view column, Operand by, const Record& also) {
  return step(*this, session_->target, column, " - ", by, also);
}

std::int64_t Query::remove() {
  check_plain(*draft_, "remove()");
  if (draft_->where.parts.empty() && !draft_->everything) {
    throw Error(ErrorKind::validation,
                "remove() without a condition would empty table '" + draft_->table + "'")
        .with_object(draft_->table)
        .suggest("add where(…), or say .all().remove() when every row is meant");
  }
  const Dialect& dialect = session_->target.dialect();
  detail::require_cql_words(*draft_, dialect);
  SqlWriter writer(dialect);
  if (draft_->where.parts.empty() && !dialect.capabilities({}).relational) {
    // DELETE needs a key there.
    writer.text(dialect.truncate(model::Name(draft_->table)));
  } else {
    writer.text("DELETE FROM ").name(draft_->table).write_times(*draft_).where(draft_->where);
    writer.write_conditions(*draft_);
  }
  return session_->target.execute(writer.take());
}

}  // namespace sterna
