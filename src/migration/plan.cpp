// Plans: every statement that a run would send, in order, with what keeps it atomic. SQL migrations
// are read; C++ ones are called on a recording schema, or really executed on a private copy of the
// schema where the database makes one cheaply.
#include "bulk/directive.hpp"
#include "bulk/steps.hpp"
#include "migration/assertion.hpp"
#include "migration/engine.hpp"
#include "migration/run.hpp"
#include "migration/targets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {
namespace {

PlannedStatement planned(const Statement& statement, Connection& connection,
                         bulk::StepPlans& steps) {
  const Dialect& dialect = connection.dialect();
  PlannedStatement result;
  result.sql = statement.sql;
  result.parameters = statement.parameters.size();
  result.position = statement.position;
  if (const auto reason = dialect.refuses_transaction(statement)) {
    result.outside_transaction = true;
    result.notes.push_back(*reason);
  }
  if (dialect.commits_implicitly(statement)) result.notes.push_back("commits by itself");
  for (std::string& line : steps.see(statement)) result.notes.push_back(std::move(line));
  return result;
}

void describe_atomicity(PlannedMigration& planned, const Meta& meta, const Connection& connection,
                        RunTransaction transaction) {
  if (runs_in_transaction(meta, connection) && transaction == RunTransaction::run) {
    planned.atomicity = "one transaction with all migrations of the run and their history rows";
    planned.after_crash = "nothing of the run remains; it is pending again";
  } else if (runs_in_transaction(meta, connection)) {
    planned.atomicity = "one transaction with its history row";
    planned.after_crash = "nothing of it remains; it is pending again";
  } else {
    planned.atomicity = "statement by statement, journalled";
    planned.after_crash =
        "the next run goes on at the statement that was in flight, after looking whether it took "
        "effect";
  }
}

/// A sink that runs everything on the private copy and keeps what it ran.
class KeepingSink final : public StatementSink {
 public:
  /// The first `done` have been run by an earlier run.
  KeepingSink(RunContext& run, std::vector<Statement>& kept, int done)
      : StatementSink(run, {}), kept_(kept), done_(done) {}
  void add(Statement statement) override { execute(std::move(statement)); }
  std::int64_t execute(Statement statement) override {
    const std::int64_t rows = ++number_ > done_ ? run_.connection.execute(statement) : 0;
    kept_.push_back(std::move(statement));
    return rows;
  }
  Rows query(Statement statement) override { return run_.connection.query(statement); }
  void flush() override {}
  void finish() override {}
  void abandon(Error&) noexcept override {}
  void begin_nested() override {}
  void commit_nested() override {}
  void rollback_nested() noexcept override {}
  std::string load_cursor(std::string_view) override { return {}; }
  void save_cursor(std::string_view, std::string_view) override {}

 private:
  std::vector<Statement>& kept_;
  int done_;
};

bool call(Source& source, Direction direction, Schema& schema) {
  const std::unique_ptr<Migration> migration = source.make();
  if (direction == Direction::up)
    return call_up(*migration, schema) || call_change(*migration, schema);
  return call_down(*migration, schema);
}

}  // namespace

/// Plans the entries in order, each on what those before it would leave.
class Planner {
 public:
  Planner(Connection& connection, History& history, const RunnerOptions& options)
      : connection_(connection),
        options_(options),
        steps_(connection),
        copy_(connection.dry_run_copy()),
        watchdog_([] {}, nullptr),
        run_{copy_ ? *copy_ : connection, history, nullptr, options, watchdog_, no_events_} {
    if (copy_) copy_->set_foreign_keys(false);
  }

  void knows(std::function<model::Model(const Source&)> schema_before) {
    run_.schema_before = std::move(schema_before);
  }

  /// `row`: of the history; nothing where there is none.
  PlannedMigration plan(Source& source, Direction direction, const HistoryRow* row) {
    const Done done = done_by_earlier_run(row, direction);
    PlannedMigration result;
    result.version = source.version.empty() ? source.id() : source.version.text();
    result.name = source.kind == SourceKind::repeatable ? std::string() : source.name;
    result.direction = direction;
    result.meta = source.meta;
    describe_atomicity(result, source.meta, connection_, options_.transaction);
    try {
      if (source.make)
        plan_code(source, direction, done.statements, result);
      else if (direction == Direction::up || source.has_down)
        plan_sql(source, direction, done.statements, result);
    } catch (const Error& error) {
      result.error = error.what();
    }
    mark(result, done);
    return result;
  }

 private:
  struct Done {
    int statements = 0;
    bool under_way = false;  ///< the one behind them goes on
  };

  /// A statement that was in flight is looked for in the database, as the run that goes on does.
  Done done_by_earlier_run(const HistoryRow* row, Direction direction) {
    const RowState same_way = direction == Direction::up ? RowState::up : RowState::down;
    if (row == nullptr || row->state != same_way) return {};
    const Journal& journal = row->journal;
    if (journal.state == StepState::done) return {journal.step, false};
    Done done{journal.step - 1, false};
    if (journal.state == StepState::failed || journal.step_sql.empty()) return done;
    const Statement statement{journal.step_sql, {}, {}, {}};
    done.under_way = bulk::is_step(statement);
    if (done.under_way) return done;
    const EffectReport report =
        connection_.dialect().effect(connection_, statement, journal.fingerprint);
    if (report.effect == Effect::complete) ++done.statements;
    return done;
  }

  static void mark(PlannedMigration& planned, const Done& done) {
    const auto begun = static_cast<std::size_t>(std::max(done.statements, 0));
    for (std::size_t i = 0; i < std::min(begun, planned.statements.size()); ++i)
      planned.statements[i].progress = StatementProgress::committed;
    if (done.under_way && begun < planned.statements.size())
      planned.statements[begun].progress = StatementProgress::under_way;
  }

  void plan_sql(const Source& source, Direction direction, int done, PlannedMigration& result) {
    check_directives(source, connection_.dialect());
    const bool in_transaction = runs_in_transaction(source.meta, connection_);
    for (const Statement& statement :
         load_statements(source, direction, connection_.dialect().language())) {
      result.statements.push_back(planned(statement, connection_, steps_));
      if (const auto reason = forbidden(statement, connection_.dialect(), in_transaction)) {
        result.error = to_string(statement.position) + ": " + *reason;
      }
      if (is_assertion(statement)) {
        result.statements.back().notes.push_back("has to give no rows, or zero");
        continue;
      }
      // The copy has to follow, so that C++ migrations that come later find what this one makes.
      // What it cannot do there (rows that do not exist, an extension) is no fault of the plan.
      if (!copy_ || static_cast<int>(result.statements.size()) <= done) continue;
      try {
        copy_->execute(statement);
      } catch (const Error&) {
        result.statements.back().notes.push_back("could not be tried on a copy of the schema");
      }
    }
  }

  void plan_code(Source& source, Direction direction, int done, PlannedMigration& result) {
    RecordingTarget record(run_.connection, options_, overlay_);
    if (copy_) {
      std::vector<Statement> kept;
      KeepingSink sink(run_, kept, done);
      ExecutingTarget target(sink, source.up_file);
      Schema schema(target);
      if (!call(source, direction, schema)) invert_into(source, target);
      for (const Statement& statement : kept)
        result.statements.push_back(planned(statement, connection_, steps_));
      return;
    }
    Schema schema(record);
    if (!call(source, direction, schema)) invert_into(source, record);
    for (const RecordingTarget::Step& step : record.steps()) {
      if (!step.change) {
        result.statements.push_back(planned(step.statement, connection_, steps_));
        continue;
      }
      result.changes.push_back(describe(*step.change));
      for (const Statement& statement :
           connection_.dialect()
               .render(*step.change, {connection_.server(), &connection_})
               .statements) {
        result.statements.push_back(planned(statement, connection_, steps_));
      }
    }
  }

  void invert_into(Source& source, SchemaTarget& target) {
    const std::unique_ptr<Migration> migration = source.make();
    for (Change& change : inverse_of(*migration, source, run_)) target.apply(std::move(change));
  }

  Connection& connection_;
  const RunnerOptions& options_;
  bulk::StepPlans steps_;
  std::unique_ptr<Connection> copy_;
  Watchdog watchdog_;
  EventHandler no_events_;
  RunContext run_;
  RecordingTarget::Overlay overlay_;
};

Plan MigrationEngine::plan(const Target& target, Direction direction) {
  const Survey seen = look(History::Detail::everything);
  if (direction == Direction::up) {
    refuse_problems(problems_of(seen, options_.run), options_.run.strict,
                    [this](const std::string& text) { warn(text); });
  }
  std::vector<Entry> entries =
      direction == Direction::up ? select_up(seen, target) : select_down(seen, target);
  load_code(entries);
  Planner planner(connection(), *history_, options_.run);
  planner.knows([this](const Source& source) { return schema_before(source); });
  Plan plan;
  for (const Entry& entry : entries) {
    if (direction == Direction::down) check_way_down(*entry.source, options_.run);
    plan.push_back(planner.plan(*entry.source, direction, entry.row));
  }
  return plan;
}

}  // namespace sterna
