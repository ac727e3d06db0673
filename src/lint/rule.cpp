#include "lint/rule.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace sterna {

std::string_view to_string(LintSeverity severity) noexcept {
  static constexpr std::string_view words[] = {"off", "note", "warning", "error"};
  return words[static_cast<int>(severity)];
}

namespace lint {

Severity severity_named(std::string_view word) {
  for (const Severity severity :
       {Severity::off, Severity::note, Severity::warning, Severity::error}) {
    if (to_string(severity) == word) return severity;
  }
  throw Error(ErrorKind::config, "'" + std::string(word) + "' is no severity")
      .suggest("known are off, note, warning and error");
}

bool Probe::in_transaction() const {
  return server.transactional_ddl && script.meta->transaction != TransactionMode::none;
}

bool Probe::is_new(const ObjectName& table) const {
  const KnownTable* found = known.table(table);
  return found != nullptr &&
         (found->made_by == script.number || (server.live && found->made_by >= 0));
}

int Probe::number_of(const StatementFact& fact) const {
  const auto found =
      std::find_if(script.statements.begin(), script.statements.end(),
                   [&](const StatementFact& candidate) { return &candidate == &fact; });
  return found == script.statements.end() ? -1 : static_cast<int>(found->origin);
}

Finding& Probe::report(std::string message) {
  SourcePosition position =
      statement != nullptr ? statement->statement->position : SourcePosition{script.file, 1, 1};
  return report_at(position, std::move(message));
}

Finding& Probe::report_at(const SourcePosition& position, std::string message) {
  Finding& finding = found_.emplace_back();
  finding.rule = rule_->id;
  finding.name = rule_->name;
  finding.severity = rule_->severity;
  finding.migration = script.id;
  const bool pinned = statement != nullptr && statement->pinned;
  finding.position = pinned ? statement->statement->position : position;
  if (finding.position.file.empty()) finding.position.file = script.file;
  if (statement != nullptr) {
    finding.statement = statement->text();
    finding.begin =
        (statement->outer == nullptr ? statement->statement : statement->outer)->position;
    if (script.direction == Direction::up) finding.number = number_of(*statement);
    const KnownTable* table = known.table(table_of(*statement));
    if (table != nullptr) finding.rows = table->rows;
  }
  finding.message = std::move(message);
  if (statement != nullptr && !statement->within.empty())
    finding.message += " (" + statement->within + ")";
  finding.help = "docs/lint.md#" + to_lower(rule_->id);
  return finding;
}

std::span<const Rule> rules_of(Language language) {
  switch (language) {
    case Language::postgres:
      return postgres_rules();
    case Language::mysql:
      return mysql_rules();
    case Language::sqlite:
      return sqlite_rules();
    case Language::cql:
      return cql_rules();
    case Language::cpp:
      break;
  }
  return {};
}

const Rule* find_rule(std::string_view id) {
  for (const std::span<const Rule> table :
       {postgres_rules(), mysql_rules(), sqlite_rules(), cql_rules(), common_rules()}) {
    for (const Rule& rule : table) {
      if (equals_ignoring_case(rule.id, id)) return &rule;
    }
  }
  return nullptr;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view candidate) {
    return equals_ignoring_case(word, candidate);
  });
}

std::string listed(const std::vector<std::string>& names) { return join(names, ", "); }

std::string in_sql(const Server& server, std::string_view name) {
  const bool folds = server.language == Language::postgres || server.language == Language::cql;
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           (!folds && c >= 'A' && c <= 'Z');
  });
  if (plain && !(name.front() >= '0' && name.front() <= '9')) return std::string(name);
  const char quote = server.language == Language::mysql ? '`' : '"';
  std::string result(1, quote);
  for (const char c : name) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

std::string in_sql(const Server& server, const ObjectName& name) {
  return (name.schema.empty() ? std::string() : in_sql(server, name.schema) + ".") +
         in_sql(server, name.name);
}

int length_of(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return -1;
  int length = -1;
  const std::string& text = arguments.front();
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

std::vector<const ColumnFact*> made_columns(const StatementFact& fact) {
  std::vector<const ColumnFact*> result;
  for (const ColumnFact& column : fact.columns) result.push_back(&column);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::add_column && fact.summary.object == "TABLE")
      result.push_back(&action.column);
  }
  return result;
}

std::vector<const ConstraintFact*> made_constraints(const StatementFact& fact) {
  std::vector<const ConstraintFact*> result;
  for (const ConstraintFact& constraint : fact.constraints) result.push_back(&constraint);
  for (const ActionFact& action : fact.actions) {
    if (action.kind == ActionFact::Kind::add_constraint) result.push_back(&action.constraint);
  }
  return result;
}

const ObjectName& table_of(const StatementFact& fact) {
  return fact.summary.table.name.empty() ? fact.summary.name : fact.summary.table;
}

bool is_integer_type(const ColumnFact& column) {
  return one_of(column.base, {"INT", "INTEGER", "SMALLINT", "TINYINT", "MEDIUMINT", "INT2", "INT4",
                              "SERIAL", "SMALLSERIAL", "SERIAL4", "SERIAL2"});
}

}  // namespace lint
}  // namespace sterna
