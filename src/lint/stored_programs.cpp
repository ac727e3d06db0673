#include "lint/stored_programs.hpp"

#include "base/text.hpp"
#include "lint/known.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

bool is_routine(std::string_view object) { return object == "FUNCTION" || object == "PROCEDURE"; }

std::string switch_key(const ObjectName& table, std::string_view trigger) {
  return key_of(table) + " " + to_lower(trigger);
}

bool may_call(const StatementFact& fact) {
  switch (fact.summary.verb) {
    case Verb::select:
    case Verb::call:
    case Verb::insert:
    case Verb::update:
    case Verb::remove:
    case Verb::replace:
    case Verb::merge:
    case Verb::set:
    case Verb::other:  // PERFORM, an assignment, RETURN
      return true;
    case Verb::do_block:  // MySQL's DO f(); a block's statements come one by one
      return !fact.tokens.empty() && !sql::is_word(fact.tokens.front(), "BEGIN");
    default:
      return fact.as_select;
  }
}

}  // namespace

void StoredPrograms::start_from(const model::Model& model) {
  if (keys_fire_) cascades_.start_from(model);
  for (const model::Object& object : model.objects) {
    const ObjectName table{object.table.schema, object.table.name};
    if (object.kind == "function" || object.kind == "procedure") {
      auto program = std::make_shared<StoredProgram>(object, language_);
      routines_[to_lower(program->name.name)].push_back(std::move(program));
    } else if (object.kind == "trigger") {
      triggers_[key_of(table)].push_back(std::make_shared<StoredProgram>(object, language_));
    } else if (object.kind == "trigger state" &&
               object.definition.find(" ENABLE ALWAYS ") == std::string::npos) {
      off_.insert(switch_key(table, object.name.name));
    }
  }
}

void StoredPrograms::create(const StatementFact& fact, const std::string& migration) {
  const bool routine = is_routine(fact.summary.object);
  if (!routine && fact.summary.object != "TRIGGER") return;
  auto made = std::make_shared<StoredProgram>(fact, migration, language_);
  std::vector<Program>& there =
      routine ? routines_[to_lower(made->name.name)] : triggers_[key_of(made->table)];
  // PostgreSQL tells routines of one name apart by their parameters.
  std::erase_if(there, [&](const Program& other) {
    return other->kind == made->kind && may_be(other->name, made->name) &&
           (!routine || language_ != Language::postgres ||
            other->parameters().size() == made->parameters().size());
  });
  there.push_back(std::move(made));
}

void StoredPrograms::drop(const StatementFact& fact) {
  const std::string& object = fact.summary.object;
  std::vector<ObjectName> names{fact.summary.name};
  names.insert(names.end(), fact.summary.more_names.begin(), fact.summary.more_names.end());
  for (const ObjectName& name : names) {
    const auto is_it = [&](const Program& program) { return may_be(program->name, name); };
    if (object == "TABLE") {
      triggers_.erase(key_of(name));
    } else if (object == "TRIGGER") {
      for (auto& [table, triggers] : triggers_) {
        if (fact.summary.table.name.empty() || table == key_of(fact.summary.table))
          std::erase_if(triggers, is_it);
      }
    } else if (is_routine(object) || object == "ROUTINE") {
      const auto found = routines_.find(to_lower(name.name));
      if (found != routines_.end()) std::erase_if(found->second, is_it);
    }
  }
}

void StoredPrograms::rename_table(const ObjectName& from, const std::string& to) {
  auto node = triggers_.extract(key_of(from));
  if (node.empty()) return;
  for (Program& trigger : node.mapped()) {
    const ObjectName table{trigger->table.schema, to};
    if (!is_on(*trigger)) off_.insert(switch_key(table, trigger->name.name));
    trigger = trigger->renamed(trigger->name, table);
  }
  node.key() = key_of({from.schema, to});
  triggers_.erase(node.key());
  triggers_.insert(std::move(node));
}

void StoredPrograms::switch_trigger(const ObjectName& table, const ActionFact& action) {
  const bool off = action.kind == ActionFact::Kind::disable_trigger ||
                   action.text.find("REPLICA") != std::string::npos;
  for (const Program& trigger : on(table)) {
    const bool meant = same_name(action.name, "ALL") || same_name(action.name, "USER") ||
                       same_name(trigger->name.name, action.name);
    if (!meant) continue;
    if (off)
      off_.insert(switch_key(table, trigger->name.name));
    else
      off_.erase(switch_key(table, trigger->name.name));
  }
}

void StoredPrograms::alter(const StatementFact& fact) {
  const StatementSummary& summary = fact.summary;
  const auto renamed = [&](const Program& program) {
    return program->renamed({program->name.schema, summary.new_name.name}, program->table);
  };
  if (summary.object == "TABLE") {
    for (const ActionFact& action : fact.actions) {
      if (action.kind == ActionFact::Kind::rename_table)
        rename_table(summary.name, action.new_name);
      if (action.kind == ActionFact::Kind::enable_trigger ||
          action.kind == ActionFact::Kind::disable_trigger)
        switch_trigger(summary.name, action);
    }
  } else if (summary.new_name.name.empty()) {
    return;
  } else if (is_routine(summary.object)) {
    const auto found = routines_.find(to_lower(summary.name.name));
    if (found == routines_.end()) return;
    std::vector<Program> programs;
    for (const Program& program : found->second) programs.push_back(renamed(program));
    routines_.erase(found);
    routines_[to_lower(summary.new_name.name)] = std::move(programs);
  } else if (summary.object == "TRIGGER") {
    for (auto& [table, triggers] : triggers_) {
      for (Program& trigger : triggers) {
        if (table == key_of(summary.table) && same_name(trigger->name.name, summary.name.name))
          trigger = renamed(trigger);
      }
    }
  }
}

void StoredPrograms::apply(const StatementFact& fact, const std::string& migration) {
  const StatementSummary& summary = fact.summary;
  if (keys_fire_) cascades_.apply(fact);
  switch (summary.verb) {
    case Verb::create:
      return create(fact, migration);
    case Verb::drop:
      return drop(fact);
    case Verb::alter:
      return alter(fact);
    case Verb::rename:
      if (summary.object != "TABLE") return;
      rename_table(summary.name, summary.new_name.name);
      for (std::size_t i = 0;
           i < std::min(summary.more_names.size(), summary.more_new_names.size()); ++i)
        rename_table(summary.more_names[i], summary.more_new_names[i].name);
      return;
    case Verb::set:
      if (same_name(summary.name.name, "session_replication_role") && !fact.tokens.empty())
        replica_ = same_name(sql::unquoted(fact.tokens.back()), "replica");
      return;
    default:
      return;
  }
}

const std::vector<StoredPrograms::Program>* StoredPrograms::named(std::string_view name) const {
  const auto found = routines_.find(to_lower(name));
  return found == routines_.end() ? nullptr : &found->second;
}

std::vector<Call> StoredPrograms::called_by(const StatementFact& fact) const {
  if (routines_.empty() || fact.tokens.empty() || !may_call(fact)) return {};
  std::vector<Call> calls;
  const Tokens tokens(fact.tokens);
  const auto look = [&](const ObjectName& name, Tokens arguments) {
    const std::vector<Program>* programs = named(name.name);
    if (programs == nullptr) return;
    const std::vector<Tokens> parts = parts_of(arguments);
    for (auto program = programs->rbegin(); program != programs->rend(); ++program) {
      const bool fits = may_be((*program)->name, name) &&
                        (language_ != Language::postgres || (*program)->takes(parts.size()));
      if (fits) calls.push_back({program->get(), parts});
    }
  };
  const bool call = sql::is_word(tokens.front(), "CALL");
  if (call && !tokens.back().is(')')) look(fact.summary.name, {});  // MySQL: CALL p
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    if (!tokens[i + 1].is('(') || !is_name(tokens[i])) continue;
    const bool dotted = i > 2 && tokens[i - 1].is('.');
    // A name and a list of columns, or of types, is no call.
    if (is_any(tokens[dotted ? i - 3 : i - 1],
               {"INTO", "TABLE", "FUNCTION", "PROCEDURE", "AS", "WITH", "RECURSIVE"}))
      continue;
    ObjectName name{{}, sql::unquoted(tokens[i])};
    if (dotted) name.schema = sql::unquoted(tokens[i - 2]);
    look(name, in_brackets(tokens, i + 1));
  }
  return calls;
}

const std::vector<StoredPrograms::Program>& StoredPrograms::on(const ObjectName& table) const {
  static const std::vector<Program> none;
  const auto found = triggers_.find(key_of(table));
  return found == triggers_.end() ? none : found->second;
}

bool StoredPrograms::is_on(const StoredProgram& trigger) const {
  return !off_.contains(switch_key(trigger.table, trigger.name.name));
}

std::vector<Firing> StoredPrograms::fired_by(const StatementFact& fact) const {
  if (triggers_.empty() || replica_) return {};
  const std::vector<std::string_view> events = events_of_statement(fact, language_);
  if (events.empty()) return {};
  std::vector<ObjectName> tables{fact.summary.name};
  tables.insert(tables.end(), fact.summary.more_names.begin(), fact.summary.more_names.end());
  const bool deletes = std::find(events.begin(), events.end(), "DELETE") != events.end();
  std::vector<Firing> firings;
  for (const ObjectName& table : tables) {
    for (const Program& trigger : on(table)) {
      if (!is_on(*trigger)) continue;
      const TriggerEvents fires = events_of_trigger(trigger->fact(), language_);
      for (const std::string_view event : events) {
        if (fires.meet(event, fact)) firings.push_back({trigger.get(), event, fires.each_row, {}});
      }
    }
    if (deletes) fire_by_keys(table, firings);
  }
  return firings;
}

void StoredPrograms::fire_by_keys(const ObjectName& deleted_from,
                                  std::vector<Firing>& firings) const {
  std::set<std::string> seen{key_of(deleted_from)};
  std::vector<ObjectName> deleted{deleted_from};
  for (std::size_t i = 0; i < deleted.size(); ++i) {
    const ObjectName target = deleted[i];
    for (const Cascade& key : cascades_.of(target)) {
      const bool deletes = key.event == "DELETE";
      if (deletes && seen.insert(key_of(key.table)).second) deleted.push_back(key.table);
      for (const Program& trigger : on(key.table)) {
        const TriggerEvents fires = events_of_trigger(trigger->fact(), language_);
        if (is_on(*trigger) && fires.meet(key.event, key.columns))
          firings.push_back({trigger.get(), key.event, fires.each_row,
                             shown(key.table) + " to " + shown(target)});
      }
    }
  }
}

const StoredProgram* StoredPrograms::function_of(const StoredProgram& trigger) const {
  const StatementFact& fact = trigger.fact();
  std::size_t at = fact.find({"EXECUTE", "FUNCTION"});
  if (at == StatementFact::npos) at = fact.find({"EXECUTE", "PROCEDURE"});
  if (at == StatementFact::npos) return nullptr;
  ObjectName name;
  for (std::size_t i = at + 2; i < fact.tokens.size() && is_name(fact.tokens[i]); i += 2) {
    name.schema = std::move(name.name);
    name.name = sql::unquoted(fact.tokens[i]);
    if (i + 1 >= fact.tokens.size() || !fact.tokens[i + 1].is('.')) break;
  }
  const std::vector<Program>* programs = named(name.name);
  if (programs == nullptr) return nullptr;
  for (const Program& program : *programs) {
    if (may_be(program->name, name) && program->parameters().empty()) return program.get();
  }
  return nullptr;
}

}  // namespace sterna::lint
