// Several statements in one message. The server answers one by one and stops at the first failure;
// a statement whose number of answers is not one for certain goes by itself.
#include "database/mysql/connection.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::mysql {
namespace {

enum class Company {
  none,   ///< the server gives no answer: comments alone
  alone,  ///< may give several answers, or none
  any,    ///< gives one answer
};

/// A procedure, and MariaDB's compound statements outside of one, answer once for each SELECT in
/// them and once at the end.
bool answers_often(std::string_view sql) {
  sql::TokenCursor cursor(sql, Language::mysql);
  while (cursor.accept({"SET", "STATEMENT"})) {  // MariaDB: SET STATEMENT a = 1 FOR …
    if (!cursor.skip_to({"FOR"})) return true;
    cursor.take();
  }
  if (cursor.at("BEGIN")) return cursor.at("NOT", 1);  // BEGIN NOT ATOMIC
  return cursor.at_any({"CALL", "EXECUTE", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"});
}

Company company_of(const Statement& statement) {
  switch (sql::first_token(statement.sql, Language::mysql).kind) {
    case sql::TokenKind::end:
      return Company::none;
    case sql::TokenKind::conditional_open:  // no answer when its version is not the server's
      return Company::alone;
    default:
      return statement.parameters.empty() && !answers_often(statement.sql) ? Company::any
                                                                           : Company::alone;
  }
}

/// Before this size the server's limit is not asked for: none in use is smaller.
constexpr std::size_t small = 256 * 1024;

}  // namespace

std::size_t MysqlConnection::server_limit() {
  if (server_limit_ == 0) {
    server_limit_ =
        static_cast<std::size_t>(query("SELECT @@max_allowed_packet").front().get<std::int64_t>(0));
  }
  return server_limit_;
}

void MysqlConnection::check_size(std::size_t size, const Statement& statement) {
  constexpr std::size_t frame = 16;  // what the protocol adds
  if (size <= small || size + frame <= server_limit()) return;
  throw Error(ErrorKind::validation, "the statement is " + std::to_string(size) +
                                         " bytes long, but the server takes " +
                                         std::to_string(server_limit()) + " (max_allowed_packet)")
      .with_statement(statement.sql)
      .at(statement.position)
      .suggest("part it into several statements")
      .suggest("or let the server take more: SET GLOBAL max_allowed_packet = " +
               std::to_string((size / 1024 / 1024 + 1) * 1024 * 1024) + ", then connect again");
}

void MysqlConnection::execute_batch(std::span<const Statement> given, const Done& done) {
  std::vector<Statement> changed;
  const std::span<const Statement> statements = admitted(given, changed);
  for (std::size_t i = 0; i < statements.size();) {
    const Company company = company_of(statements[i]);
    if (company != Company::any) {
      if (company == Company::alone) run_alone(statements[i], i);
      if (done) done(i);
      ++i;
      continue;
    }
    std::size_t end = i + 1, size = statements[i].sql.size();
    while (end < statements.size() && company_of(statements[end]) == Company::any) {
      size += statements[end].sql.size() + separator.size();
      if (size > packet_limit || (size > small && size >= server_limit())) break;
      ++end;
    }
    packet(statements.subspan(i, end - i), i, done);
    i = end;
  }
}

void MysqlConnection::run_alone(const Statement& statement, std::size_t index) {
  try {
    execute(statement);
  } catch (Error& error) {
    error.with_statement_index(index);
    throw;
  }
}

void MysqlConnection::packet(std::span<const Statement> statements, std::size_t first,
                             const Done& done) {
  std::size_t at = 0;
  try {
    if (statements.size() == 1) check_size(statements[0].sql.size(), statements[0]);
    std::string text = statements[0].sql;
    for (const Statement& statement : statements.subspan(1)) (text += separator) += statement.sql;
    const Busy busy(*this);
    if (api_.mysql_real_query(handle_, text.data(), text.size()) != 0) fail(statements[0]);
    for (;;) {
      discard_result(statements[at]);
      if (done) done(first + at);
      if (++at >= statements.size()) break;
      if (const int next = api_.mysql_next_result(handle_); next > 0) {
        fail(statements[at]);
      } else if (next < 0) {
        throw Error(ErrorKind::internal, "the server gave no answer to this statement")
            .with_statement(statements[at].sql)
            .at(statements[at].position);
      }
    }
    discard_further(statements.back());
  } catch (Error& error) {
    error.with_statement_index(first + at);
    throw;
  }
  tell_warnings();
}

}  // namespace sterna::mysql
