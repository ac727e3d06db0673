#include "migration/targets.hpp"

#include "base/text.hpp"
#include "change/former.hpp"
#include "migration/run.hpp"

#include <fmt/format.h>

namespace sterna {
namespace {

bool reads_only(const Statement& statement, const Dialect& dialect) {
  switch (classify(statement.sql, dialect.language()).verb) {
    case Verb::select:
    case Verb::explain:
    case Verb::pragma:
    case Verb::other:
      return true;
    default:
      return false;
  }
}

}  // namespace

// ---- executing ----

Statement ExecutingTarget::placed(Statement statement) const {
  if (statement.position.file.empty()) statement.position = {file_, 0, 0};
  return statement;
}

void ExecutingTarget::apply(Change change) {
  Connection& connection = sink_.connection();
  const bool cheap_trips = !connection.capabilities().batches_in_one_trip;
  if (cheap_trips) sink_.flush();  // rendering may look at the live schema
  Rendered rendered = connection.dialect().render(change, {connection.server(), &connection});
  if (rendered.needs_foreign_keys_off && connection.foreign_keys_enforced())
    throw NeedsForeignKeysOff{};
  for (Statement& statement : rendered.statements) sink_.add(placed(std::move(statement)));
  if (cheap_trips) sink_.flush();
}

std::int64_t ExecutingTarget::execute(Statement statement) {
  return sink_.execute(placed(std::move(statement)));
}
Rows ExecutingTarget::query(Statement statement) {
  return sink_.query(placed(std::move(statement)));
}

Connection::TokenKey ExecutingTarget::token_key(const model::Name& table) {
  sink_.flush();
  return sink_.connection().token_key(table);
}

void ExecutingTarget::walk(
    const Connection::Walk& walk,
    const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& visit) {
  sink_.flush();
  sink_.connection().walk(walk, visit);
}

bool ExecutingTarget::has_table(const model::Name& table) {
  sink_.flush();
  return sink_.connection().has_table(table);
}

bool ExecutingTarget::has_column(const model::Name& table, std::string_view column) {
  sink_.flush();
  return sink_.connection().has_column(table, column);
}

bool ExecutingTarget::has_index(const model::Name& table, std::string_view index) {
  sink_.flush();
  return sink_.connection().has_index(table, index);
}

bool ExecutingTarget::has_type(const model::Name& type) {
  sink_.flush();
  return sink_.connection().has_type(type);
}

void ExecutingTarget::progress(std::string_view what, std::int64_t done, std::int64_t total) {
  Event event{EventKind::progress};
  event.text = std::string(what);
  event.done = done;
  event.total = total;
  sink_.run().emit(std::move(event));
}

// ---- recording ----

bool RecordingTarget::has_data_steps() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const Step& step) { return !step.change; });
}

void RecordingTarget::note(const AlterTable& alter) {
  const std::string table = alter.name.text();
  for (const TableAction& action : alter.actions) {
    if (const auto* add = std::get_if<AddColumn>(&action))
      overlay_.columns[{table, add->column.name}] = true;
    if (const auto* drop = std::get_if<DropColumn>(&action))
      overlay_.columns[{table, drop->name}] = false;
    if (const auto* rename = std::get_if<RenameColumn>(&action)) {
      overlay_.columns[{table, rename->from}] = false;
      overlay_.columns[{table, rename->to}] = true;
    }
    if (const auto* index = std::get_if<AddIndex>(&action))
      overlay_.indexes[{table, index->index.name}] = true;
    if (const auto* drop_index = std::get_if<DropIndex>(&action))
      overlay_.indexes[{table, drop_index->name}] = false;
  }
}

void RecordingTarget::apply(Change change) {
  if (const auto* create = std::get_if<CreateTable>(&change)) {
    overlay_.tables[create->table.name] = true;
    for (const model::Column& column : create->table.columns)
      overlay_.columns[{create->table.name.text(), column.name}] = true;
    for (const model::Index& index : create->table.indexes)
      overlay_.indexes[{create->table.name.text(), index.name}] = true;
  } else if (const auto* drop = std::get_if<DropTable>(&change)) {
    overlay_.tables[drop->name] = false;
  } else if (const auto* rename = std::get_if<RenameTable>(&change)) {
    overlay_.tables[rename->from] = false;
    overlay_.tables[model::Name(rename->from.schema, rename->to)] = true;
  } else if (const auto* alter = std::get_if<AlterTable>(&change)) {
    note(*alter);
  } else if (const auto* type = std::get_if<CreateType>(&change)) {
    overlay_.types[type->type.name] = true;
  } else if (const auto* enumeration = std::get_if<CreateEnum>(&change)) {
    overlay_.types[enumeration->name] = true;
  } else if (const auto* gone = std::get_if<DropType>(&change)) {
    overlay_.types[gone->name] = false;
  }
  steps_.push_back({std::move(change), {}});
}

std::int64_t RecordingTarget::execute(Statement statement) {
  steps_.push_back({std::nullopt, std::move(statement)});
  return 0;
}

Rows RecordingTarget::query(Statement statement) {
  if (!reads_only(statement, dialect())) {
    execute(std::move(statement));
    return {};
  }
  try {
    return connection_.query(statement);
  } catch (const Error& error) {
    // It reads what an earlier step of the same plan would have made: there are no rows yet.
    if (error.kind() != ErrorKind::schema) throw;
    return {};
  }
}

Connection::TokenKey RecordingTarget::token_key(const model::Name& table) {
  return connection_.token_key(table);
}

void RecordingTarget::walk(
    const Connection::Walk& walk,
    const std::function<bool(const Rows& rows, const Connection::WalkStep& step)>& visit) {
  Connection::Walk first = walk;
  first.readers = 1;
  connection_.walk(first, [&](const Rows& rows, const Connection::WalkStep& step) {
    visit(rows, step);
    return false;
  });
}

bool RecordingTarget::has_table(const model::Name& table) {
  const auto known = overlay_.tables.find(table);
  return known != overlay_.tables.end() ? known->second : connection_.has_table(table);
}

bool RecordingTarget::has_column(const model::Name& table, std::string_view column) {
  const auto known = overlay_.columns.find({table.text(), std::string(column)});
  if (known != overlay_.columns.end()) return known->second;
  return has_table(table) && connection_.has_column(table, column);
}

bool RecordingTarget::has_index(const model::Name& table, std::string_view index) {
  const auto known = overlay_.indexes.find({table.text(), std::string(index)});
  if (known != overlay_.indexes.end()) return known->second;
  return has_table(table) && connection_.has_index(table, index);
}

bool RecordingTarget::has_type(const model::Name& type) {
  const auto known = overlay_.types.find(type);
  return known != overlay_.types.end() ? known->second : connection_.has_type(type);
}

// ---- inversion ----

std::vector<Change> inverse_of(Migration& migration, const Source& source, RunContext& run) {
  RecordingTarget::Overlay overlay;
  RecordingTarget record(run.connection, run.options, overlay);
  Schema schema(record);
  const auto refuse = [&](const std::string& reason) {
    return Error(ErrorKind::plan, fmt::format("migration {} cannot be taken down by itself: {}",
                                              source.id(), reason))
        .at({source.up_file, 0, 0})
        .suggest("write down() by hand");
  };
  if (!call_change(migration, schema)) throw refuse("it defines neither down() nor change()");
  if (record.has_data_steps()) throw refuse("change() holds a data step, which has no inverse");
  std::vector<Change> changes;
  for (const RecordingTarget::Step& step : record.steps()) changes.push_back(*step.change);
  Inverse inverse = invert(changes);
  // What it dropped without saying what it was, the migrations before it say.
  if (!inverse.obstacle.empty() && run.schema_before)
    inverse = invert(changes, run.schema_before(source));
  if (!inverse.obstacle.empty()) throw refuse(inverse.obstacle);
  if (inverse.loses_rows) refuse_losses(source, "what its change() made", run.options);
  return std::move(inverse.changes);
}

}  // namespace sterna
