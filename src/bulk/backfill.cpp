#include "bulk/backfill.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/closing.hpp"
#include "bulk/ranges.hpp"
#include "bulk/shape.hpp"
#include "bulk/walk.hpp"
#include "database/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::bulk {
namespace {

constexpr int most_passes = 8;

const BulkWords& words_of(Connection& connection) {
  const Engine& engine = engine_for(connection.url());
  if (engine.bulk != nullptr) return engine.bulk();
  throw Error(ErrorKind::validation,
              connection.server().product + " has no batches by key, so no backfill")
      .with_state("nothing was run")
      .suggest("go through the table by ranges of tokens, in a C++ migration");
}

/// What is known of a backfill before it runs.
struct Subject {
  StepOptions options;
  Shape shape;
  model::Table table;
  std::vector<std::string> key;
};

void check_table(const Subject& subject, const BulkWords& words) {
  const std::string reason = words.refuses(subject.table);
  if (reason.empty()) return;
  throw Error(ErrorKind::validation,
              "table '" + subject.table.name.text() + "' cannot be changed in batches: " + reason)
      .with_object(subject.table.name.text())
      .with_state("nothing was run")
      .suggest("change its engine first: ALTER TABLE … ENGINE = InnoDB");
}

/// A row that gets another key may be met again by a later batch.
void refuse_moved_keys(const Statement& statement, const Subject& subject, Language language) {
  std::string assigned = subject.shape.assigned_too;
  for (const Assigned& one : subject.shape.assigned) assigned += " " + one.written;
  const std::vector<std::string> moved = columns_read(assigned, language, subject.key);
  if (moved.empty()) return;
  throw Error(ErrorKind::validation,
              "this statement cannot be run in batches: it changes column '" + moved.front() +
                  "' of the key by which the batches go")
      .at(statement.position)
      .with_statement(std::string(body_of(statement.sql)))
      .with_object(subject.table.name.text())
      .with_state("nothing was run")
      .suggest("leave the directive out, or give the rows their new key in a new table");
}

/// Nothing when the table is not there.
std::optional<Subject> subject_of(const Statement& statement, Connection& connection,
                                  const BulkWords& words) {
  Subject subject;
  subject.options = *step_of(statement);
  subject.shape = shape_of(statement, connection.dialect().language(), subject.options.table);
  std::optional<model::Table> table = live_table(connection, subject.shape.table);
  if (!table) return std::nullopt;
  subject.table = std::move(*table);
  check_table(subject, words);
  subject.key = key_of_table(subject.table, words);
  refuse_moved_keys(statement, subject, connection.dialect().language());
  return subject;
}

std::vector<std::string> names_of(const model::Table& table) {
  std::vector<std::string> names;
  for (const model::Column& column : table.columns) names.push_back(column.name);
  return names;
}

/// @throws Error(validation) where a trigger cannot do the same.
SyncTrigger sync_of(const Subject& subject, Language language) {
  const Shape& shape = subject.shape;
  if (shape.kind != Shape::Kind::update || !shape.repeatable || shape.joined ||
      shape.assigned.empty()) {
    throw Error(ErrorKind::validation,
                "sync=trigger needs an UPDATE of one table whose new values do not depend on "
                "the columns they are written to")
        .with_state("nothing was run")
        .suggest("leave sync=trigger out and let the program write the value of new rows");
  }
  SyncTrigger trigger;
  trigger.name = "sterna_sync_" + sha256_hex(shape.over("")).substr(0, 12);
  trigger.table = shape.table_text;
  trigger.reference = shape.reference;
  trigger.key = subject.key;
  const std::vector<std::string> columns = names_of(subject.table);
  const auto of_new = [&](const std::string& text) {
    return with_prefix(text, language, "NEW.", columns, shape.reference);
  };
  std::vector<std::string> assigned;
  for (const Assigned& one : shape.assigned) {
    assigned.push_back(one.column);
    trigger.values.push_back({one.column, one.expression, of_new(one.expression)});
  }
  // "not filled yet" says which rows the batches take; a row that changes is filled again.
  std::vector<std::string> kept;
  for (const std::string& part : conjuncts(shape.where, language)) {
    if (!part.empty() && columns_read(part, language, assigned).empty()) kept.push_back(part);
  }
  trigger.condition = join(kept, "\nAND ");
  trigger.condition_of_new = of_new(trigger.condition);
  const auto add_inputs = [&](const std::string& text) {
    for (std::string& column : columns_read(text, language, columns)) {
      if (std::find(trigger.inputs.begin(), trigger.inputs.end(), column) == trigger.inputs.end())
        trigger.inputs.push_back(std::move(column));
    }
  };
  for (const Assigned& one : shape.assigned) add_inputs(one.expression);
  add_inputs(trigger.condition);
  return trigger;
}

class Backfill {
 public:
  Backfill(const Statement& statement, StepHost& host, const BulkWords& words, Subject subject)
      : statement_(statement),
        host_(host),
        connection_(host.connection()),
        words_(words),
        subject_(std::move(subject)),
        walk_(connection_, words, subject_.shape.table_text, subject_.shape.reference, subject_.key,
              types_of(subject_.table, subject_.key)),
        pace_(subject_.options, words, host),
        closing_(connection_, words, subject_.shape, walk_.source()),
        ranges_(host, words, walk_, pace_, subject_.shape.table.text(),
                [this](const std::string& range) {
                  return Statement{subject_.shape.over(range), {}, statement_.position, {}};
                }) {}

  std::int64_t run() {
    pace_.rest();  // replicas that do not answer are found before anything runs
    const std::string saved = host_.saved();
    if (saved.empty() && walk_.has_null_keys()) {
      throw Error(ErrorKind::data, "rows of table '" + subject_.table.name.text() +
                                       "' have NULL in their key: no range of it finds them")
          .with_state("nothing was run")
          .suggest("give these rows a key, or leave the directive out for a small table");
    }
    std::optional<SyncTrigger> sync;
    if (subject_.options.sync) sync = sync_of(subject_, connection_.dialect().language());
    // Made anew, it would be away for a moment where definitions commit one by one.
    if (sync && (saved.empty() || connection_.capabilities().transactional_ddl))
      run_definitions(host_, words_, pace_, words_.make_sync(connection_.dialect(), *sync));
    if (!saved.empty())
      cursor_ = read_cursor(saved);
    else
      begin();
    ranges_.by_number(is_whole_number(subject_.table, subject_.key));
    ranges_.expect(words_.rows_about(connection_, subject_.table.name));
    try {
      passes();
    } catch (...) {
      // A run that is to go on keeps its trigger; one that did nothing leaves nothing behind.
      if (sync && cursor_.batches == 0) give_up(*sync);
      throw;
    }
    if (sync) run_definitions(host_, words_, pace_, words_.drop_sync(connection_.dialect(), *sync));
    return cursor_.rows;
  }

 private:
  void give_up(const SyncTrigger& sync) noexcept {
    try {
      if (connection_.alive())
        run_definitions(host_, words_, pace_, words_.drop_sync(connection_.dialect(), sync));
    } catch (const std::exception&) {  // the failure that led here is reported
    }
  }

  void begin() {
    const std::optional<Place> last = walk_.last();
    if (last) cursor_.end = *last;
  }

  void passes() {
    while (!cursor_.end.empty()) {
      one_pass();
      const std::int64_t left = closing_.count(cursor_);
      if (left == 0 || !closing_.known()) return tell_end(left);
      const bool stuck = cursor_.left >= 0 && left >= cursor_.left;
      if (stuck || cursor_.pass >= most_passes) return tell_end(left);
      host_.tell(fmt::format("{}: {} row(s) came or changed meanwhile and are done now",
                             subject_.shape.table.text(), left));
      cursor_.left = left;
      ++cursor_.pass;
      cursor_.at.reset();
      begin();
    }
  }

  void one_pass() {
    // Later passes take what the closing count found, nothing else.
    ranges_.run(cursor_, cursor_.pass > 1 ? closing_.condition() : std::string());
  }

  void tell_end(std::int64_t left) {
    const std::string table = subject_.shape.table.text();
    const std::string done =
        fmt::format("{}: {} row(s) in {} batches", table, cursor_.rows, cursor_.batches);
    if (!closing_.known()) {
      host_.tell(done + "; every row up to the last key of its start was visited once");
    } else if (left == 0) {
      host_.tell(done + "; the closing count found none left");
    } else {
      host_.warn(
          fmt::format("{}; the closing count finds {} row(s) that the statement does not "
                      "bring to the value it gives, or that others change all the time",
                      done, left));
    }
  }

  const Statement& statement_;
  StepHost& host_;
  Connection& connection_;
  const BulkWords& words_;
  Subject subject_;
  Walk walk_;
  Pace pace_;
  Closing closing_;
  Ranges ranges_;
  Cursor cursor_;
};

}  // namespace

std::int64_t run_backfill(const Statement& statement, StepHost& host) {
  Connection& connection = host.connection();
  const BulkWords& words = words_of(connection);
  std::optional<Subject> subject = subject_of(statement, connection, words);
  if (!subject) {
    const StepOptions options = *step_of(statement);
    const Shape shape = shape_of(statement, connection.dialect().language(), options.table);
    throw Error(ErrorKind::schema, "table '" + shape.table.text() + "' does not exist")
        .at(statement.position)
        .with_object(shape.table.text());
  }
  return Backfill(statement, host, words, std::move(*subject)).run();
}

void abandon_backfill(const Statement& statement, StepHost& host) {
  Connection& connection = host.connection();
  const BulkWords& words = words_of(connection);
  const std::string saved = host.saved();
  const Cursor cursor = saved.empty() ? Cursor() : read_cursor(saved);
  if (const auto subject = subject_of(statement, connection, words)) {
    if (subject->options.sync) {
      Pace pace(subject->options, words, host);
      run_definitions(host, words, pace,
                      words.drop_sync(connection.dialect(),
                                      sync_of(*subject, connection.dialect().language())));
      host.tell(subject->shape.table.text() + ": the trigger that filled new rows is gone");
    }
    host.tell(fmt::format("{}: {} row(s) were done in {} batches and keep what they were given",
                          subject->shape.table.text(), cursor.rows, cursor.batches));
  }
  host.undone();
}

std::vector<std::string> plan_backfill(const Statement& statement, Connection& connection) {
  const BulkWords& words = words_of(connection);
  const std::optional<Subject> subject = subject_of(statement, connection, words);
  if (!subject) return {"in batches; the table does not exist yet"};
  if (subject->options.sync) sync_of(*subject, connection.dialect().language());
  const std::int64_t rows = words.rows_about(connection, subject->table.name);
  const std::string size =
      subject->options.batch
          ? fmt::format("of {} rows, about {} of them", *subject->options.batch,
                        (rows + *subject->options.batch - 1) / *subject->options.batch)
          : fmt::format("of as many rows as take {} ms", subject->options.target.count());
  std::vector<std::string> lines{
      fmt::format("batches over ({}), about {} rows, {}; each commits by itself",
                  join(subject->key, ", "), rows, size)};
  if (subject->options.sync) lines.emplace_back("a trigger fills new and changed rows meanwhile");
  return lines;
}

}  // namespace sterna::bulk
