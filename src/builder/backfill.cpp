// Backfill: the UPDATE with its directive, as a script would hold it.
#include <sterna/backfill.hpp>

#include <sterna/error.hpp>

#include <exception>

#include "builder/query_draft.hpp"
#include "builder/target.hpp"
#include "bulk/directive.hpp"
#include "sql/lexer.hpp"

namespace sterna {

struct Backfill::Draft {
  std::string table, options;
  Record values;
  detail::ConditionNode where;

  void option(std::string_view name, const std::string& value) {
    if (!options.empty()) options += ' ';
    (options += name) += "=" + value;
  }
};

namespace {

/// Every range repeats the statement with other bounds: its values are written into it.
std::string with_literals(const Statement& statement, const Dialect& dialect) {
  if (statement.parameters.empty()) return statement.sql;
  std::string text;
  std::size_t copied = 0, next = 0;
  sql::Lexer lexer(statement.sql, dialect.language());
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind != sql::TokenKind::parameter || next == statement.parameters.size() ||
        token.text != dialect.placeholder(next + 1))
      continue;
    const auto at = static_cast<std::size_t>(token.text.data() - statement.sql.data());
    text += statement.sql.substr(copied, at - copied);
    text += dialect.literal(statement.parameters[next++]);
    copied = at + token.text.size();
  }
  return text + statement.sql.substr(copied);
}

std::string milliseconds_text(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + "ms";
}

}  // namespace

Backfill::Backfill(SchemaTarget& target, std::string_view table)
    : target_(target), draft_(std::make_unique<Draft>()), exceptions_(std::uncaught_exceptions()) {
  if (table.empty()) throw Error(ErrorKind::validation, "backfill() without a table");
  draft_->table = table;
}

Backfill& Backfill::set(std::string_view column, Operand value) {
  draft_->values.set(column, std::move(value));
  return *this;
}

Backfill& Backfill::batch(std::int64_t rows) {
  draft_->option("batch", std::to_string(rows));
  return *this;
}

Backfill& Backfill::pause(std::chrono::milliseconds time) {
  draft_->option("pause", milliseconds_text(time));
  return *this;
}

Backfill& Backfill::target(std::chrono::milliseconds time) {
  draft_->option("target", milliseconds_text(time));
  return *this;
}

Backfill& Backfill::sync_by_trigger() {
  draft_->option("sync", "trigger");
  return *this;
}

Backfill& Backfill::add_condition(Condition condition, bool alternative) {
  draft_->where.parts.push_back({alternative, std::move(condition)});
  return *this;
}

Backfill::~Backfill() noexcept(false) {
  if (std::uncaught_exceptions() > exceptions_) return;
  if (draft_->values.fields().empty()) {
    throw Error(ErrorKind::validation, "backfill(\"" + draft_->table + "\") without set()")
        .with_object(draft_->table)
        .suggest("say what each row gets: .set(\"column\", value)");
  }
  const Dialect& dialect = target_.dialect();
  detail::SqlWriter writer(dialect);
  writer.text("UPDATE ").name(draft_->table).text(" SET ");
  const char* comma = "";
  for (const Assignment& field : draft_->values.fields()) {
    writer.text(comma).name(field.column).text(" = ").operand(field.value);
    comma = ", ";
  }
  writer.where(draft_->where);
  Statement statement;
  statement.sql =
      bulk::with_directive("backfill", draft_->options, with_literals(writer.take(), dialect));
  bulk::step_of(statement);  // refuses options that make no sense
  target_.execute(std::move(statement));
}

}  // namespace sterna
