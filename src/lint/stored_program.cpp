#include "lint/stored_program.hpp"

#include "base/text.hpp"
#include "lint/known.hpp"

#include <algorithm>

namespace sterna::lint {

using sql::Token;
using sql::TokenKind;

bool may_be(const ObjectName& a, const ObjectName& b) {
  const auto plain = [](const ObjectName& name) {
    return name.schema.empty() || same_name(name.schema, "public");
  };
  return same_name(a.name, b.name) && (plain(a) || plain(b) || same_name(a.schema, b.schema));
}

namespace {

/// MariaDB's inspection writes settings in front: SET STATEMENT sql_mode = … FOR CREATE TRIGGER ….
std::string from_create(const std::string& definition, Language language) {
  sql::Lexer lexer(definition, language);
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (sql::is_word(token, "CREATE"))
      return definition.substr(static_cast<std::size_t>(token.text.data() - definition.data()));
  }
  return definition;
}

/// The bracket behind the name of a routine in its definition, and the name in front of it.
std::size_t bracket_of(Tokens tokens) {
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].is('(') && is_name(tokens[i - 1])) return i;
  }
  return tokens.size();
}

/// The columns that SET gives a value: SET a = …, t.b = …, (c, d) = ….
bool sets_any(const StatementFact& fact, const std::vector<std::string>& columns) {
  const Tokens tokens(fact.tokens);
  const auto wanted = [&](const Token& token) {
    return is_name(token) && std::any_of(columns.begin(), columns.end(), [&](const auto& column) {
             return same_name(sql::unquoted(token), column);
           });
  };
  for (std::size_t i = 1; i + 1 < tokens.size(); ++i) {
    const bool begins = sql::is_word(tokens[i - 1], "SET") || tokens[i - 1].is(',');
    if ((begins || tokens[i - 1].is('.')) && tokens[i + 1].is('=') && wanted(tokens[i]))
      return true;
    if (!begins || !tokens[i].is('(')) continue;
    const Tokens group = in_brackets(tokens, i);
    const std::size_t behind = i + group.size() + 2;
    const bool assigned = behind < tokens.size() && tokens[behind].is('=');
    if (assigned && std::any_of(group.begin(), group.end(), wanted)) return true;
  }
  return false;
}

}  // namespace

StoredProgram::StoredProgram(const StatementFact& definition, std::string migration,
                             Language language)
    : name(definition.summary.name),
      table(definition.summary.table),
      kind(to_lower(definition.summary.object)),
      made_by(std::move(migration)),
      language_(language) {
  statement_.sql = definition.text();
  statement_.position = definition.statement->position;
}

StoredProgram::StoredProgram(const model::Object& object, Language language)
    : name{object.name.schema, object.name.name.substr(0, object.name.name.find('('))},
      table{object.table.schema, object.table.name},
      kind(object.kind),
      language_(language),
      object_(&object) {}

StoredProgram::StoredProgram(const StoredProgram& other, ObjectName new_name, ObjectName new_table)
    : name(std::move(new_name)),
      table(std::move(new_table)),
      kind(other.kind),
      made_by(other.made_by),
      language_(other.language_),
      object_(other.object_),
      statement_(other.statement_) {}

std::shared_ptr<const StoredProgram> StoredProgram::renamed(ObjectName new_name,
                                                            ObjectName new_table) const {
  return std::shared_ptr<const StoredProgram>(
      new StoredProgram(*this, std::move(new_name), std::move(new_table)));
}

const StatementFact& StoredProgram::fact() const {
  if (!fact_) {
    if (object_ != nullptr) statement_.sql = from_create(object_->definition, language_);
    fact_ = facts_of(statement_, language_);
  }
  return *fact_;
}

void StoredProgram::read_parameters() const {
  std::vector<std::string>& names = parameters_.emplace();
  const Tokens tokens(fact().tokens);
  const std::size_t open = bracket_of(tokens);
  if (open == tokens.size()) return;
  for (Tokens part : parts_of(in_brackets(tokens, open))) {
    bool result = false, optional = false;
    while (part.size() > 1 && is_any(part.front(), {"IN", "OUT", "INOUT", "VARIADIC"})) {
      result = result || sql::is_word(part.front(), "OUT");
      variadic_ = variadic_ || sql::is_word(part.front(), "VARIADIC");
      part = part.subspan(1);
    }
    if (part.empty() || (result && kind == "function")) continue;
    for (const Token& token : part)
      optional = optional || token.is('=') || token.text == ":=" || sql::is_word(token, "DEFAULT");
    names.push_back(part.size() > 1 ? to_lower(sql::unquoted(part.front())) : std::string());
    if (!optional && !result && !variadic_) needed_ = names.size();
  }
}

const std::vector<std::string>& StoredProgram::parameters() const {
  if (!parameters_) read_parameters();
  return *parameters_;
}

bool StoredProgram::takes(std::size_t arguments) const {
  const std::size_t most = parameters().size();
  return arguments >= needed_ && (arguments <= most || variadic_);
}

TriggerEvents events_of_trigger(const StatementFact& fact, Language language) {
  TriggerEvents header;
  std::size_t at = fact.find({"TRIGGER"});
  if (at == StatementFact::npos) return header;
  for (++at; at < fact.tokens.size() && is_any(fact.tokens[at], {"IF", "NOT", "EXISTS"});) ++at;
  ++at;  // the name, which may be a word of those below
  bool of_columns = false;
  for (; at < fact.tokens.size() && !sql::is_word(fact.tokens[at], "ON"); ++at) {
    const Token& token = fact.tokens[at];
    for (const std::string_view event : {"INSERT", "UPDATE", "DELETE", "TRUNCATE"}) {
      if (sql::is_word(token, event)) header.events.push_back(event);
    }
    if (is_any(token, {"OR"})) of_columns = false;
    if (of_columns && is_name(token)) header.columns.push_back(sql::unquoted(token));
    if (sql::is_word(token, "OF") && sql::is_word(fact.tokens[at - 1], "UPDATE")) of_columns = true;
  }
  header.each_row = language != Language::postgres || fact.has({"FOR", "EACH", "ROW"}) ||
                    fact.has({"FOR", "ROW"});
  return header;
}

bool TriggerEvents::has(std::string_view event) const {
  return std::find(events.begin(), events.end(), event) != events.end();
}

bool TriggerEvents::meet(std::string_view event, const StatementFact& statement) const {
  if (!has(event)) return false;
  return event != "UPDATE" || columns.empty() || sets_any(statement, columns);
}

bool TriggerEvents::meet(std::string_view event, const std::vector<std::string>& changed) const {
  if (!has(event)) return false;
  return event != "UPDATE" || columns.empty() ||
         std::any_of(changed.begin(), changed.end(), [&](const std::string& one) {
           return std::any_of(columns.begin(), columns.end(),
                              [&](const std::string& column) { return same_name(column, one); });
         });
}

std::vector<std::string_view> events_of_statement(const StatementFact& fact, Language language) {
  std::vector<std::string_view> events;
  switch (fact.summary.verb) {
    case Verb::copy:
      if (language == Language::postgres && !fact.has("FROM")) break;
      events.push_back("INSERT");
      break;
    case Verb::replace:  // MySQL manual, "REPLACE Statement"; SQLite fires none for what it deletes
      events.push_back("INSERT");
      if (language == Language::mysql) events.push_back("DELETE");
      break;
    case Verb::insert:
      events.push_back("INSERT");
      if (fact.has({"DO", "UPDATE"}) || fact.has({"DUPLICATE", "KEY", "UPDATE"}))
        events.push_back("UPDATE");
      break;
    case Verb::update:
      events.push_back("UPDATE");
      break;
    case Verb::remove:
      events.push_back("DELETE");
      break;
    case Verb::merge:
      for (const std::string_view event : {"INSERT", "UPDATE", "DELETE"}) {
        if (fact.has({"THEN", event})) events.push_back(event);
      }
      break;
    case Verb::truncate:
      if (language == Language::postgres) events.push_back("TRUNCATE");
      break;
    default:
      break;
  }
  return events;
}

}  // namespace sterna::lint
