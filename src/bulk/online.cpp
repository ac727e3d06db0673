#include "bulk/online.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/directive.hpp"
#include "bulk/ranges.hpp"
#include "database/registry.hpp"
#include "database/shadow.hpp"
#include "sql/classify.hpp"
#include "sql/lexer.hpp"
#include "sql/token_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::bulk {
namespace {

using model::Type;
using model::TypeKind;

constexpr std::int64_t rows_compared_at_once = 20'000;

/// Phases, as the cursor names them.
constexpr const char *by_server = "by the server", *building = "building", *copying = "copying",
                     *comparing = "comparing", *swapping = "swapping", *tidying = "tidying";

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

[[noreturn]] void refuse(const Statement& statement, const std::string& reason,
                         const std::string& advice) {
  throw Error(ErrorKind::validation, "this change cannot be made online: " + reason)
      .at(statement.position)
      .with_statement(std::string(body_of(statement.sql)))
      .with_state("nothing was run")
      .suggest(advice);
}

/// The statement, taken apart.
struct Alteration {
  StepOptions options;
  StatementSummary summary;
  model::Name table;
  std::string actions;
};

/// What stands behind the table's name.
std::string actions_of(std::string_view sql, Language language) {
  sql::Lexer lexer(sql, language);
  sql::Token token = lexer.next();
  while (token.kind != sql::TokenKind::end && !is_word(token, "TABLE")) token = lexer.next();
  bool named = false;
  for (token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.is_comment() || token.is('.')) {
      named = named && !token.is('.');
      continue;
    }
    if (named) break;
    named = !is_word(token, "IF") && !is_word(token, "EXISTS");
  }
  if (token.kind == sql::TokenKind::end) return {};
  return std::string(sql.substr(static_cast<std::size_t>(token.text.data() - sql.data())));
}

bool says(const std::string& sql, Language language, std::initializer_list<const char*> words) {
  sql::Lexer lexer(sql, language);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    for (const char* word : words) {
      if (is_word(token, word)) return true;
    }
  }
  return false;
}

Alteration alteration_of(const Statement& statement, Language language) {
  Alteration result;
  result.options = *step_of(statement);
  const std::string body(body_of(statement.sql));
  result.summary = classify(body, language);
  if (result.summary.verb != Verb::alter || result.summary.object != "TABLE")
    refuse(statement, "it is no ALTER TABLE", "put the directive above the ALTER TABLE");
  result.table = model::Name(result.summary.name.schema, result.summary.name.name);
  result.actions = actions_of(body, language);
  using Kind = AlterAction::Kind;
  for (const AlterAction& action : result.summary.actions) {
    if (action.kind == Kind::rename_table)
      refuse(statement, "it renames the table", "rename it by a statement of its own");
    if (action.kind == Kind::add_foreign_key)
      refuse(statement, "it adds a foreign key",
             "add it by an ALTER TABLE of its own: with foreign_key_checks = 0 the server does it "
             "in place");
  }
  if (says(result.actions, language, {"ALGORITHM", "LOCK", "FOREIGN"}))
    refuse(statement, "it says ALGORITHM, LOCK or FOREIGN KEY itself",
           "leave ALGORITHM and LOCK out: the best of them is found; change foreign keys by an "
           "ALTER TABLE of their own");
  if (!result.options.table.empty() && model::Name(result.options.table).name != result.table.name)
    refuse(statement, "the directive names table '" + result.options.table + "'",
           "name the table that is altered");
  return result;
}

std::string own_name(std::string_view prefix, const std::string& table) {
  constexpr std::size_t most = 60;  // triggers add two letters
  const std::string name = std::string(prefix) + table;
  return name.size() <= most ? name
                             : name.substr(0, most - 9) + "_" + sha256_hex(table).substr(0, 8);
}

bool is_text(const Type& type) {
  switch (type.kind) {
    case TypeKind::char_:
    case TypeKind::string:
    case TypeKind::text:
    case TypeKind::tiny_text:
    case TypeKind::medium_text:
    case TypeKind::long_text:
    case TypeKind::enumeration:
      return true;
    default:
      return false;
  }
}

bool is_integer(const Type& type) {
  switch (type.kind) {
    case TypeKind::tiny_integer:
    case TypeKind::small_integer:
    case TypeKind::medium_integer:
    case TypeKind::integer:
    case TypeKind::big_integer:
      return true;
    default:
      return false;
  }
}

/// Foreign keys in the cursor, one line each.
std::string text_of(const std::vector<Shadow::Reference>& references) {
  std::string text;
  for (const Shadow::Reference& one : references)
    text += one.name + '\t' + one.meanwhile + '\t' + one.definition + '\n';
  return text;
}

std::vector<Shadow::Reference> references_of(const std::string& text) {
  std::vector<Shadow::Reference> references;
  for (const std::string& line : split(text, '\n')) {
    const std::vector<std::string> fields = split(line, '\t');
    if (fields.size() == 3) references.push_back({fields[0], fields[1], fields[2]});
  }
  return references;
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
        pace_(alteration_.options, words.bulk, host) {
    shadow_.table = alteration_.table;
    shadow_.fresh = {alteration_.table.schema, own_name("_sterna_new_", alteration_.table.name)};
    shadow_.former = {alteration_.table.schema, own_name("_sterna_old_", alteration_.table.name)};
    shadow_.actions = alteration_.actions;
  }

  std::int64_t run() {
    if (const std::string saved = host_.saved(); !saved.empty()) cursor_ = read_cursor(saved);
    if ((cursor_.phase.empty() || cursor_.phase == by_server) && done_by_server()) return 0;
    try {
      build_and_copy();
    } catch (const Error& error) {
      if (!is_final(error)) throw;
      take_back();
      throw;
    }
    if (cursor_.phase == comparing) enter(swapping);
    if (cursor_.phase == swapping) swap();
    tidy();
    host_.tell(
        fmt::format("{}: changed on a copy of {} row(s), in {} batches; every range was "
                    "compared before it took the table's place",
                    table_.name.text(), cursor_.rows, cursor_.batches));
    return cursor_.rows;
  }

 private:
  // ---- phases ----

  void enter(const char* phase, std::string note = {}) {
    cursor_.phase = phase;
    cursor_.note = std::move(note);
    keep();
  }
  void keep() {
    connection_.execute(host_.saving(write_cursor(cursor_)));
    host_.committed();
  }

  /// True when the server did it in place, now or in a run that died then.
  bool done_by_server() {
    const std::string definition = sha256_hex(words_.shadow.definition(connection_, shadow_.table));
    if (cursor_.phase == by_server && cursor_.note != definition) {
      host_.tell(table_.name.text() + ": its definition changed since: the server had done it");
      return true;
    }
    enter(by_server, definition);
    for (const Statement& form : words_.shadow.by_itself(dialect_, shadow_)) {
      try {
        run_definitions(host_, words_.bulk, pace_, {form});
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
      enter(building);
      build();
      enter(copying);
    } else if (cursor_.phase == copying || cursor_.phase == comparing) {
      examine();
    }
    if (cursor_.phase == copying) {
      copy();
      enter(comparing);
    }
    if (cursor_.phase == comparing) compare();
  }

  void build() {
    if (is_there(shadow_.fresh))
      run_definitions(host_, words_.bulk, pace_, words_.shadow.undo(dialect_, shadow_));
    shadow_.references = words_.shadow.references(connection_, shadow_.table);
    run_definitions(host_, words_.bulk, pace_, words_.shadow.make(connection_, shadow_));
    examine();
    for (const Statement& setting : words_.shadow.begin_session()) connection_.execute(setting);
    run_definitions(host_, words_.bulk, pace_, words_.shadow.triggers(dialect_, shadow_));
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
    Walk walk = walk_of(shadow_.table, false);
    const std::optional<Place> last = walk.last();
    cursor_.at.reset();
    cursor_.rows = cursor_.batches = 0;
    cursor_.end = last.value_or(Place{});
  }

  /// What the copy's columns are, as the server made them.
  void examine() {
    const std::optional<model::Table> fresh = live_table(connection_, shadow_.fresh);
    if (!fresh)
      throw Error(ErrorKind::schema, "the copy " + shadow_.fresh.text() + " is gone")
          .suggest("somebody dropped it: run again, and the change begins anew");
    shadow_.references = words_.shadow.references(connection_, shadow_.table);
    shadow_.columns.clear();
    for (const model::Column& column : table_.columns) {
      if (column.generated) continue;
      const std::string to = new_name(column.name);
      const model::Column* there = fresh->column(to);
      if (there == nullptr || there->generated) continue;
      const bool text = is_text(column.type) && is_text(there->type);
      const bool integer = is_integer(column.type) && is_integer(there->type);
      const auto charset = [](const model::Table& table, const model::Column& one) {
        return one.charset.empty() ? table.charset : one.charset;
      };
      shadow_.columns.push_back(
          {column.name, to, text && charset(table_, column) != charset(*fresh, *there),
           column.nullable || there->nullable, text || integer || column.type == there->type});
    }
    shadow_.key = key_of_table(table_);
    check_key(*fresh);
  }

  std::string new_name(const std::string& column) const {
    for (const AlterAction& action : alteration_.summary.actions) {
      if (action.kind == AlterAction::Kind::rename_column &&
          equals_ignoring_case(action.name, column))
        return action.new_name;
    }
    return column;
  }

  /// Rows of table and copy belong together by a key that both have.
  void check_key(const model::Table& fresh) const {
    std::vector<std::string> wanted;
    for (const std::string& column : shadow_.key) {
      const auto known = std::find_if(shadow_.columns.begin(), shadow_.columns.end(),
                                      [&](const auto& one) { return one.from == column; });
      if (known != shadow_.columns.end()) wanted.push_back(known->to);
    }
    std::vector<std::string> there;
    try {
      there = key_of_table(fresh);
    } catch (const Error&) {  // then it has none
    }
    if (wanted.size() == shadow_.key.size() && there == wanted) return;
    throw Error(ErrorKind::validation, "the change takes away or changes the key (" +
                                           join(shadow_.key, ", ") +
                                           ") by which rows are found in the copy")
        .suggest("change the key by itself, without the directive, when few use the table");
  }

  Walk walk_of(const model::Name& table, bool of_copy) {
    std::vector<std::string> key;
    for (const std::string& column : shadow_.key)
      key.push_back(of_copy ? new_name(column) : column);
    const std::string text = dialect_.quote(table);
    return {connection_, words_.bulk, text, text, key};
  }

  void copy() {
    if (cursor_.end.empty()) return;
    for (const Statement& setting : words_.shadow.begin_session()) connection_.execute(setting);
    Walk walk = walk_of(shadow_.table, false);
    Ranges ranges(host_, words_.bulk, walk, pace_, table_.name.text(),
                  [&](const std::string& range) {
                    return Statement{
                        words_.shadow.copy(dialect_, shadow_, range), {}, statement_.position, {}};
                  });
    ranges.expect(words_.bulk.rows_about(connection_, shadow_.table));
    ranges.run(cursor_, {});
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
  }

  /// Range by range, both in one moment: what the triggers bring is in both.
  void compare() {
    Walk walk = walk_of(shadow_.table, false), copied = walk_of(shadow_.fresh, true);
    const std::optional<Place> last = walk.last();
    std::optional<Place> at;
    while (last && (!at || *at != *last)) {
      host_.check();
      const Place to = walk.next(at, *last, rows_compared_at_once, {});
      connection_.execute(words_.shadow.begin_snapshot());
      const RangeSums table = words_.shadow.sums(connection_, shadow_, false, walk.range(at, to));
      const RangeSums copy = words_.shadow.sums(connection_, shadow_, true, copied.range(at, to));
      connection_.rollback();
      if (table != copy) differ(table, copy, to);
      at = to;
    }
  }

  [[noreturn]] void differ(const RangeSums& table, const RangeSums& copy, const Place& to) const {
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

  bool is_there(const model::Name& table) { return connection_.has_table(table); }

  void swap() {
    const bool swapped = !is_there(shadow_.fresh) && is_there(shadow_.former);
    if (!swapped)
      run_definitions(host_, words_.bulk, pace_, {words_.shadow.swap(dialect_, shadow_)});
    // Their names are free, and to be given back, once the former table is gone.
    enter(tidying, text_of(words_.shadow.references(connection_, shadow_.former)));
  }

  void tidy() {
    shadow_.references = references_of(cursor_.note);
    run_definitions(host_, words_.bulk, pace_, words_.shadow.tidy(connection_, shadow_));
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

  void take_back() {
    if (!connection_.alive()) return;
    connection_.rollback();
    for (const Statement& setting : words_.shadow.end_session()) connection_.execute(setting);
    run_definitions(host_, words_.bulk, pace_, words_.shadow.undo(dialect_, shadow_));
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
};

/// @throws Error(validation) for a table that cannot be changed on a copy.
void check_table(const Statement& statement, const model::Model& schema, const model::Table& table,
                 const BulkWords& words) {
  const std::string name = table.name.text();
  if (const std::string reason = words.refuses(table); !reason.empty())
    refuse(statement, reason, "change its engine first: ALTER TABLE … ENGINE = InnoDB");
  key_of_table(table);
  for (const model::Table& other : schema.tables) {
    for (const model::ForeignKey& key : other.foreign_keys) {
      if (key.referenced_table.name != table.name.name) continue;
      refuse(statement,
             "foreign key " + key.name + " of " + other.name.text() + " refers to " + name +
                 ", and would go on referring to the former table",
             "drop that foreign key before and add it again behind (with foreign_key_checks = 0 "
             "the server does it in place)");
    }
  }
  for (const model::Object& object : schema.objects) {
    if (object.kind != "trigger" || object.table.name != table.name.name) continue;
    if (object.name.name.starts_with("_sterna_new_")) continue;
    refuse(statement,
           "trigger " + object.name.text() + " belongs to " + name +
               " and would stay with the former table",
           "drop the trigger before and make it again behind");
  }
}

std::optional<model::Table> checked_table(const Statement& statement, const Alteration& alteration,
                                          Connection& connection, const BulkWords& words) {
  const model::Model schema = connection.inspect({});
  for (const model::Table& table : schema.tables) {
    if (!equals_ignoring_case(table.name.name, alteration.table.name)) continue;
    check_table(statement, schema, table, words);
    return table;
  }
  return std::nullopt;
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

std::vector<std::string> plan_online(const Statement& statement, Connection& connection) {
  const Words words = words_of(connection);
  const Alteration alteration = alteration_of(statement, connection.dialect().language());
  const std::optional<model::Table> table =
      checked_table(statement, alteration, connection, words.bulk);
  if (!table) return {"online; the table does not exist yet"};
  return {fmt::format(
      "in place where the server can (INSTANT, INPLACE); else on a copy of about "
      "{} rows, in batches over ({})",
      words.bulk.rows_about(connection, table->name), join(key_of_table(*table), ", "))};
}

}  // namespace sterna::bulk
