#include "lint/running.hpp"

#include "base/text.hpp"
#include "lint/bodies.hpp"
#include "lint/dynamic_sql.hpp"

#include <algorithm>
#include <deque>
#include <set>

namespace sterna::lint {
namespace {

using Kind = BodyStatement::Kind;

/// How a body came to run.
struct Around {
  std::string what;  ///< "function f, called by function g"; empty: what the script itself says
  std::string made;  ///< ", made by migration 003_log (003_log.sql"; empty: by this script
  std::string trigger;
  bool each_row = false;
  bool conditional = false;
  bool elsewhere = false;  ///< it stands in another script, or in the database alone
};

/// A body that is to be run.
struct Entry {
  Body body;
  Around around;
  Constants constants;
};

/// Follows one script.
class Follower {
 public:
  /// `changes`: what the script makes is kept there, when given.
  Follower(Language language, const StoredPrograms& programs, StoredPrograms* changes,
           Script& script, bool reported)
      : language_(language),
        programs_(programs),
        changes_(changes),
        script_(script),
        reported_(reported),
        session_(language) {}

  void run() {
    std::vector<std::pair<std::size_t, std::deque<StatementFact>>> added;
    std::size_t count = 0;
    for (std::size_t i = 0; i < script_.statements.size(); ++i) {
      StatementFact& fact = script_.statements[i];
      statement(fact);
      if (found_.empty()) continue;
      count += found_.size();
      added.emplace_back(i, std::move(found_));
      found_.clear();
    }
    if (!added.empty()) put_in(std::move(added), count);
  }

 private:
  // Routines that call one another, and what a person wrote down, end far below these.
  static constexpr int deepest = 8;
  static constexpr std::size_t most = 1000;

  void put_in(std::vector<std::pair<std::size_t, std::deque<StatementFact>>> added,
              std::size_t count) {
    std::vector<StatementFact> all;
    all.reserve(script_.statements.size() + count);
    auto next = added.begin();
    for (std::size_t i = 0; i < script_.statements.size(); ++i) {
      all.push_back(std::move(script_.statements[i]));
      if (next == added.end() || next->first != i) continue;
      std::move(next->second.begin(), next->second.end(), std::back_inserter(all));
      ++next;
    }
    script_.statements = std::move(all);
  }

  void statement(StatementFact& fact) {
    outer_ = fact.statement;
    origin_ = fact.origin;
    entered_.clear();
    session_statement(fact);
    enter_all(fact, {}, 0);
    if (reported_ && fact.is(Verb::create, "TRIGGER")) judge_trigger(fact);
    if (fact.is(Verb::create, "TABLE")) made_.insert(key_of(fact.summary.name));
    if (changes_ != nullptr) changes_->apply(fact, script_.id);
  }

  /// SET, PREPARE and EXECUTE among the statements of a script.
  void session_statement(const StatementFact& fact) {
    const Verb verb = fact.summary.verb;
    const bool wanted = verb == Verb::set || verb == Verb::select || verb == Verb::call ||
                        (verb == Verb::other && fact.summary.object == "PREPARE");
    if (!wanted) return;
    const Surroundings around{fact.statement->position};
    const bool mysql = language_ == Language::mysql;
    const auto look = mysql ? dynamic_statements : prepared_statements;
    for (BodyStatement& one : look(fact.tokens, language_, around, session_))
      take(std::move(one), {}, 0);
    if (mysql)
      follow_variables(fact.tokens, language_, around, session_);
    else
      follow_prepare(fact.tokens, session_);
  }

  void enter_all(const StatementFact& fact, const Around& around, int depth) {
    if (depth > deepest) return;
    std::vector<Entry> entries;
    if (fact.summary.verb == Verb::do_block) {
      if (const std::optional<Body> body = body_of(fact, language_))
        entries.push_back({*body, around, constants()});
    }
    for (const Call& call : programs_.called_by(fact)) add_call(call, around, entries);
    if (reported_) {
      for (const Firing& firing : programs_.fired_by(fact)) add_firing(firing, around, entries);
    }
    for (Entry& entry : entries) enter(entry, depth);
  }

  /// Of MySQL, user variables belong to the session; of PL/pgSQL there are none.
  Constants constants() const {
    return language_ == Language::mysql ? session_ : Constants(language_);
  }

  void add_call(const Call& call, const Around& around, std::vector<Entry>& entries) {
    const std::optional<Body> body = body_of(call.routine->fact(), language_);
    if (!body) return;
    Entry entry{*body, of_program(*call.routine, around), constants()};
    const std::string own = call.routine->kind + " " + shown(call.routine->name);
    entry.around.what = around.what.empty() ? own : own + ", called by " + around.what;
    std::string key = bind(call, entry.constants);
    if (entered_.insert({call.routine, std::move(key)}).second) entries.push_back(std::move(entry));
  }

  /// Gives the parameters what the call gives them, where that is a constant.
  std::string bind(const Call& call, Constants& constants) const {
    const std::vector<std::string>& names = call.routine->parameters();
    std::string key;
    const Constants none(language_);
    for (std::size_t i = 0; i < names.size(); ++i) {
      Texts texts;
      if (i < call.arguments.size()) texts = none.fold(call.arguments[i]);
      for (const Tokens argument : call.arguments) {  // name => value
        const bool named = argument.size() > 2 && argument[1].text == "=>" &&
                           equals_ignoring_case(sql::unquoted(argument[0]), names[i]);
        if (named) texts = none.fold(argument.subspan(2));
      }
      key += join(texts.all, "\x1f") + "\x1e";
      if (language_ == Language::postgres) constants.set("$" + std::to_string(i + 1), texts);
      if (!names[i].empty()) constants.set(names[i], std::move(texts));
    }
    return key;
  }

  /// Once a script: one that fires for each of a thousand INSERTs does what it does for the first.
  void add_firing(const Firing& firing, const Around& around, std::vector<Entry>& entries) {
    const StoredProgram& trigger = *firing.trigger;
    // One of a repeatable script comes behind what has just made the table.
    if (made_.contains(key_of(trigger.table)) && is_later(trigger)) return;
    if (!fired_.insert({&trigger, std::string(firing.event)}).second) return;
    const StoredProgram* program = &trigger;
    if (language_ == Language::postgres) program = programs_.function_of(trigger);
    if (program == nullptr) return;
    std::optional<Body> body = body_of(program->fact(), language_);
    if (!body) return;
    body->event = firing.event;
    Entry entry{*body, of_program(*program, around), constants()};
    std::string what = "trigger " + trigger.name.name + " on " + shown(trigger.table);
    if (program != &trigger) what = "function " + shown(program->name) + " of " + what;
    if (!firing.by_key.empty()) what += ", fired by the foreign key of " + firing.by_key;
    entry.around.what = around.what.empty() ? what : what + ", fired by " + around.what;
    entry.around.trigger = trigger.name.name;
    entry.around.each_row = firing.each_row;
    // A row trigger runs as soon as there is a row, and a key as soon as one refers to it.
    entry.around.conditional = around.conditional || firing.each_row || !firing.by_key.empty() ||
                               trigger.fact().has("WHEN");
    entries.push_back(std::move(entry));
  }

  bool is_later(const StoredProgram& program) const {
    return program.made_by.starts_with("repeatable/") && !script_.repeatable;
  }

  Around of_program(const StoredProgram& program, const Around& around) const {
    Around result = around;
    result.elsewhere = program.made_by != script_.id;
    result.made = program.made_by.empty() ? "" : "migration " + program.made_by;
    return result;
  }

  void enter(Entry& entry, int depth) {
    for (BodyStatement& one : statements_of_body(entry.body, entry.constants))
      take(std::move(one), entry.around, depth + 1);
    // What a procedure leaves in user variables is there behind it.
    if (language_ == Language::mysql) session_ = std::move(entry.constants);
  }

  void take(BodyStatement one, const Around& around, int depth) {
    if (found_.size() >= most) return;
    const bool called = one.kind == Kind::called;
    Around within = around;
    within.conditional = around.conditional || one.conditional;
    if (called) {
      const StatementFact fact = facts_of(one.statement, language_);
      return enter_all(fact, within, depth);
    }
    std::string words = words_of(around, one.statement.position);
    if (around.elsewhere) one.statement.position = outer_->position;
    script_.inside.push_back(std::move(one.statement));
    StatementFact& fact = found_.emplace_back(facts_of(script_.inside.back(), language_));
    fact.origin = origin_;
    fact.outer = outer_;
    fact.conditional = within.conditional;
    fact.within = std::move(words);
    fact.trigger = around.trigger;
    fact.each_row = around.each_row;
    fact.cost_only = around.elsewhere || !around.trigger.empty();
    fact.opaque = one.kind == Kind::opaque;
    fact.pinned = around.elsewhere || one.dynamic;
    enter_all(fact, within, depth);
    if (changes_ != nullptr && !(fact.conditional && fact.takes_away()))
      changes_->apply(fact, script_.id);
  }

  /// Where a body stands, and what runs it: one of both is the finding's own place.
  std::string words_of(const Around& around, const SourcePosition& position) const {
    if (around.what.empty()) return {};
    std::string words = "in " + around.what;
    if (!around.elsewhere) return words + ", run from " + to_string(outer_->position);
    if (around.made.empty()) return words + ", as the database has it";
    words += ", made by " + around.made;
    return position.line > 0 ? words + " at " + to_string(position) : words;
  }

  /// What the body does to whole tables each time that it will run.
  void judge_trigger(StatementFact& fact) {
    const StoredProgram made(fact, script_.id, language_);
    const StoredProgram* program = &made;
    if (language_ == Language::postgres) program = programs_.function_of(made);
    const std::optional<Body> body =
        program == nullptr ? std::nullopt : body_of(program->fact(), language_);
    if (!body) return;
    for (const BodyStatement& one : statements_of_body(*body)) {
      if (one.kind != Kind::judged) continue;
      const StatementFact inner = facts_of(one.statement, language_);
      if (!inner.takes_all_rows()) continue;
      fact.to_all_rows.push_back(
          (inner.summary.verb == Verb::update ? "changes every row of " : "deletes every row of ") +
          shown(inner.summary.name));
    }
  }

  Language language_;
  const StoredPrograms& programs_;
  StoredPrograms* changes_;
  Script& script_;
  bool reported_;
  Constants session_;
  std::set<std::pair<const StoredProgram*, std::string>> fired_;    // by the script, with the event
  std::set<std::pair<const StoredProgram*, std::string>> entered_;  // by the statement
  std::set<std::string> made_;                                      // tables
  std::deque<StatementFact> found_;  // references stay while more come
  const Statement* outer_ = nullptr;
  std::size_t origin_ = 0;
};

}  // namespace

Running::Running(Language language, const model::Model* model)
    : language_(language), programs_(language) {
  if (model != nullptr) programs_.start_from(*model);
}

void Running::expect(const Script& repeatable) {
  for (const StatementFact& fact : repeatable.statements) {
    if (fact.summary.verb == Verb::create) programs_.apply(fact, repeatable.id);
  }
}

void Running::follow(Script& script, bool reported) {
  Follower(language_, programs_, &programs_, script, reported).run();
}

void Running::follow_down(Script& script) const {
  // Most ways down make nothing that they run: for them nothing need be copied.
  const auto is_program = [](const StatementFact& fact) {
    return fact.summary.verb == Verb::create &&
           (fact.summary.object == "FUNCTION" || fact.summary.object == "PROCEDURE" ||
            fact.summary.object == "TRIGGER");
  };
  const auto made = std::find_if(script.statements.begin(), script.statements.end(), is_program);
  const bool may_run = std::any_of(made, script.statements.end(), [](const StatementFact& fact) {
    return fact.summary.verb != Verb::create && fact.summary.verb != Verb::drop;
  });
  if (!may_run) return Follower(language_, programs_, nullptr, script, true).run();
  StoredPrograms copy = programs_;
  Follower(language_, copy, &copy, script, true).run();
}

}  // namespace sterna::lint
