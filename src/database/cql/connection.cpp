#include "database/cql/connection.hpp"

#include "base/text.hpp"
#include "database/cql/copy.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/engine.hpp"
#include "database/cql/errors.hpp"
#include "database/cql/own_table.hpp"
#include "database/cql/statement_kind.hpp"
#include "database/cql/values.hpp"

#include <random>
#include <thread>

namespace sterna::cql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int most_tries = 10;

/// Longer each time, and never the same for two that got into each other's way.
void pause(int attempt) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const int base = 20 << std::min(attempt, 4);
  std::this_thread::sleep_for(
      milliseconds(base + static_cast<int>(random() % static_cast<unsigned>(base))));
}

/// The server's grammar ends a comment of one line by a line end alone, and calls one that ends the
/// statement a mistake.
std::string ended(const std::string& sql) {
  const std::size_t line = sql.rfind('\n') + 1;  // npos + 1 is 0
  const bool comment =
      sql.find("--", line) != std::string::npos || sql.find("//", line) != std::string::npos;
  return comment ? sql + "\n" : sql;
}

}  // namespace

CqlConnection::CqlConnection(const Url& url, const ConnectOptions& options)
    : url_(url), options_(options), settings_(read_options(url)) {
  if (url_.hosts.empty()) url_.hosts.push_back({"127.0.0.1", 0});
  hosts_ = url_.hosts;
  open();
}

CqlConnection::~CqlConnection() = default;

const Dialect& CqlConnection::dialect() const { return cql_dialect(); }

void CqlConnection::cancel() noexcept {
  ++cancellations_;
  const std::lock_guard lock(mutex_);
  if (client_) client_->interrupt();
}

bool CqlConnection::alive() const { return !lost_; }

void CqlConnection::tell(const Response& response) {
  for (const std::string& warning : response.warnings) notify(warning);
  for (const NodeEvent& event : client_->take_events())
    notify("node " + to_string(Url::Host{event.address, event.port}) + ": " +
           to_lower(event.change));
}

Response CqlConnection::prepared(const Statement& statement, QueryParameters parameters,
                                 Deadline until) {
  constexpr std::int32_t unprepared = 0x2500;
  for (int attempt = 0;; ++attempt) {
    const std::string sql = ended(statement.sql);
    const PreparedResult& known = client_->prepare(sql, until);
    if (known.parameters.size() != statement.parameters.size())
      throw Error(ErrorKind::validation,
                  "the statement has " + std::to_string(known.parameters.size()) +
                      " places for values, and " + std::to_string(statement.parameters.size()) +
                      " are given")
          .at(statement.position)
          .with_statement(statement.sql);
    parameters.values.clear();
    for (std::size_t i = 0; i < known.parameters.size(); ++i) {
      const ColumnInfo& place = known.parameters[i];
      parameters.values.push_back(write_value(place.type, statement.parameters[i], place.name));
    }
    Response response =
        client_->request(Opcode::execute, execute_body(known.id, parameters), until);
    const auto* error = std::get_if<ServerError>(&response.body);
    if (error == nullptr || error->code != unprepared || attempt > 0) return response;
    client_->forget(sql);  // the server has forgotten it
  }
}

/// A statement of Sterna's own table: what one run writes, all others must see.
QueryParameters CqlConnection::parameters_of(const Statement& statement) const {
  constexpr std::int32_t page = 5000;
  QueryParameters parameters;
  parameters.consistency = settings_.consistency;
  parameters.serial = settings_.serial;
  parameters.page_size = page;
  if (statement.purpose == Purpose::migration) return parameters;
  parameters.consistency = kind_of_statement(statement.sql) == StatementKind::read
                               ? settings_.serial
                               : Consistency::local_quorum;
  return parameters;
}

Response CqlConnection::send_once(const Statement& statement, const std::string& paging_state) {
  const Deadline until = deadline();
  QueryParameters parameters = parameters_of(statement);
  parameters.paging_state = paging_state;
  client_->resume();
  Response response =
      statement.parameters.empty()
          ? client_->request(Opcode::query, query_body(ended(statement.sql), parameters), until)
          : prepared(statement, std::move(parameters), until);
  tell(response);
  if (const auto* error = std::get_if<ServerError>(&response.body))
    throw error_of(*error, statement);
  return response;
}

Response CqlConnection::send(const Statement& statement, const std::string& paging_state) {
  if (lost_)
    throw Error(ErrorKind::connection, "the session with " + to_string(host()) + " was lost")
        .with_code("lost");
  if (!client_->open())
    reopen(Error(ErrorKind::connection, "the session with " + to_string(host()) + " was lost"));
  const StatementKind kind = kind_of_statement(statement.sql);
  if (kind == StatementKind::nothing) return {};  // comments, which the server calls a mistake
  // Sterna's own writes give the same result twice: their condition and their values are the same.
  const bool repeatable = kind == StatementKind::read || statement.purpose != Purpose::migration;
  for (int attempt = 0;; ++attempt) {
    try {
      return send_once(statement, paging_state);
    } catch (Error& error) {
      if (error.statement().empty()) error.with_statement(statement.sql).at(statement.position);
      if (error.code() == "interrupted") {
        lost_ = true;
        throw;
      }
      const bool doubt = in_doubt(error);
      const bool elsewhere = tries_next_host(error) && !doubt && hosts_.size() > 1;
      if (kind == StatementKind::definition && doubt) return settle(statement, error);
      const bool again = (repeatable && passes(error)) || elsewhere;
      if (!again || attempt + 1 >= most_tries) {
        lost_ = lost_ || doubt;
        throw;
      }
      pause(attempt);
      if (!client_->open() || error.code() == "no answer" || elsewhere) reopen(error);
    }
  }
}

/// What a definition whose answer did not come has done is looked up before anything else is sent;
/// what took no effect is sent again.
Response CqlConnection::settle(const Statement& statement, const Error& cause) {
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    if (!client_->open() || cause.code() == "no answer") reopen(cause);
    await_agreement();
    const EffectReport report = dialect().effect(*this, statement, {});
    if (report.effect == Effect::complete) {
      notify(std::string(cause.what()) + ", but the statement took effect: " + report.evidence);
      return {};
    }
    if (report.effect == Effect::unknown) break;
    try {
      return send_once(statement, {});
    } catch (const Error& error) {
      // It may have taken effect between the look and now.
      if (!in_doubt(error) && error.kind() != ErrorKind::schema) throw;
      if (error.kind() == ErrorKind::schema &&
          dialect().effect(*this, statement, {}).effect != Effect::complete)
        throw;
    }
    pause(attempt);
  }
  lost_ = true;
  throw cause;
}

/// A definition is over when every node has it. Where that does not come about, whoever looks later
/// must not believe that it took no effect: the session ends.
void CqlConnection::finish(const Response& response) {
  if (!std::holds_alternative<SchemaChange>(response.body)) return;
  client_->forget_all();
  try {
    await_agreement();
  } catch (const Error&) {
    lost_ = true;
    throw;
  }
}

void CqlConnection::await_agreement() {
  for (int attempt = 0;; ++attempt) {
    try {
      client_->resume();
      cluster().await_agreement();
      return;
    } catch (const Error& error) {
      const bool node_lost = !client_->open() || error.code() == "no answer";
      if (!node_lost || error.code() == "interrupted" || attempt + 1 >= most_tries) throw;
      reopen(error);
    }
  }
}

Statement CqlConnection::fenced(const Statement& statement) const {
  if (statement.purpose != Purpose::history ||
      kind_of_statement(statement.sql) == StatementKind::read)
    return statement;
  if (fence_.empty())
    throw Error(ErrorKind::lock, "Sterna's own table is written under the migration lock alone");
  Statement result = statement;
  result.sql += " " + fence_;
  return result;
}

/// The first row of a change under a condition tells whether it was met.
std::int64_t CqlConnection::applied(const Statement& statement, const Response& response) const {
  const auto* rows = std::get_if<RowsResult>(&response.body);
  if (rows == nullptr) return 0;
  if (rows->columns.empty() || rows->columns.front().name != "[applied]")
    return static_cast<std::int64_t>(rows->row_count);
  bool applied = true;
  each_row(*rows, [&](Row&& row) { applied = applied && row.get<bool>(0); });
  if (!applied && statement.purpose == Purpose::history)
    throw Error(ErrorKind::lock, "the migration lock was lost: another run has taken over")
        .with_code("fence")
        .suggest("another run may have gone on; `sterna status` shows what is applied");
  return applied ? 1 : 0;
}

Rows CqlConnection::query(const Statement& statement) {
  Rows rows;
  for_each_row(statement, [&](Row&& row) { rows.push_back(std::move(row)); });
  return rows;
}

void CqlConnection::for_each_row(const Statement& given, const std::function<void(Row&&)>& visit) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  if (is_copy(statement.sql)) {
    copy_rows(*this, statement);
    return;
  }
  const Statement whole = fenced(statement);
  std::string paging_state;
  do {
    const Response response = send(whole, paging_state);
    finish(response);
    const auto* rows = std::get_if<RowsResult>(&response.body);
    if (rows == nullptr) return;
    each_row(*rows, visit);
    paging_state = rows->paging_state;
  } while (!paging_state.empty());
}

bool CqlConnection::has_role(const std::string& name) {
  try {
    return !query("SELECT role FROM system_auth.roles WHERE role = " +
                  dialect().literal(Value(name)))
                .empty();
  } catch (const Error&) {  // it is not ours to read
    return true;
  }
}

std::int64_t CqlConnection::execute(const Statement& given) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  if (is_copy(statement.sql)) return copy_rows(*this, statement);
  const Response response = send(fenced(statement), {});
  finish(response);
  return applied(statement, response);
}

void CqlConnection::execute_batch(std::span<const Statement> statements,
                                  const std::function<void(std::size_t)>& done) {
  for (std::size_t i = 0; i < statements.size();) {
    std::size_t count = 1;
    try {
      count = bookkeeping_batch(statements.subspan(i));
      if (count == 0) {
        execute(statements[i]);
        count = 1;
      }
    } catch (Error& error) {
      error.with_statement_index(i);
      throw;
    }
    for (; count > 0; --count, ++i) {
      if (done) done(i);
    }
  }
}

/// Neighbouring writes to Sterna's own table, which is one partition, take effect together. How
/// many were sent; 0 when there are not two.
std::size_t CqlConnection::bookkeeping_batch(std::span<const Statement> statements) {
  constexpr std::size_t most = 50, most_bytes = 16 * 1024;  // batch_size_fail_threshold is 50 KiB
  std::vector<BatchItem> items;
  std::size_t bytes = 0;
  for (const Statement& statement : statements) {
    if (statement.purpose != Purpose::history ||
        kind_of_statement(statement.sql) == StatementKind::read)
      break;
    bytes += statement.sql.size();
    if (items.size() == most || (bytes > most_bytes && !items.empty())) break;
    items.push_back({fenced(statement).sql, {}});
  }
  if (items.size() < 2) return 0;
  const std::string body =
      batch_body(BatchKind::logged, items, Consistency::local_quorum, settings_.serial);
  for (int attempt = 0;; ++attempt) {
    try {
      client_->resume();
      const Response response = client_->request(Opcode::batch, body, deadline());
      tell(response);
      if (const auto* error = std::get_if<ServerError>(&response.body))
        throw error_of(*error, statements.front());
      applied(statements.front(), response);
      return items.size();
    } catch (const Error& error) {
      const bool again = passes(error);
      if (error.code() == "interrupted" || !again || attempt + 1 >= most_tries) {
        lost_ = lost_ || in_doubt(error);
        throw;
      }
      pause(attempt);
      if (!client_->open() || error.code() == "no answer") reopen(error);
    }
  }
}

}  // namespace sterna::cql
