#include "database/postgres/connection.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "database/postgres/engine.hpp"
#include "database/postgres/errors.hpp"
#include "database/postgres/values.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace sterna::postgres {
namespace {

std::string without_line_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string place_of(const Url::Host& host) {
  return host.name + ":" + std::to_string(host.port == 0 ? 5432 : host.port);
}

/// Every host of the URL; where it names none, the one that libpq found in its own settings.
std::string places(const Url& url, const std::string& tried) {
  std::string text;
  for (const Url::Host& host : url.hosts) text += (text.empty() ? "" : ", ") + place_of(host);
  return text.empty() ? tried : text;
}

/// What to check when the session ended while TLS was agreed on (manual, "SSL Support").
std::string tls_advice(const Url& url) {
  const std::string mode = url.parameter("sslmode", "prefer");
  const std::string signer =
      "the server's certificate must be signed by an authority in "
      "sslrootcert (" +
      url.parameter("sslrootcert", "~/.postgresql/root.crt") + ")";
  if (mode == "verify-full")
    return "sslmode=verify-full: " + signer + " and be made out to the host in the URL";
  if (mode == "verify-ca") return "sslmode=verify-ca: " + signer;
  return "sslmode=" + mode + ": the server must speak TLS (its setting ssl); with sslrootcert, " +
         signer;
}

}  // namespace

PostgresConnection::PostgresConnection(const Url& url, const ConnectOptions& options)
    : api_(libpq()), url_(url), options_(options) {
  open();
}

void PostgresConnection::open() {
  std::string name = options_.application_name.empty()
                         ? "sterna/" + std::string(version()) + " " + runner_identity()
                         : options_.application_name;
  name.resize(std::min<std::size_t>(name.size(), 63));  // NAMEDATALEN - 1
  Url url = url_;
  while (!try_hosts(url, name)) {
  }
  const int number = api_.PQserverVersion(handle_);
  const char* text = api_.PQparameterStatus(handle_, "server_version");
  server_ = {"PostgreSQL",
             "PostgreSQL " + std::string(text != nullptr ? text : std::to_string(number)), number};
  api_.PQsetNoticeProcessor(handle_, on_server_notice, this);
  cancel_ = api_.PQgetCancel(handle_);
  try {
    settle_settings();
  } catch (...) {  // no destructor runs
    api_.PQfreeCancel(cancel_);
    api_.PQfinish(handle_);
    throw;
  }
}

/// What a database or a role may have set otherwise: times are read as text in the ISO form (the
/// order of days and months stays), and files with backslashes that mean themselves in '…'.
void PostgresConnection::settle_settings() {
  const auto reported = [&](const char* name) {
    const char* value = api_.PQparameterStatus(handle_, name);
    return std::string_view(value == nullptr ? "" : value);
  };
  if (!reported("DateStyle").starts_with("ISO")) execute("SET datestyle = ISO");
  if (reported("standard_conforming_strings") == "off")
    execute("SET standard_conforming_strings = on");
}

/// The URL's own connect_timeout (seconds, as in libpq) goes before the setting.
std::chrono::milliseconds PostgresConnection::connect_limit() const {
  const std::string text = url_.parameter("connect_timeout");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds <= 0) return options_.connect_timeout;
  return std::chrono::seconds(seconds);
}

/// Lets libpq walk over the hosts of `url`. It goes on by itself when one refuses, but this way of
/// connecting leaves the clock to the caller (manual, "PQconnectPoll"), so each host has the whole
/// time, and one that stays silent is taken out of the list.
/// @return false when a host was taken out and the rest is to be tried.
/// @throws Error(connection) when no host is left.
bool PostgresConnection::try_hosts(Url& url, const std::string& name) {
  using Time = std::chrono::steady_clock;
  const std::string uri = url.reveal();
  const std::array<const char*, 4> keys{"dbname", "fallback_application_name", "client_encoding",
                                        nullptr};
  const std::array<const char*, 4> values{uri.c_str(), name.c_str(), "UTF8", nullptr};
  handle_ = api_.PQconnectStartParams(keys.data(), values.data(), 1);
  if (handle_ == nullptr) throw Error(ErrorKind::connection, "libpq has no memory");
  const auto tried = [&] {
    const char *host = api_.PQhost(handle_), *port = api_.PQport(handle_);
    return std::string(host == nullptr ? "" : host) + ":" + (port == nullptr ? "" : port);
  };
  const auto fail = [&](const std::string& message) {
    Error error(ErrorKind::connection, "cannot connect to PostgreSQL at " + places(url_, tried()) +
                                           ": " + mask_passwords(message));
    api_.PQfinish(handle_);
    handle_ = nullptr;
    return error;
  };
  const std::chrono::milliseconds limit = connect_limit();
  std::string host = tried();
  auto until = Time::now() + limit;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  ConnStatusType stage = CONNECTION_STARTED;  // in which the last word was exchanged
  while (api_.PQstatus(handle_) != CONNECTION_BAD) {
    if (state == PGRES_POLLING_OK || state == PGRES_POLLING_FAILED) break;
    if (tried() != host) {
      host = tried();
      until = Time::now() + limit;
    }
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Time::now()).count();
    pollfd socket{api_.PQsocket(handle_),
                  static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (left <= 0 || ::poll(&socket, 1, static_cast<int>(left)) == 0) {
      const auto silent =
          std::find_if(url.hosts.begin(), url.hosts.end(), [&](const Url::Host& one) {
            return host == place_of(one) || (one.port == 0 && host.starts_with(one.name + ":"));
          });
      if (url.hosts.size() > 1 && silent != url.hosts.end()) {
        url.hosts.erase(silent);
        api_.PQfinish(handle_);
        handle_ = nullptr;
        return false;
      }
      throw fail("no answer from " + host + " within " +
                 format_duration(static_cast<double>(limit.count()) / 1000))
          .suggest("check that the server runs and that no firewall is in between");
    }
    stage = api_.PQstatus(handle_);
    state = api_.PQconnectPoll(handle_);
  }
  if (!connected()) {
    Error error = fail(without_line_end(api_.PQerrorMessage(handle_)));
    if (stage == CONNECTION_SSL_STARTUP)
      error.suggest(tls_advice(url_));
    else if (stage == CONNECTION_AWAITING_RESPONSE && !url_.parameter("sslcert").empty())
      error.suggest(
          "sslcert: the server must know the authority that signed it (ssl_ca_file), and "
          "pg_hba.conf map its name to the role");
    throw error.suggest("check host, port, database, user and password")
        .suggest("`pg_isready` tells whether the server accepts connections");
  }
  return true;
}

PostgresConnection::~PostgresConnection() {
  const std::lock_guard lock(cancel_mutex_);
  if (cancel_ != nullptr) api_.PQfreeCancel(cancel_);
  cancel_ = nullptr;
  api_.PQfinish(handle_);
}

void PostgresConnection::on_server_notice(void* self, const char* text) {
  std::string_view line = text;
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  static_cast<PostgresConnection*>(self)->notify(mask_passwords(line));
}

const Dialect& PostgresConnection::dialect() const { return postgres::dialect(); }

/// A server that ended an idle session has said so on the socket: its last word, then the end.
bool PostgresConnection::alive() const {
  constexpr int most_reads = 16;
  for (int i = 0; i < most_reads && connected(); ++i) {
    if (api_.PQtransactionStatus(handle_) == PQTRANS_ACTIVE) break;
    pollfd socket{api_.PQsocket(handle_), POLLIN, 0};
    if (::poll(&socket, 1, 0) <= 0 || api_.PQconsumeInput(handle_) == 0) break;
  }
  return connected();
}

bool PostgresConnection::in_transaction() const {
  const PGTransactionStatusType state = api_.PQtransactionStatus(handle_);
  return state == PQTRANS_INTRANS || state == PQTRANS_INERROR || state == PQTRANS_ACTIVE;
}

void PostgresConnection::cancel() noexcept {
  const std::lock_guard lock(cancel_mutex_);
  char message[256];
  if (cancel_ != nullptr) api_.PQcancel(cancel_, message, sizeof message);
}

Error PostgresConnection::lost(const Statement& statement) const {
  Error error(ErrorKind::connection,
              "the connection to PostgreSQL was lost: " +
                  mask_passwords(without_line_end(api_.PQerrorMessage(handle_))));
  error.with_statement(statement.sql)
      .at(statement.position)
      .suggest("the server's log may tell why; run the command again");
  return error;
}

/// An error without a code comes from libpq itself: the session is gone.
Error PostgresConnection::failure_of(const PGresult* result, const Statement& statement,
                                     std::size_t offset) const {
  const bool told = api_.PQresultErrorField(result, PG_DIAG_SQLSTATE) != nullptr;
  return told || connected() ? error_of(result, statement, offset) : lost(statement);
}

PostgresConnection::Result PostgresConnection::run(const Statement& statement) {
  refuse_zero_bytes({&statement, 1}, {});
  Result result = own(nullptr);
  if (statement.parameters.empty()) {
    result = own(api_.PQexec(handle_, statement.sql.c_str()));
  } else {
    const Parameters parameters(statement);
    result = own(api_.PQexecParams(handle_, statement.sql.c_str(), parameters.count(), nullptr,
                                   parameters.pointers(), nullptr, nullptr, 0));
  }
  if (!result) throw lost(statement);
  const ExecStatusType status = api_.PQresultStatus(result.get());
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
    const Error error = refuse_copy(statement, status);
    drain();
    throw error;
  }
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
    throw failure_of(result.get(), statement);
  return result;
}

Rows PostgresConnection::query(const Statement& statement) {
  Rows rows;
  for_each_row(statement, [&](Row&& row) { rows.push_back(std::move(row)); });
  return rows;
}

void PostgresConnection::for_each_row(const Statement& given,
                                      const std::function<void(Row&&)>& visit) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  const Result result = run(statement);
  const int columns = api_.PQnfields(result.get());
  const int count = api_.PQntuples(result.get());
  auto names = std::make_shared<std::vector<std::string>>();
  std::vector<Oid> types;
  for (int c = 0; c < columns; ++c) {
    names->emplace_back(api_.PQfname(result.get(), c));
    types.push_back(api_.PQftype(result.get(), c));
  }
  for (int r = 0; r < count; ++r) {
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (api_.PQgetisnull(result.get(), r, c) != 0)
        values.emplace_back();
      else
        values.push_back(
            read_value(types[static_cast<std::size_t>(c)],
                       {api_.PQgetvalue(result.get(), r, c),
                        static_cast<std::size_t>(api_.PQgetlength(result.get(), r, c))}));
    }
    visit(Row(names, std::move(values)));
  }
}

std::int64_t PostgresConnection::execute(const Statement& given) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  if (!statement.copy_data.empty()) {
    execute_batch(std::span(&statement, 1), {});
    return 0;
  }
  const Result result = run(statement);
  const std::string_view text = api_.PQcmdTuples(result.get());
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

bool PostgresConnection::has_role(const std::string& name) {
  return !query("SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = " +
                dialect().literal(Value(name)))
              .empty();
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  return std::make_unique<PostgresConnection>(url, options);
}

}  // namespace sterna::postgres
