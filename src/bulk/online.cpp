#include "bulk/online.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/alteration.hpp"
#include "bulk/comparison.hpp"
#include "bulk/ranges.hpp"
#include "bulk/shadow_note.hpp"
#include "database/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::bulk {
namespace {

/// Phases, as the cursor names them.
constexpr const char *by_server = "by the server", *building = "building", *copying = "copying",
                     *comparing = "comparing", *binding = "binding", *swapping = "swapping",
                     *tidying = "tidying";

/// More than any batch: what a run before this one has copied.
constexpr std::int64_t all_before = 1'000'000'000'000;

struct Words {
  const BulkWords& bulk;
  const ShadowWords& shadow;
};

Words words_of(Connection& connection) {
  const Engine& engine = engine_for(connection.url());
  if (engine.bulk != nullptr && engine.shadow != nullptr) return {engine.bulk(), engine.shadow()};
  throw Error(ErrorKind::validation, "'online' is for MySQL and MariaDB; " +
                                         connection.server().product +
                                         " changes tables in other ways")
      .with_state("nothing was run")
      .suggest(
          "leave the directive out; docs/online-changes.md tells how a column changes its name "
          "or type while programs use it");
}

class Online {
 public:
  Online(const Statement& statement, StepHost& host, Words words, Alteration alteration,
         model::Table table)
      : statement_(statement),
        host_(host),
        connection_(host.connection()),
        dialect_(connection_.dialect()),
        words_(words),
        alteration_(std::move(alteration)),
        table_(std::move(table)),
        pace_(alteration_.options, words.bulk, host),
        shadow_(shadow_of(alteration_)) {
    if (const std::string saved = host_.saved(); !saved.empty()) cursor_ = read_cursor(saved);
    if (!cursor_.phase.empty() && cursor_.phase != by_server) read_note(cursor_.note, shadow_);
  }

  std::int64_t run() {
    pace_.rest();  // replicas that do not answer are found before anything runs
    if ((cursor_.phase.empty() || cursor_.phase == by_server) && done_by_server()) return 0;
    try {
      build_and_copy();
    } catch (const Error& error) {
      if (!is_final(error)) throw;
      take_back();
      throw;
    }
    if (cursor_.phase == swapping) swap();
    tidy();
    host_.tell(
        fmt::format("{}: changed on a copy of {} row(s), in {} batches; every range was "
                    "compared before it took the table's place",
                    table_.name.text(), cursor_.rows, cursor_.batches));
    return cursor_.rows;
  }

  void abandon() {
    if (cursor_.phase == tidying || (cursor_.phase == swapping && swapped())) {
      throw Error(ErrorKind::plan, "the changed copy has taken the place of table '" +
                                       shadow_.table.text() + "' already")
          .with_state("nothing was changed")
          .suggest(
              "let `sterna up` end the migration, and make a new one that takes the change back");
    }
    const bool copied = is_there(shadow_.fresh);
    take_back();
    host_.tell(shadow_.table.text() + (copied ? ": the copy and its triggers are gone"
                                              : ": there was no copy to take away"));
  }

 private:
  // ---- phases ----

  void enter(const char* phase) {
    cursor_.phase = phase;
    cursor_.note = write_note(shadow_);
    keep();
  }
  void keep() {
    connection_.execute(host_.saving(write_cursor(cursor_)));
    host_.committed();
  }
  void define(const std::vector<Statement>& statements) {
    if (!statements.empty()) run_definitions(host_, words_.bulk, pace_, statements);
  }

  /// True when the server did it in place, now or in a run that died then.
  bool done_by_server() {
    const std::string definition = sha256_hex(words_.shadow.definition(connection_, shadow_.table));
    if (cursor_.phase == by_server && cursor_.note != definition) {
      host_.tell(table_.name.text() + ": its definition changed since: the server had done it");
      return true;
    }
    cursor_.phase = by_server;
    cursor_.note = definition;
    keep();
    for (const Statement& form : words_.shadow.by_itself(dialect_, shadow_)) {
      try {
        define({form});
        host_.tell(table_.name.text() + ": done by the server, " +
                   form.sql.substr(form.sql.rfind("ALGORITHM=")));
        return true;
      } catch (Error& error) {
        if (words_.shadow.refuses_form(error)) continue;
        // The server looked at the change and found it wrong: nothing is there to be taken up.
        if (is_final(error)) {
          host_.undone();
          error.at(statement_.position).with_statement(std::string(body_of(statement_.sql)));
        }
        throw;
      }
    }
    return false;
  }

  void build_and_copy() {
    if (cursor_.phase == by_server || cursor_.phase == building) {
      gather();
      enter(building);
      build();
      enter(copying);
    } else if (cursor_.phase != swapping && cursor_.phase != tidying) {
      examine();
    }
    if (cursor_.phase == copying) {
      copy();
      enter(comparing);
    }
    if (cursor_.phase == comparing) compare();
    if (cursor_.phase == comparing || cursor_.phase == binding) bind();
  }

  /// Foreign keys and triggers as they stand now; keys that a run before has bound to the copy are
  /// known from the journal alone.
  void gather() {
    const ShadowWords& words = words_.shadow;
    std::vector<Shadow::Reference> references = words.references(connection_, shadow_);
    shadow_.referred = std::any_of(references.begin(), references.end(),
                                   [](const auto& one) { return !one.to_copy.empty(); });
    for (Shadow::Reference& one : words.referrers(connection_, shadow_, shadow_.table)) {
      shadow_.referred = true;
      references.push_back(std::move(one));
    }
    for (Shadow::Reference& known : shadow_.references) {
      const auto same = [&](const Shadow::Reference& one) {
        return one.owner == known.owner && one.name == known.name;
      };
      if (std::none_of(references.begin(), references.end(), same))
        references.push_back(std::move(known));
    }
    shadow_.references = std::move(references);
    shadow_.triggers = words.triggers_of(connection_, shadow_);
  }

  void build() {
    const ShadowWords& words = words_.shadow;
    if (is_there(shadow_.fresh)) define(words.undo(dialect_, shadow_));
    define(words.make(connection_, shadow_));
    examine();
    // Whether the server takes the table's triggers for the copy is found before a row is copied.
    define(words.guarded(connection_, shadow_));
    define(words.unguarded(connection_, shadow_, shadow_.fresh));
    for (const Statement& setting : words.begin_session()) connection_.execute(setting);
    define(words.triggers(dialect_, shadow_));
    for (const Statement& setting : words.end_session()) connection_.execute(setting);
    const std::string text = dialect_.quote(shadow_.table);
    Walk walk(connection_, words_.bulk, text, text, shadow_.key, shadow_.key_types);
    cursor_.at.reset();
    cursor_.rows = cursor_.batches = 0;
    cursor_.end = walk.last().value_or(Place{});
  }

  /// What the copy's columns are, as the server made them.
  void examine() {
    const std::optional<model::Table> fresh = live_table(connection_, shadow_.fresh);
    if (!fresh)
      throw Error(ErrorKind::schema, "the copy " + shadow_.fresh.text() + " is gone")
          .suggest("somebody dropped it: run again, and the change begins anew");
    fit(shadow_, alteration_, table_, *fresh, words_.bulk);
  }

  void copy() {
    if (cursor_.end.empty()) return;
    for (const Statement& setting : words_.shadow.begin_session()) connection_.execute(setting);
    const std::string text = dialect_.quote(shadow_.table);
    Walk walk(connection_, words_.bulk, text, text, shadow_.key, shadow_.key_types);
    Ranges ranges(host_, words_.bulk, walk, pace_, table_.name.text(),
                  [&](const std::string& range) {
                    return Statement{
                        words_.shadow.copy(dialect_, shadow_, range), {}, statement_.position, {}};
                  });
    const std::unique_ptr<ComparisonBeside> beside = compare_beside();
    if (beside != nullptr) {
      if (cursor_.at) beside->copied(*cursor_.at, all_before);
      ranges.after_each([&](const Cursor& cursor, std::int64_t rows) {
        beside->copied(*cursor.at, rows);
        for (const KeyRange& range : beside->differing()) settle(range);
      });
    }
    ranges.by_number(is_whole_number(table_, shadow_.key));
    ranges.expect(words_.bulk.rows_about(connection_, shadow_.table));
    ranges.run(cursor_, {});
    if (beside != nullptr) {
      compared_ = beside->finish();
      for (const KeyRange& range : beside->differing()) settle(range);
    }
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
  }

  // ---- comparing ----

  /// Nothing where a cascade inside the table may be missing in the copy until it refers to itself.
  std::unique_ptr<ComparisonBeside> compare_beside() {
    for (const Shadow::Reference& one : shadow_.references) {
      if (one.owner == shadow_.table && !one.to_copy.empty()) return nullptr;
    }
    std::unique_ptr<Connection> session = host_.another_session();
    if (session == nullptr) return nullptr;
    return std::make_unique<ComparisonBeside>(std::move(session), words_.shadow, words_.bulk,
                                              shadow_, renaming());
  }

  std::function<std::string(const std::string&)> renaming() {
    return [this](const std::string& column) { return alteration_.new_name(column); };
  }

  /// What was not compared beside the copying.
  void compare() {
    define(words_.shadow.bind(connection_, shadow_, true));
    Comparison comparison(connection_, words_.shadow, words_.bulk, shadow_, renaming());
    comparison.rest(compared_, [&](const KeyRange& range) {
      host_.check();
      settle(range);
    });
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
    count_both();
  }

  /// Ranges of both sides that leave out the same rows would be equal: where the key is not simply
  /// a number, its order is not taken on trust.
  void count_both() {
    if (is_whole_number(table_, shadow_.key)) return;
    connection_.execute(words_.shadow.begin_snapshot());
    const Rows rows =
        connection_.query("SELECT (SELECT count(*) FROM " + dialect_.quote(shadow_.table) +
                          "), (SELECT count(*) FROM " + dialect_.quote(shadow_.fresh) + ")");
    connection_.rollback();
    const auto before = rows.front().get<std::int64_t>(0),
               after = rows.front().get<std::int64_t>(1);
    if (before == after) return;
    throw Error(ErrorKind::data,
                fmt::format("table {} has {} rows, its copy {}, though all ranges "
                            "of key ({}) are equal",
                            table_.name.text(), before, after, join(shadow_.key, ", ")))
        .at(statement_.position)
        .suggest("change the table without the directive, and report the types of its key");
  }

  /// A range that does not hold the same is brought right once: cascades inside the table fire no
  /// trigger. @throws Error(data) when it does not stay right.
  void settle(const KeyRange& range) {
    Comparison comparison(connection_, words_.shadow, words_.bulk, shadow_, renaming());
    if (comparison.sums(range).same()) return;
    mend(words_.shadow.mend(dialect_, shadow_, comparison.of_table(range),
                            comparison.of_copy(range)));
    const BothSums sums = comparison.sums(range);
    if (!sums.same()) differ(sums, range.to);
    host_.tell(fmt::format("{}: the copy's rows up to key {} were brought right",
                           table_.name.text(), join(range.to, ", ")));
  }

  void mend(const std::vector<Statement>& statements) {
    for (const Statement& setting : words_.shadow.begin_session()) connection_.execute(setting);
    for (bool done = false; !done;) {
      try {
        connection_.begin();
        for (const Statement& statement : statements) connection_.execute(statement);
        connection_.commit();
        done = true;
      } catch (const Error& error) {
        connection_.rollback();
        if (error.kind() != ErrorKind::lock || !connection_.alive()) throw;
        pace_.refused(error);
      }
    }
    pace_.settled();
  }

  [[noreturn]] void differ(const BothSums& sums, const Place& to) const {
    const RangeSums &table = sums.table, &copy = sums.copy;
    Error error(
        ErrorKind::data,
        table.rows == copy.rows
            ? fmt::format("values of {} would be others after this change", table_.name.text())
            : fmt::format("{} of {} row(s) of {} up to key {} would be lost",
                          table.rows - copy.rows, table.rows, table_.name.text(), join(to, ", ")));
    error.at(statement_.position).with_statement(std::string(body_of(statement_.sql)));
    error.suggest(table.rows == copy.rows
                      ? "a character set that lacks a letter, or a shorter type, changes values: "
                        "look for them before"
                      : "rows that share the value of a new unique key are one row in the copy: "
                        "look for them with GROUP BY … HAVING COUNT(*) > 1");
    throw error;
  }

  // ---- changing places ----

  bool is_there(const model::Name& table) { return connection_.has_table(table); }
  bool swapped() { return !is_there(shadow_.fresh) && is_there(shadow_.former); }

  /// Foreign keys of other tables refer to the copy, and the table's triggers stand ready on it:
  /// with the names both change at once.
  void bind() {
    const bool referred = shadow_.referred;
    gather();
    if (shadow_.referred && !referred) {
      throw Error(ErrorKind::schema, "a foreign key came to refer to table '" +
                                         shadow_.table.text() + "' while it was copied")
          .suggest("run again: the change begins anew and takes it into account");
    }
    enter(binding);
    define(words_.shadow.bind(connection_, shadow_, false));
    define(words_.shadow.guarded(connection_, shadow_));
    enter(swapping);
  }

  void swap() {
    if (!swapped()) define({words_.shadow.swap(dialect_, shadow_)});
    enter(tidying);
  }

  /// Names are free, and given back, once the former table is gone.
  void tidy() {
    const ShadowWords& words = words_.shadow;
    try {
      const auto late = words.referrers(connection_, shadow_, shadow_.former);
      if (!late.empty()) {
        shadow_.references.insert(shadow_.references.end(), late.begin(), late.end());
        enter(tidying);
        define(words.recall(dialect_, shadow_, late));
      }
      define({words.drop_former(dialect_, shadow_)});
      define(words.release(connection_, shadow_));
      define(words.own_triggers(connection_, shadow_));
    } catch (const Error&) {
      restore_session();
      throw;
    }
  }

  // ---- giving up ----

  /// Trying again would end in the same way. What only was interrupted is taken up later.
  static bool is_final(const Error& error) {
    switch (error.kind()) {
      case ErrorKind::connection:
      case ErrorKind::timeout:
      case ErrorKind::interrupted:
      case ErrorKind::lock:
        return false;
      default:
        return true;
    }
  }

  void restore_session() {
    if (!connection_.alive()) return;
    connection_.rollback();
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
  }

  void take_back() {
    if (!connection_.alive()) return;
    restore_session();
    define(words_.shadow.release(connection_, shadow_));
    define(words_.shadow.undo(dialect_, shadow_));
    host_.undone();
  }

  const Statement& statement_;
  StepHost& host_;
  Connection& connection_;
  const Dialect& dialect_;
  Words words_;
  Alteration alteration_;
  model::Table table_;
  Pace pace_;
  Shadow shadow_;
  Cursor cursor_;
  std::optional<Place> compared_;  ///< up to here, by this run
};

std::optional<model::Table> checked_table(const Statement& statement, const Alteration& alteration,
                                          Connection& connection, const BulkWords& words) {
  std::optional<model::Table> table = live_table(connection, alteration.table);
  if (!table) return table;
  if (const std::string reason = words.refuses(*table); !reason.empty())
    refuse(statement, reason, "change its engine first: ALTER TABLE … ENGINE = InnoDB");
  key_of_table(*table, words);
  return table;
}

}  // namespace

std::int64_t run_online(const Statement& statement, StepHost& host) {
  Connection& connection = host.connection();
  const Words words = words_of(connection);
  Alteration alteration = alteration_of(statement, connection.dialect().language());
  std::optional<model::Table> table = checked_table(statement, alteration, connection, words.bulk);
  if (!table) {
    throw Error(ErrorKind::schema, "table '" + alteration.table.text() + "' does not exist")
        .at(statement.position)
        .with_object(alteration.table.text());
  }
  return Online(statement, host, words, std::move(alteration), std::move(*table)).run();
}

void abandon_online(const Statement& statement, StepHost& host) {
  Connection& connection = host.connection();
  const Words words = words_of(connection);
  Alteration alteration = alteration_of(statement, connection.dialect().language());
  model::Table table = live_table(connection, alteration.table).value_or(model::Table{});
  Online(statement, host, words, std::move(alteration), std::move(table)).abandon();
}

std::vector<std::string> plan_online(const Statement& statement, Connection& connection) {
  const Words words = words_of(connection);
  const Alteration alteration = alteration_of(statement, connection.dialect().language());
  const std::optional<model::Table> table =
      checked_table(statement, alteration, connection, words.bulk);
  if (!table) return {"online; the table does not exist yet"};
  std::vector<std::string> lines{
      fmt::format("in place where the server can (INSTANT, INPLACE); else on a copy of about "
                  "{} rows, in batches over ({})",
                  words.bulk.rows_about(connection, table->name),
                  join(key_of_table(*table, words.bulk), ", "))};
  const Shadow shadow = shadow_of(alteration);
  for (const Shadow::Reference& one : words.shadow.referrers(connection, shadow, shadow.table))
    lines.push_back("foreign key " + one.name + " of " + one.owner.text() + " goes over to it");
  for (const Shadow::Trigger& one : words.shadow.triggers_of(connection, shadow))
    lines.push_back("trigger " + one.name + " goes over to it");
  return lines;
}

}  // namespace sterna::bulk
