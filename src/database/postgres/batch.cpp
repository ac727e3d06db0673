// Many statements in few messages. docs/decisions/0005-statements-in-one-message.md.
#include "database/postgres/connection.hpp"
#include "database/postgres/errors.hpp"
#include "database/postgres/values.hpp"
#include "sql/lexer.hpp"

#include <algorithm>
#include <optional>

namespace sterna::postgres {
namespace {

enum class Way {
  nothing,   ///< comments alone: the server gives no result for them
  copy_in,   ///< COPY with its rows
  alone,     ///< any other COPY: neither way of sending many can carry it
  together,  ///< with its neighbours
};

Way way_of(const Statement& statement) {
  if (!statement.copy_data.empty()) return Way::copy_in;
  const sql::Token token = sql::first_token(statement.sql, Language::postgres);
  if (token.kind == sql::TokenKind::end) return Way::nothing;
  return sql::is_word(token, "COPY") ? Way::alone : Way::together;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

/// Statements joined to one text, and where each begins there, in characters: the server counts
/// these in the place of an error.
struct Joined {
  explicit Joined(std::span<const Statement> statements) {
    std::size_t offset = 0;
    for (const Statement& statement : statements) {
      offsets.push_back(offset);
      text += statement.sql;
      if (statements.size() == 1) break;
      text += "\n;\n";  // a line of its own: the statement may end in a comment
      offset += characters(statement.sql) + 3;
    }
  }
  std::size_t statement_at(std::size_t character) const {
    const auto after = std::upper_bound(offsets.begin(), offsets.end(), character);
    return static_cast<std::size_t>(after - offsets.begin()) - 1;
  }
  std::string text;
  std::vector<std::size_t> offsets;
};

}  // namespace

/// Neighbours go together: without bound values as one simple query, with them through the
/// pipeline; COPY goes by itself.
void PostgresConnection::execute_batch(std::span<const Statement> given, const Done& done) {
  std::vector<Statement> changed;
  const std::span<const Statement> statements = admitted(given, changed);
  for (std::size_t i = 0; i < statements.size();) {
    const Way way = way_of(statements[i]);
    if (way == Way::together) {
      std::size_t end = i;
      bool bound = false;
      do {
        bound = bound || !statements[end].parameters.empty();
        ++end;
      } while (end < statements.size() && way_of(statements[end]) == Way::together);
      const auto group = statements.subspan(i, end - i);
      if (!bound)
        simple_batch(group, i, done);
      else if (group.size() == 1)
        run_alone(group.front(), i, done);
      else
        pipeline_batch(group, i, done);
      i = end;
      continue;
    }
    if (way == Way::copy_in)
      copy_in(statements[i], done, i);
    else if (way == Way::alone)
      run_alone(statements[i], i, done);
    else if (done)
      done(i);
    ++i;
  }
}

void PostgresConnection::run_alone(const Statement& statement, std::size_t index,
                                   const Done& done) {
  try {
    run(statement);
  } catch (Error& error) {
    error.with_statement_index(index);
    throw;
  }
  if (done) done(index);
}

void PostgresConnection::simple_batch(std::span<const Statement> statements, std::size_t first,
                                      const Done& done) {
  refuse_zero_bytes(statements, first);
  const Joined joined(statements);
  std::size_t at = 0;
  const auto current = [&] { return std::min(at, statements.size() - 1); };
  if (api_.PQsendQuery(handle_, joined.text.c_str()) == 0)
    throw lost(statements.front()).with_statement_index(first);
  api_.PQsetSingleRowMode(handle_);  // rows that nobody reads are not kept
  std::optional<Error> failure;
  while (PGresult* raw = api_.PQgetResult(handle_)) {
    const Result result = own(raw);
    switch (const ExecStatusType status = api_.PQresultStatus(raw)) {
      case PGRES_SINGLE_TUPLE:
        break;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        // A rule may answer with rows of its own before the statement's tag comes.
        if (status == PGRES_TUPLES_OK && *api_.PQcmdStatus(raw) == '\0') break;
        if (!failure && at < statements.size() && done) done(first + at);
        ++at;
        break;
      case PGRES_COPY_IN:
      case PGRES_COPY_OUT: {
        const Error refusal = refuse_copy(statements[current()], status);
        if (!failure) failure = refusal;
        failure->with_statement_index(first + current());
        break;
      }
      default: {
        if (failure) break;
        // A fault of syntax anywhere in the text comes before the first statement has run.
        const auto character = error_character(raw);
        const std::size_t index =
            character ? std::max(at, joined.statement_at(*character)) : current();
        failure = failure_of(raw, statements[index], joined.offsets[index])
                      .with_statement_index(first + index);
      }
    }
  }
  if (!failure && !connected())
    failure = lost(statements[current()]).with_statement_index(first + current());
  if (failure) throw *failure;
}

void PostgresConnection::pipeline_batch(std::span<const Statement> statements, std::size_t first,
                                        const Done& done) {
  refuse_zero_bytes(statements, first);
  if (api_.PQenterPipelineMode(handle_) == 0)
    throw lost(statements.front()).with_statement_index(first);
  std::optional<Error> failure;
  std::size_t sent = 0;
  for (; sent < statements.size(); ++sent) {
    const Parameters parameters(statements[sent]);
    if (api_.PQsendQueryParams(handle_, statements[sent].sql.c_str(), parameters.count(), nullptr,
                               parameters.pointers(), nullptr, nullptr, 0) == 0) {
      // What was sent before is answered below.
      failure = lost(statements[sent]).with_statement_index(first + sent);
      break;
    }
  }
  api_.PQpipelineSync(handle_);
  std::size_t at = 0;
  for (; at < sent && connected(); ++at) {
    api_.PQsetSingleRowMode(handle_);
    while (PGresult* raw = api_.PQgetResult(handle_)) {
      const Result result = own(raw);
      const ExecStatusType status = api_.PQresultStatus(raw);
      if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        if (done) done(first + at);
      } else if (status != PGRES_SINGLE_TUPLE && status != PGRES_PIPELINE_ABORTED &&
                 (!failure || failure->statement_index() > first + at)) {
        failure = failure_of(raw, statements[at]).with_statement_index(first + at);
      }
      if (!connected()) break;
    }
  }
  while (connected()) {  // the end of the pipeline
    const Result result = own(api_.PQgetResult(handle_));
    if (result && api_.PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
  }
  api_.PQexitPipelineMode(handle_);
  if (!failure && !connected()) {
    const std::size_t unknown = std::min(at, statements.size() - 1);
    failure = lost(statements[unknown]).with_statement_index(first + unknown);
  }
  if (failure) throw *failure;
}

void PostgresConnection::copy_in(const Statement& statement, const Done& done, std::size_t index) {
  refuse_zero_bytes({&statement, 1}, index);
  const Result begun = own(api_.PQexec(handle_, statement.sql.c_str()));
  const ExecStatusType status = api_.PQresultStatus(begun.get());
  if (status != PGRES_COPY_IN) {
    Error error = !begun                     ? lost(statement)
                  : status == PGRES_COPY_OUT ? refuse_copy(statement, status)
                  : status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                      ? Error(ErrorKind::validation, "rows follow a statement that takes none")
                            .with_statement(statement.sql)
                            .at(statement.position)
                      : failure_of(begun.get(), statement);
    drain();
    throw error.with_statement_index(index);
  }
  constexpr std::size_t piece = 1 << 20;
  bool sent = true;
  for (std::size_t at = 0; sent && at < statement.copy_data.size(); at += piece) {
    const std::size_t size = std::min(piece, statement.copy_data.size() - at);
    sent =
        api_.PQputCopyData(handle_, statement.copy_data.data() + at, static_cast<int>(size)) == 1;
  }
  sent = sent && api_.PQputCopyEnd(handle_, nullptr) == 1;
  std::optional<Error> failure;
  while (PGresult* raw = api_.PQgetResult(handle_)) {
    const Result result = own(raw);
    if (api_.PQresultStatus(raw) != PGRES_COMMAND_OK && !failure)
      failure = failure_of(raw, statement).with_statement_index(index);
    if (!connected()) break;
  }
  if (!failure && (!sent || !connected())) failure = lost(statement).with_statement_index(index);
  if (failure) throw *failure;
  if (done) done(index);
}

Error PostgresConnection::refuse_copy(const Statement& statement, ExecStatusType status) {
  Error error(ErrorKind::validation, status == PGRES_COPY_IN
                                         ? "COPY … FROM stdin has no rows after it"
                                         : "COPY … TO stdout has nowhere to go in a migration");
  error.with_statement(statement.sql).at(statement.position);
  if (status == PGRES_COPY_IN) {
    api_.PQputCopyEnd(handle_, "no rows follow");
    return error.suggest("write the rows after the statement, and \\. on a line of its own");
  }
  char* row = nullptr;
  while (api_.PQgetCopyData(handle_, &row, 0) > 0) api_.PQfreemem(row);
  return error.suggest("export rows with psql's \\copy, outside of migrations");
}

void PostgresConnection::drain() noexcept {
  while (PGresult* result = api_.PQgetResult(handle_)) {
    api_.PQclear(result);
    if (!connected()) return;
  }
}

}  // namespace sterna::postgres
