#include "migration/history.hpp"

#include "base/system.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace sterna {
namespace {

using model::Column;
using model::TypeKind;

/// No migration has it: versions begin with a digit, repeatable scripts with "R:".
constexpr std::string_view freeze_version = "freeze";

std::string_view to_string(RowState state) {
  switch (state) {
    case RowState::applied:
      return "applied";
    case RowState::up:
      return "up";
    case RowState::down:
      return "down";
    case RowState::frozen:
      return "frozen";
  }
  return "applied";
}

RowState read_state(const std::string& text) {
  if (text == "applied") return RowState::applied;
  if (text == "up") return RowState::up;
  if (text == "down") return RowState::down;
  if (text == "frozen") return RowState::frozen;
  throw Error(ErrorKind::validation,
              "the history table holds a row with the unknown state '" + text + "'")
      .suggest("it may have been written by a newer version of Sterna: update this one");
}

std::string_view to_string(StepState state) {
  switch (state) {
    case StepState::done:
      return "done";
    case StepState::started:
      return "started";
    case StepState::failed:
      return "failed";
  }
  return "done";
}

/// Anything unknown counts as in flight: then the database itself is asked.
StepState read_step_state(const std::string& text) {
  if (text == "done" || text.empty()) return StepState::done;
  return text == "failed" ? StepState::failed : StepState::started;
}

Column column(std::string name, TypeKind kind, int length = 0) {
  Column result;
  result.name = std::move(name);
  result.type.kind = kind;
  if (length > 0) result.type.length = length;
  return result;
}

Column with_default(Column result, std::string value, model::Default::Literal literal) {
  result.default_value = model::Default{model::Default::Kind::literal, std::move(value), literal};
  return result;
}

Column nullable(Column result) {
  result.nullable = true;
  return result;
}

/// Lengths of the key fit into the 767 bytes that old InnoDB row formats allow for an index with
/// four bytes a character.
model::Table layout(const std::string& schema, const std::string& table) {
  using Literal = model::Default::Literal;
  model::Table result;
  result.name = model::Name(schema, table);
  Column applied_at = column("applied_at", TypeKind::datetime);
  applied_at.type.precision = 6;
  result.columns = {
      column("sequence", TypeKind::big_integer),
      with_default(column("scope", TypeKind::string, 60), "", Literal::string),
      column("version", TypeKind::string, 120),
      with_default(column("name", TypeKind::string, 255), "", Literal::string),
      column("kind", TypeKind::string, 20),
      column("state", TypeKind::string, 10),
      column("batch", TypeKind::integer),
      with_default(column("hash_up", TypeKind::string, 64), "", Literal::string),
      with_default(column("hash_down", TypeKind::string, 64), "", Literal::string),
      with_default(column("hash_algorithm", TypeKind::small_integer), "1", Literal::number),
      std::move(applied_at),
      column("applied_by", TypeKind::string, 255),
      with_default(column("duration_us", TypeKind::big_integer), "0", Literal::number),
      column("sterna_version", TypeKind::string, 40),
      with_default(column("step", TypeKind::integer), "0", Literal::number),
      with_default(column("step_state", TypeKind::string, 10), "", Literal::string),
      with_default(column("prefix_hash", TypeKind::string, 64), "", Literal::string),
      nullable(column("step_sql", TypeKind::long_text)),
      nullable(column("fingerprint", TypeKind::text)),
      nullable(column("step_cursor", TypeKind::text)),
  };
  model::PrimaryKey key;
  for (const char* name : {"scope", "version"})
    key.parts.push_back({name, {}, false, {}, {}, {}, {}});
  result.primary_key = std::move(key);
  return result;
}

/// In the order of the table. Those of a row that is applied and done come first.
std::vector<std::string_view> planning_columns() {
  return {"sequence", "scope",   "version",   "name",           "kind",      "state",
          "batch",    "hash_up", "hash_down", "hash_algorithm", "applied_at"};
}
std::vector<std::string_view> all_columns() {
  std::vector<std::string_view> columns = planning_columns();
  for (const std::string_view column :
       {"applied_by", "duration_us", "sterna_version", "step", "step_state", "prefix_hash",
        "step_sql", "fingerprint", "step_cursor"})
    columns.push_back(column);
  return columns;
}

HistoryRow read_row(Row&& fields) {
  HistoryRow row;
  std::size_t i = 0;
  const auto text = [&] {
    return fields[i].is_null() ? (++i, std::string()) : fields.take<std::string>(i++);
  };
  row.sequence = fields.get<std::int64_t>(i++);
  row.scope = text();
  row.version = text();
  row.name = text();
  row.kind = text();
  row.state = read_state(text());
  row.batch = fields.get<int>(i++);
  row.hash_up = text();
  row.hash_down = text();
  row.hash_algorithm = fields.get<int>(i++);
  row.applied_at = text();
  row.stored = true;
  if (i == fields.size()) return row;
  row.applied_by = text();
  row.duration_us = fields.get<std::int64_t>(i++);
  row.sterna_version = text();
  row.journal.step = fields.get<int>(i++);
  row.journal.state = read_step_state(text());
  row.journal.prefix_hash = text();
  row.journal.step_sql = text();
  row.journal.fingerprint = text();
  row.journal.cursor = text();
  return row;
}

}  // namespace

std::string HistoryRow::id() const {
  if (version.starts_with("R:")) return "repeatable/" + version.substr(2);
  return name.empty() ? version : version + "_" + name;
}

History::History(Connection& connection, std::string schema, std::string table)
    : connection_(connection),
      schema_(std::move(schema)),
      table_(std::move(table)),
      quoted_(connection.dialect().quote(model::Name(schema_, table_))) {}

std::vector<Statement> History::create() const {
  CreateTable change{layout(schema_, table_), true};
  return connection_.dialect().render(change, {connection_.server(), &connection_}).statements;
}

std::vector<HistoryRow> History::select(const std::vector<std::string_view>& columns) {
  std::vector<HistoryRow> rows;
  frozen_.reset();
  connection_.for_each_row(
      statement(connection_.dialect().own_select(columns, quoted_, "sequence")), [&](Row&& fields) {
        HistoryRow row = read_row(std::move(fields));
        if (row.state == RowState::frozen)
          frozen_ = std::move(row);
        else
          rows.push_back(std::move(row));
      });
  const auto earlier = [](const HistoryRow& a, const HistoryRow& b) {
    return a.sequence < b.sequence;
  };
  if (!std::is_sorted(rows.begin(), rows.end(), earlier))
    std::sort(rows.begin(), rows.end(), earlier);
  exists_ = true;
  return rows;
}

std::vector<HistoryRow> History::read(Detail detail) {
  const auto read = [&] {
    std::vector<HistoryRow> rows =
        select(detail == Detail::planning ? planning_columns() : all_columns());
    if (detail == Detail::everything) return rows;
    const bool in_flight = std::any_of(rows.begin(), rows.end(), [](const HistoryRow& row) {
      return row.state != RowState::applied;
    });
    return in_flight || frozen_ ? select(all_columns()) : rows;
  };
  try {
    return read();
  } catch (const Error& error) {
    // Asking for the table first would cost every run a round trip; only the run that finds none
    // pays for the second look.
    if (error.kind() != ErrorKind::schema) throw;
    exists_ = connection_.has_table(model::Name(schema_, table_));
  }
  if (!exists_) return {};
  // Another run may have made it between the two looks; nodes of a cluster learn of it a moment
  // later.
  constexpr int most_tries = 10;
  for (int attempt = 0;; ++attempt) {
    try {
      return read();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::schema || attempt >= most_tries) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

std::string History::text(std::string_view value) const {
  return connection_.dialect().literal(Value(value));
}

std::string History::text_or_null(const std::string& value) const {
  return value.empty() ? "NULL" : text(value);
}

std::string History::duration(const HistoryRow& row, std::string_view elapsed) const {
  return elapsed.empty() ? std::to_string(row.duration_us) : std::string(elapsed);
}

Statement History::statement(std::string sql) const {
  Statement result{std::move(sql), {}, {"the history table", 0, 0}, {}};
  result.purpose = Purpose::history;
  return result;
}

Dialect::OwnFields History::key(const HistoryRow& row) const {
  return {{"scope", text(row.scope)}, {"version", text(row.version)}};
}

Statement History::changed(const HistoryRow& row, const Dialect::OwnFields& fields) const {
  return statement(connection_.dialect().own_update(quoted_, fields, key(row)));
}

// Values are written as literals: every value is Sterna's own, and a statement without bound values
// can share a round trip with the migration's own.
Statement History::insert(const HistoryRow& row, std::string_view elapsed) const {
  const Journal& journal = row.journal;
  return statement(
      connection_.dialect().own_insert(quoted_,
                                       {{"sequence", std::to_string(row.sequence)},
                                        {"name", text(row.name)},
                                        {"kind", text(row.kind)},
                                        {"state", text(to_string(row.state))},
                                        {"batch", std::to_string(row.batch)},
                                        {"hash_up", text(row.hash_up)},
                                        {"hash_down", text(row.hash_down)},
                                        {"hash_algorithm", std::to_string(row.hash_algorithm)},
                                        {"applied_at", connection_.dialect().utc_now()},
                                        {"applied_by", text(row.applied_by)},
                                        {"duration_us", duration(row, elapsed)},
                                        {"sterna_version", text(row.sterna_version)},
                                        {"step", std::to_string(journal.step)},
                                        {"step_state", text(to_string(journal.state))},
                                        {"prefix_hash", text(journal.prefix_hash)},
                                        {"step_sql", text_or_null(journal.step_sql)},
                                        {"fingerprint", text_or_null(journal.fingerprint)},
                                        {"step_cursor", text_or_null(journal.cursor)}},
                                       key(row)));
}

Statement History::remove(std::string_view scope, std::string_view version) const {
  return statement(connection_.dialect().own_delete(
      quoted_, {{"scope", text(scope)}, {"version", text(version)}}));
}

std::vector<Statement> History::clear(const std::vector<HistoryRow>& rows) const {
  if (auto all = connection_.dialect().own_clear(quoted_)) return {statement(std::move(*all))};
  std::vector<Statement> result;
  for (const HistoryRow& row : rows) result.push_back(remove(row.scope, row.version));
  return result;
}

// The duration comes first: MySQL assigns from left to right, and an elapsed-time expression reads
// the old applied_at.
Statement History::finish(const HistoryRow& row, std::string_view elapsed) const {
  return changed(row, {{"state", "'applied'"},
                       {"duration_us", duration(row, elapsed)},
                       {"applied_at", connection_.dialect().utc_now()},
                       {"step", "0"},
                       {"step_state", "'done'"},
                       {"step_sql", "NULL"},
                       {"fingerprint", "NULL"},
                       {"step_cursor", "NULL"},
                       {"hash_up", text(row.hash_up)},
                       {"hash_down", text(row.hash_down)}});
}

Statement History::journal(const HistoryRow& row) const {
  const Journal& journal = row.journal;
  return changed(row, {{"state", text(to_string(row.state))},
                       {"step", std::to_string(journal.step)},
                       {"step_state", text(to_string(journal.state))},
                       {"prefix_hash", text(journal.prefix_hash)},
                       {"step_sql", text_or_null(journal.step_sql)},
                       {"fingerprint", text_or_null(journal.fingerprint)}});
}

Statement History::save_cursor(const HistoryRow& row, std::string_view cursor) const {
  return changed(row, {{"step_cursor", text(cursor)}});
}

Statement History::update(const HistoryRow& row, std::string_view elapsed) const {
  return changed(row, {{"name", text(row.name)},
                       {"state", "'applied'"},
                       {"hash_up", text(row.hash_up)},
                       {"hash_down", text(row.hash_down)},
                       {"hash_algorithm", std::to_string(row.hash_algorithm)},
                       {"duration_us", duration(row, elapsed)},
                       {"applied_at", connection_.dialect().utc_now()},
                       {"applied_by", text(row.applied_by)},
                       {"sterna_version", text(row.sterna_version)},
                       {"batch", std::to_string(row.batch)}});
}

Statement History::freeze(const std::string& reason, const std::string& by) const {
  HistoryRow row;
  row.version = freeze_version;
  row.name = reason;
  row.kind = "freeze";
  row.state = RowState::frozen;
  row.applied_by = by;
  row.sterna_version = std::string(version());
  if (!frozen_) return insert(row);
  return changed(row, {{"name", text(reason)},
                       {"applied_by", text(by)},
                       {"applied_at", connection_.dialect().utc_now()}});
}

Statement History::unfreeze() const { return remove({}, freeze_version); }

Statement History::renew_hash(const HistoryRow& row) const {
  return changed(row, {{"hash_up", text(row.hash_up)},
                       {"hash_down", text(row.hash_down)},
                       {"hash_algorithm", std::to_string(row.hash_algorithm)}});
}

}  // namespace sterna
