#include "database/mysql/connection.hpp"

#include "base/log.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/mysql/engine.hpp"
#include "database/mysql/errors.hpp"
#include "database/mysql/locker.hpp"
#include "database/mysql/prepared.hpp"
#include "database/mysql/values.hpp"

#include <poll.h>

#include <charconv>
#include <cstdlib>

namespace sterna::mysql {
namespace {

std::string where(const Url::Host& host) {
  if (host.name.empty()) return "localhost";
  if (host.name.starts_with('/')) return host.name;
  return host.name + ":" + std::to_string(host.port == 0 ? 3306 : host.port);
}

int version_number(std::string_view text) {
  int parts[3] = {0, 0, 0};
  for (int& part : parts) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc()) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

/// What the URL asks for: MySQL's words for ssl-mode, in any case.
enum class Tls { disabled, preferred, required, verified };

Tls tls_of(const Url& url) {
  const std::string mode = to_lower(url.parameter("tls", url.parameter("ssl-mode", "preferred")));
  if (mode == "disabled") return Tls::disabled;
  if (mode == "preferred") return Tls::preferred;
  if (mode == "required") return Tls::required;
  if (mode == "verify_ca" || mode == "verify_identity") return Tls::verified;
  throw Error(ErrorKind::config, "tls=" + mode + " is not known")
      .suggest("tls is disabled, preferred, required, verify_ca or verify_identity");
}

/// Why there is no session. A missing part of the client library goes by the number of a refused
/// password.
Error refusal(unsigned number, const std::string& sqlstate, const std::string& message) {
  const Error error = error_of(number, sqlstate, message, {});
  constexpr std::string_view no_plugin = " could not be loaded: ";
  if (message.find(no_plugin) == std::string::npos) return error;
  return Error(ErrorKind::config, error.what())
      .with_code(error.code())
      .suggest(
          "the account's way to log in needs a plugin of the client library: install it (Debian: "
          "it comes with libmariadb3), or name its folder in MARIADB_PLUGIN_DIR")
      .suggest(
          "or let the account log in another way: ALTER USER … IDENTIFIED WITH "
          "mysql_native_password BY …");
}

}  // namespace

MysqlConnection::MysqlConnection(const Url& url, const ConnectOptions& options)
    : api_(libmariadb()), url_(url), options_(options) {
  open();
}

MysqlConnection::~MysqlConnection() {
  if (handle_ != nullptr) api_.mysql_close(handle_);
}

void MysqlConnection::set_tls() {
  const Tls tls = tls_of(url_);
  if (tls == Tls::disabled) return;  // a certificate alone would switch it on
  const auto option = [&](mysql_option key, const char* parameter) {
    if (const std::string value = url_.parameter(parameter); !value.empty())
      api_.mysql_options(handle_, key, value.c_str());
  };
  option(MYSQL_OPT_SSL_CA, "ssl-ca");
  option(MYSQL_OPT_SSL_CERT, "ssl-cert");
  option(MYSQL_OPT_SSL_KEY, "ssl-key");
  // "Enforce" only means that TLS is used where the server offers it; see open_host().
  const my_bool use = 1, verify = tls == Tls::verified;
  api_.mysql_options(handle_, MYSQL_OPT_SSL_ENFORCE, &use);
  api_.mysql_options(handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

void MysqlConnection::set_options() {
  // Whole seconds: the library knows no less.
  const auto seconds = static_cast<unsigned>(
      std::max<std::int64_t>(1, (options_.connect_timeout.count() + 999) / 1000));
  api_.mysql_options(handle_, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  api_.mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  api_.mysql_options(handle_, MYSQL_READ_DEFAULT_GROUP, "sterna");
  // A server could ask for any file of this machine as the answer to any statement (MySQL manual,
  // "Security Considerations for LOAD DATA LOCAL").
  const unsigned no_files = 0;
  api_.mysql_options(handle_, MYSQL_OPT_LOCAL_INFILE, &no_files);
  const std::string program = "sterna/" + std::string(version()) + " " + runner_identity();
  api_.mysql_options4(handle_, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", program.c_str());
  set_tls();
}

void MysqlConnection::open_host(const Url::Host& host) {
  struct Closer {
    const LibMariadb& api;
    void operator()(MYSQL* handle) const { api.mysql_close(handle); }
  };
  handle_ = api_.mysql_init(nullptr);
  if (handle_ == nullptr) throw Error(ErrorKind::internal, "libmariadb has no memory");
  std::unique_ptr<MYSQL, Closer> owned(handle_, Closer{api_});
  set_options();
  const bool socket = host.name.starts_with('/');
  const std::string socket_path = socket ? host.name : url_.parameter("socket");
  const auto or_null = [](const std::string& text) {
    return text.empty() ? nullptr : text.c_str();
  };
  std::string password = url_.password.reveal();
  if (password.empty()) {
    if (const char* value = std::getenv("MYSQL_PWD"); value != nullptr && *value != '\0') {
      log(LogLevel::warning,
          "the password comes from MYSQL_PWD, which other users of the machine may see");
      password = value;
    }
  }
  const unsigned long flags = CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS;
  if (api_.mysql_real_connect(handle_, socket ? nullptr : or_null(host.name), or_null(url_.user),
                              or_null(password), or_null(url_.database),
                              static_cast<unsigned>(host.port), or_null(socket_path),
                              flags) == nullptr) {
    Error error =
        refusal(api_.mysql_errno(handle_), api_.mysql_sqlstate(handle_), api_.mysql_error(handle_));
    handle_ = nullptr;
    throw error;
  }
  if (tls_of(url_) == Tls::required && api_.mysql_get_ssl_cipher(handle_) == nullptr) {
    handle_ = nullptr;
    throw Error(ErrorKind::connection, "tls=required, but the server does not offer TLS")
        .suggest("give the server a certificate (ssl-cert, ssl-key), or write tls=preferred");
  }
  owned.release();
  host_ = host;
}

/// The hosts in their order. Another one is tried when a host cannot be reached, not when it
/// refuses user, password or database: the next would be asked the same.
void MysqlConnection::open() {
  const std::vector<Url::Host> hosts = url_.hosts.empty() ? std::vector<Url::Host>{{}} : url_.hosts;
  std::string failures;
  for (const Url::Host& host : hosts) {
    try {
      open_host(host);
      break;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::config) throw;
      failures += (failures.empty() ? "" : "; ") + where(host) + ": " + error.what();
      if (tries_next_host(error) && &host != &hosts.back()) continue;
      Error shown(ErrorKind::connection, "cannot connect to MySQL at " + failures);
      shown.with_code(error.code());
      for (const std::string& suggestion : error.suggestions()) shown.suggest(suggestion);
      throw shown;
    }
  }
  std::string info = api_.mysql_get_server_info(handle_);
  const bool mariadb = info.find("MariaDB") != std::string::npos;
  if (mariadb && info.starts_with("5.5.5-"))
    info = info.substr(6);  // what MariaDB says to clients that are older than version 10
  server_ = {mariadb ? "MariaDB" : "MySQL", (mariadb ? "MariaDB " : "MySQL ") + info,
             version_number(info)};
  // Statements must commit by themselves unless a transaction is open, whatever the server's
  // default is.
  if ((handle_->server_status & SERVER_STATUS_AUTOCOMMIT) == 0) api_.mysql_autocommit(handle_, 1);
}

const Dialect& MysqlConnection::dialect() const { return mysql::dialect(); }

void MysqlConnection::fail(const Statement& statement) {
  Error error = error_of(api_.mysql_errno(handle_), api_.mysql_sqlstate(handle_),
                         api_.mysql_error(handle_), statement);
  note_end(error);
  throw error;
}

/// MariaDB tells by numbers of their own whether a statement or its session was ended; MySQL tells
/// the same in both cases, and ends the session then.
void MysqlConnection::note_end(Error& error) {
  constexpr unsigned interrupted = 1317;
  const unsigned number = number_of(error);
  if (ends_session(number)) lost_ = true;
  if (number != interrupted || api_.mysql_ping(handle_) == 0) return;
  lost_ = true;
  error.with_kind(ErrorKind::connection)
      .suggest("the session was ended (KILL): run the command again");
}

bool MysqlConnection::send(const Statement& statement) {
  if (api_.mysql_real_query(handle_, statement.sql.data(), statement.sql.size()) == 0) return true;
  constexpr unsigned empty_query = 1065;
  if (api_.mysql_errno(handle_) == empty_query) return false;
  fail(statement);
}

void MysqlConnection::read_rows(const Statement& statement,
                                const std::function<void(Row&&)>& visit) {
  struct Freer {  // reads and forgets the rows that were not visited
    const LibMariadb& api;
    void operator()(MYSQL_RES* result) const { api.mysql_free_result(result); }
  };
  const std::unique_ptr<MYSQL_RES, Freer> result(api_.mysql_use_result(handle_), Freer{api_});
  if (result == nullptr) {
    if (api_.mysql_errno(handle_) != 0) fail(statement);
    return;
  }
  const unsigned count = api_.mysql_num_fields(result.get());
  const MYSQL_FIELD* fields = api_.mysql_fetch_fields(result.get());
  auto names = std::make_shared<std::vector<std::string>>();
  for (unsigned i = 0; i < count; ++i) names->emplace_back(fields[i].name);
  while (MYSQL_ROW row = api_.mysql_fetch_row(result.get())) {
    const unsigned long* lengths = api_.mysql_fetch_lengths(result.get());
    std::vector<Value> values;
    values.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
      if (row[i] == nullptr)
        values.emplace_back();
      else
        values.push_back(read_value(fields[i], {row[i], lengths[i]}));
    }
    visit(Row(names, std::move(values)));
  }
  if (api_.mysql_errno(handle_) != 0) fail(statement);
}

std::int64_t MysqlConnection::discard_result(const Statement& statement) {
  MYSQL_RES* result = api_.mysql_use_result(handle_);
  if (result == nullptr) {
    if (api_.mysql_errno(handle_) != 0) fail(statement);
    const auto affected = static_cast<std::int64_t>(api_.mysql_affected_rows(handle_));
    return affected < 0 ? 0 : affected;
  }
  std::int64_t rows = 0;
  while (api_.mysql_fetch_row(result) != nullptr) ++rows;
  const bool failed = api_.mysql_errno(handle_) != 0;
  api_.mysql_free_result(result);
  if (failed) fail(statement);
  return rows;
}

bool MysqlConnection::next_result(const Statement& statement) {
  if (api_.mysql_more_results(handle_) == 0) return false;
  const int next = api_.mysql_next_result(handle_);
  if (next > 0) fail(statement);
  return next == 0;
}

std::optional<std::int64_t> MysqlConnection::discard_further(const Statement& statement) {
  std::optional<std::int64_t> affected;
  while (next_result(statement)) affected = discard_result(statement);
  return affected;
}

Rows MysqlConnection::query(const Statement& given) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  Rows rows;
  if (!statement.parameters.empty()) {
    run_bound(statement, &rows);
    return rows;
  }
  check_size(statement.sql.size(), statement);
  {
    const Busy busy(*this);
    if (!send(statement)) return rows;
    const auto keep = [&](Row&& row) { rows.push_back(std::move(row)); };
    read_rows(statement, keep);
    while (next_result(statement)) {
      if (rows.empty())
        read_rows(statement, keep);
      else
        discard_result(statement);
    }
  }
  tell_warnings();
  return rows;
}

void MysqlConnection::for_each_row(const Statement& given,
                                   const std::function<void(Row&&)>& visit) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  if (!statement.parameters.empty()) {
    Rows rows;
    run_bound(statement, &rows);
    for (Row& row : rows) visit(std::move(row));
    return;
  }
  check_size(statement.sql.size(), statement);
  {
    const Busy busy(*this);
    if (!send(statement)) return;
    try {
      do read_rows(statement, visit);
      while (next_result(statement));
    } catch (...) {
      forget_results();
      throw;
    }
  }
  tell_warnings();
}

void MysqlConnection::forget_results() noexcept {
  while (api_.mysql_more_results(handle_) != 0 && api_.mysql_next_result(handle_) == 0) {
    if (MYSQL_RES* result = api_.mysql_use_result(handle_)) api_.mysql_free_result(result);
  }
}

void MysqlConnection::query_each(std::span<const std::string> queries,
                                 const std::function<void(std::size_t, Row&&)>& visit,
                                 const std::function<void(std::size_t, const Error&)>& failed) {
  for (std::size_t i = 0; i < queries.size();) i += query_some(queries, i, visit, failed);
}

std::size_t MysqlConnection::query_some(
    std::span<const std::string> queries, std::size_t first,
    const std::function<void(std::size_t, Row&&)>& visit,
    const std::function<void(std::size_t, const Error&)>& failed) {
  constexpr std::size_t together = 64 * 1024;  // far below what any server takes
  Statement statement;
  std::size_t end = first;
  while (end < queries.size() && (end == first || statement.sql.size() < together)) {
    if (end > first) statement.sql += separator;
    statement.sql += queries[end++];
  }
  const Busy busy(*this);
  std::size_t at = first;
  bool visiting = false;
  try {
    if (!send(statement)) return end - first;
    do {
      read_rows(statement, [&](Row&& row) {
        visiting = true;
        visit(at, std::move(row));
        visiting = false;
      });
      ++at;
    } while (next_result(statement));
    return end - first;
  } catch (const Error& error) {
    if (visiting) forget_results();
    if (visiting || lost_) throw;
    failed(at, error);  // the server looks at nothing behind it
    return at - first + 1;
  } catch (...) {
    forget_results();
    throw;
  }
}

std::int64_t MysqlConnection::execute(const Statement& given) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  if (!statement.parameters.empty()) return run_bound(statement, nullptr);
  check_size(statement.sql.size(), statement);
  std::int64_t affected = 0;
  {
    const Busy busy(*this);
    if (!send(statement)) return 0;
    affected = discard_result(statement);
    affected = discard_further(statement).value_or(affected);
  }
  tell_warnings();
  return affected;
}

std::int64_t MysqlConnection::run_bound(const Statement& statement, Rows* rows) {
  std::size_t size = statement.sql.size();
  for (const Value& value : statement.parameters) {
    if (const auto* text = std::get_if<std::string>(&value.storage())) size += text->size();
    if (const auto* blob = std::get_if<Blob>(&value.storage())) size += blob->bytes.size();
  }
  check_size(size, statement);
  try {
    const Busy busy(*this);
    Prepared prepared(api_, handle_, statement);
    prepared.run();
    const std::int64_t affected = prepared.affected();
    Rows result = prepared.rows();
    if (rows != nullptr) *rows = std::move(result);
    return affected < 0 ? 0 : affected;
  } catch (Error& error) {
    note_end(error);
    throw;
  }
}

/// The server keeps the warnings of the last statement.
void MysqlConnection::tell_warnings() {
  if (telling_ || api_.mysql_warning_count(handle_) == 0) return;
  telling_ = true;
  try {
    for (const Row& row : query("SHOW WARNINGS"))
      notify(row.get<std::string>(0) + " " + row.get<std::string>(1) + ": " +
             row.get<std::string>(2));
  } catch (const Error&) {  // a warning that cannot be read is no failure
  }
  telling_ = false;
}

/// The server speaks only when asked: what waits on an idle session is its end, or a farewell
/// before it.
bool MysqlConnection::alive() const {
  if (lost_ || busy_ > 0) return !lost_;
  pollfd socket{api_.mysql_get_socket(handle_), POLLIN, 0};
  if (::poll(&socket, 1, 0) > 0 && api_.mysql_ping(handle_) != 0) lost_ = true;
  return !lost_;
}

bool MysqlConnection::has_role(const std::string& name) {
  try {
    return !query("SELECT 1 FROM mysql.user WHERE user = " + dialect().literal(Value(name)))
                .empty();
  } catch (const Error&) {  // it is not ours to read
    return true;
  }
}

void MysqlConnection::cancel() noexcept {
  try {
    ConnectOptions options = options_;
    options.connect_timeout = std::chrono::seconds(5);
    Url url = url_;
    url.hosts = {host_};  // another host would end a session of its own that has the same number
    MysqlConnection(url, options).execute("KILL QUERY " + std::to_string(thread_id()));
  } catch (const std::exception&) {  // it ended meanwhile, or the server is gone
  }
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  return std::make_unique<MysqlConnection>(url, options);
}

}  // namespace sterna::mysql
