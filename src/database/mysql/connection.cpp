#include "database/mysql/connection.hpp"

#include "base/log.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/mysql/engine.hpp"
#include "database/mysql/errors.hpp"
#include "database/mysql/locker.hpp"
#include "sql/lexer.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace sterna::mysql {
namespace {

Statement plain(std::string sql, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {}, {}};
}

constexpr unsigned binary_charset = 63;

bool is_binary(const MYSQL_FIELD& field) {
  const bool bytes = field.type == MYSQL_TYPE_BLOB || field.type == MYSQL_TYPE_TINY_BLOB ||
                     field.type == MYSQL_TYPE_MEDIUM_BLOB || field.type == MYSQL_TYPE_LONG_BLOB ||
                     field.type == MYSQL_TYPE_STRING || field.type == MYSQL_TYPE_VAR_STRING ||
                     field.type == MYSQL_TYPE_GEOMETRY;
  return bytes && field.charsetnr == binary_charset;
}

/// A field in the text protocol's form; the binary one is asked for texts too, so this serves both.
Value read_value(const MYSQL_FIELD& field, std::string_view text) {
  switch (field.type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR: {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc()) return number;
      return text;  // an unsigned value beyond int64
    }
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: {
      double number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case MYSQL_TYPE_BIT: {
      std::int64_t number = 0;
      for (const char c : text) number = number * 256 + static_cast<unsigned char>(c);
      return number;
    }
    default:
      break;
  }
  if (is_binary(field)) return Blob{std::string(text)};
  return text;
}

std::string where(const Url& url) {
  if (url.hosts.empty()) return "localhost";
  std::string text;
  for (const Url::Host& host : url.hosts) {
    text += (text.empty() ? "" : ", ") + host.name;
    if (!host.name.starts_with('/'))
      text += ":" + std::to_string(host.port == 0 ? 3306 : host.port);
  }
  return text;
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

/// Statements that may give several results cannot be counted inside a packet.
bool many_results(const Statement& statement) {
  return classify(statement.sql, Language::mysql).verb == Verb::call;
}

/// Comments alone: the server gives no result for them.
bool is_nothing(const Statement& statement) {
  return sql::first_token(statement.sql, Language::mysql).kind == sql::TokenKind::end;
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
  const std::string mode = to_lower(url_.parameter("tls", url_.parameter("ssl-mode", "preferred")));
  const auto option = [&](mysql_option key, const char* parameter) {
    if (const std::string value = url_.parameter(parameter); !value.empty())
      api_.mysql_options(handle_, key, value.c_str());
  };
  option(MYSQL_OPT_SSL_CA, "ssl-ca");
  option(MYSQL_OPT_SSL_CERT, "ssl-cert");
  option(MYSQL_OPT_SSL_KEY, "ssl-key");
  my_bool enforce = mode == "required" || mode.starts_with("verify");
  my_bool verify = mode.starts_with("verify");
  if (!enforce && mode != "preferred" && mode != "disabled") {
    throw Error(ErrorKind::config, "tls=" + mode + " is not known")
        .suggest("tls is disabled, preferred, required, verify_ca or verify_identity");
  }
  api_.mysql_options(handle_, MYSQL_OPT_SSL_ENFORCE, &enforce);
  if (enforce) api_.mysql_options(handle_, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

void MysqlConnection::open_host(const Url::Host& host) {
  handle_ = api_.mysql_init(nullptr);
  if (handle_ == nullptr) throw Error(ErrorKind::internal, "libmariadb has no memory");
  const unsigned seconds =
      std::max(1U, static_cast<unsigned>(options_.connect_timeout.count() / 1000));
  api_.mysql_options(handle_, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
  api_.mysql_options(handle_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  api_.mysql_options(handle_, MYSQL_READ_DEFAULT_GROUP, "sterna");
  const std::string program = "sterna/" + std::string(version()) + " " + runner_identity();
  api_.mysql_options4(handle_, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", program.c_str());
  set_tls();
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
    const unsigned number = api_.mysql_errno(handle_);
    Error error = error_of(number, api_.mysql_sqlstate(handle_), api_.mysql_error(handle_), {});
    api_.mysql_close(handle_);
    handle_ = nullptr;
    Error shown(
        error.kind() == ErrorKind::permission ? ErrorKind::permission : ErrorKind::connection,
        "cannot connect to MySQL at " + where(url_) + ": " + error.what());
    shown.with_code(error.code());
    for (const std::string& suggestion : error.suggestions()) shown.suggest(suggestion);
    throw shown.with_kind(ErrorKind::connection);
  }
}

void MysqlConnection::open() {
  const std::vector<Url::Host> hosts = url_.hosts.empty() ? std::vector<Url::Host>{{}} : url_.hosts;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    try {
      open_host(hosts[i]);
      break;
    } catch (const Error&) {
      if (i + 1 == hosts.size()) throw;
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
  const unsigned number = api_.mysql_errno(handle_);
  Error error =
      error_of(number, api_.mysql_sqlstate(handle_), api_.mysql_error(handle_), statement);
  if (number == 2006 || number == 2013 || number == 2055 || number == 1927 || number == 1053)
    lost_ = true;
  throw error;
}

void MysqlConnection::send(const std::string& sql, const Statement& statement) {
  if (api_.mysql_real_query(handle_, sql.data(), sql.size()) != 0) fail(statement);
}

Rows MysqlConnection::read_rows(const Statement& statement) {
  Rows rows;
  MYSQL_RES* result = api_.mysql_store_result(handle_);
  if (result == nullptr) {
    if (api_.mysql_errno(handle_) != 0) fail(statement);
    return rows;
  }
  const unsigned count = api_.mysql_num_fields(result);
  const MYSQL_FIELD* fields = api_.mysql_fetch_fields(result);
  auto names = std::make_shared<std::vector<std::string>>();
  for (unsigned i = 0; i < count; ++i) names->emplace_back(fields[i].name);
  while (MYSQL_ROW row = api_.mysql_fetch_row(result)) {
    const unsigned long* lengths = api_.mysql_fetch_lengths(result);
    std::vector<Value> values;
    values.reserve(count);
    for (unsigned i = 0; i < count; ++i) {
      if (row[i] == nullptr)
        values.emplace_back();
      else
        values.push_back(read_value(fields[i], {row[i], lengths[i]}));
    }
    rows.emplace_back(names, std::move(values));
  }
  api_.mysql_free_result(result);
  return rows;
}

Rows MysqlConnection::query(const Statement& statement) {
  if (!statement.parameters.empty()) {
    Rows rows;
    run_bound(statement, &rows);
    return rows;
  }
  send(statement.sql, statement);
  Rows rows = read_rows(statement);
  while (api_.mysql_more_results(handle_) != 0) {
    const int next = api_.mysql_next_result(handle_);
    if (next > 0) fail(statement);
    if (next < 0) break;
    const Rows more = read_rows(statement);
    if (rows.empty()) rows = more;
  }
  tell_warnings();
  return rows;
}

std::int64_t MysqlConnection::execute(const Statement& statement) {
  if (!statement.parameters.empty()) return run_bound(statement, nullptr);
  send(statement.sql, statement);
  read_rows(statement);
  const auto affected = static_cast<std::int64_t>(api_.mysql_affected_rows(handle_));
  while (api_.mysql_more_results(handle_) != 0) {
    const int next = api_.mysql_next_result(handle_);
    if (next > 0) fail(statement);
    if (next < 0) break;
    read_rows(statement);
  }
  tell_warnings();
  return affected < 0 ? 0 : affected;
}

namespace {

/// A prepared statement and its bindings.
class Bound {
 public:
  Bound(const LibMariadb& api, MYSQL* handle, const Statement& statement)
      : api_(api), statement_(statement), prepared_(api.mysql_stmt_init(handle)) {
    if (api_.mysql_stmt_prepare(prepared_, statement.sql.data(), statement.sql.size()) != 0) fail();
  }
  ~Bound() { api_.mysql_stmt_close(prepared_); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;

  void run() {
    std::vector<MYSQL_BIND> binds(statement_.parameters.size());
    std::vector<std::string> texts(binds.size());
    std::vector<std::int64_t> numbers(binds.size());
    std::vector<double> reals(binds.size());
    std::vector<unsigned long> lengths(binds.size());
    for (std::size_t i = 0; i < binds.size(); ++i) {
      MYSQL_BIND& bind = binds[i];
      std::memset(&bind, 0, sizeof bind);
      const Value::Storage& value = statement_.parameters[i].storage();
      const auto text = [&](const std::string& bytes, enum_field_types type) {
        texts[i] = bytes;
        lengths[i] = texts[i].size();
        bind.buffer_type = type;
        bind.buffer = texts[i].data();
        bind.buffer_length = lengths[i];
        bind.length = &lengths[i];
      };
      if (std::holds_alternative<std::monostate>(value)) {
        bind.buffer_type = MYSQL_TYPE_NULL;
      } else if (const auto* flag = std::get_if<bool>(&value)) {
        numbers[i] = *flag ? 1 : 0;
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = &numbers[i];
      } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        numbers[i] = *number;
        bind.buffer_type = MYSQL_TYPE_LONGLONG;
        bind.buffer = &numbers[i];
      } else if (const auto* real = std::get_if<double>(&value)) {
        reals[i] = *real;
        bind.buffer_type = MYSQL_TYPE_DOUBLE;
        bind.buffer = &reals[i];
      } else if (const auto* string = std::get_if<std::string>(&value)) {
        text(*string, MYSQL_TYPE_STRING);
      } else {
        text(std::get<Blob>(value).bytes, MYSQL_TYPE_BLOB);
      }
    }
    if (!binds.empty() && api_.mysql_stmt_bind_param(prepared_, binds.data()) != 0) fail();
    if (api_.mysql_stmt_execute(prepared_) != 0) fail();
  }

  std::int64_t affected() const {
    return static_cast<std::int64_t>(api_.mysql_stmt_affected_rows(prepared_));
  }

  /// Every column is asked for as text, so that one table of conversions serves both protocols.
  Rows rows() {
    Rows rows;
    MYSQL_RES* meta = api_.mysql_stmt_result_metadata(prepared_);
    if (meta == nullptr) return rows;
    const unsigned count = api_.mysql_num_fields(meta);
    const MYSQL_FIELD* fields = api_.mysql_fetch_fields(meta);
    auto names = std::make_shared<std::vector<std::string>>();
    for (unsigned i = 0; i < count; ++i) names->emplace_back(fields[i].name);
    std::vector<MYSQL_BIND> binds(count);
    std::vector<unsigned long> lengths(count);
    std::vector<my_bool> nulls(count);
    for (unsigned i = 0; i < count; ++i) {
      std::memset(&binds[i], 0, sizeof binds[i]);
      binds[i].buffer_type = is_binary(fields[i]) || fields[i].type == MYSQL_TYPE_BIT
                                 ? MYSQL_TYPE_BLOB
                                 : MYSQL_TYPE_STRING;
      binds[i].length = &lengths[i];
      binds[i].is_null = &nulls[i];
    }
    api_.mysql_stmt_bind_result(prepared_, binds.data());
    api_.mysql_stmt_store_result(prepared_);
    for (;;) {
      const int code = api_.mysql_stmt_fetch(prepared_);
      if (code == MYSQL_NO_DATA) break;
      if (code != 0 && code != MYSQL_DATA_TRUNCATED) {
        api_.mysql_free_result(meta);
        fail();
      }
      std::vector<Value> values;
      for (unsigned i = 0; i < count; ++i) {
        if (nulls[i]) {
          values.emplace_back();
          continue;
        }
        // A real number is cut to the buffer it is given, and its length is told for a buffer of 0
        // bytes: ask with room enough.
        const bool real = fields[i].type == MYSQL_TYPE_FLOAT || fields[i].type == MYSQL_TYPE_DOUBLE;
        std::string text(real ? 64 : lengths[i], '\0');
        MYSQL_BIND one = binds[i];
        one.buffer = text.data();
        one.buffer_length = text.size();
        if (!text.empty()) api_.mysql_stmt_fetch_column(prepared_, &one, i, 0);
        text.resize(lengths[i]);
        values.push_back(read_value(fields[i], text));
      }
      rows.emplace_back(names, std::move(values));
    }
    api_.mysql_free_result(meta);
    return rows;
  }

 private:
  [[noreturn]] void fail() const {
    throw error_of(api_.mysql_stmt_errno(prepared_), api_.mysql_stmt_sqlstate(prepared_),
                   api_.mysql_stmt_error(prepared_), statement_);
  }

  const LibMariadb& api_;
  const Statement& statement_;
  MYSQL_STMT* prepared_;
};

}  // namespace

std::int64_t MysqlConnection::run_bound(const Statement& statement, Rows* rows) {
  try {
    Bound bound(api_, handle_, statement);
    bound.run();
    const std::int64_t affected = bound.affected();
    Rows result = bound.rows();
    if (rows != nullptr) *rows = std::move(result);
    return affected < 0 ? 0 : affected;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) lost_ = true;
    throw;
  }
}

void MysqlConnection::execute_batch(std::span<const Statement> statements,
                                    const std::function<void(std::size_t)>& done) {
  for (std::size_t i = 0; i < statements.size();) {
    if (is_nothing(statements[i])) {
      if (done) done(i);
      ++i;
      continue;
    }
    if (!statements[i].parameters.empty() || many_results(statements[i])) {
      try {
        execute(statements[i]);
      } catch (Error& error) {
        error.with_statement_index(i);
        throw;
      }
      if (done) done(i);
      ++i;
      continue;
    }
    std::size_t end = i, size = 0;
    while (end < statements.size() && statements[end].parameters.empty() &&
           !many_results(statements[end]) && !is_nothing(statements[end]) &&
           (end == i || size + statements[end].sql.size() < packet_limit_)) {
      size += statements[end++].sql.size() + 3;
    }
    packet(statements.subspan(i, end - i), i, done);
    i = end;
  }
}

/// Several statements in one message; results come one by one, and the first failure is the last of
/// them.
void MysqlConnection::packet(std::span<const Statement> statements, std::size_t first,
                             const std::function<void(std::size_t)>& done) {
  std::string text;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (i > 0) text += "\n;\n";  // a line of its own: the statement may end in a comment
    text += statements[i].sql;
  }
  std::size_t at = 0;
  try {
    send(text, statements[0]);
    for (;;) {
      read_rows(statements[at]);
      if (done) done(first + at);
      ++at;
      if (at >= statements.size()) break;
      if (api_.mysql_next_result(handle_) != 0) fail(statements[at]);
    }
    while (api_.mysql_more_results(handle_) != 0 && api_.mysql_next_result(handle_) == 0)
      read_rows(statements.back());
  } catch (Error& error) {
    error.with_statement_index(first + at);
    throw;
  }
  tell_warnings();
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

void MysqlConnection::cancel() noexcept {
  try {
    ConnectOptions options = options_;
    options.connect_timeout = std::chrono::seconds(5);
    MysqlConnection(url_, options).execute("KILL QUERY " + std::to_string(thread_id()));
  } catch (const Error&) {  // it ended meanwhile, or the server is gone
  }
}

bool MysqlConnection::has_table(const model::Name& table) {
  return !query(plain("SELECT 1 FROM information_schema.tables WHERE table_schema = "
                      "COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ?",
                      {table.schema, table.name}))
              .empty();
}

bool MysqlConnection::has_column(const model::Name& table, std::string_view column) {
  return !query(plain("SELECT 1 FROM information_schema.columns WHERE table_schema = "
                      "COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND column_name = ?",
                      {table.schema, table.name, column}))
              .empty();
}

bool MysqlConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(plain("SELECT 1 FROM information_schema.statistics WHERE table_schema = "
                      "COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND index_name = ? "
                      "LIMIT 1",
                      {table.schema, table.name, index}))
              .empty();
}

void MysqlConnection::drop_everything() {
  execute("SET SESSION foreign_key_checks = 0");
  const auto drop_all = [&](const char* list, const char* verb) {
    for (const Row& row : query(list))
      execute(std::string(verb) + " " + dialect().quote(row.get<std::string>(0)));
  };
  drop_all("SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()",
           "DROP EVENT IF EXISTS");
  drop_all("SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()",
           "DROP VIEW IF EXISTS");
  drop_all(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')",
      "DROP TABLE IF EXISTS");
  drop_all(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_type = 'SEQUENCE'",
      "DROP SEQUENCE IF EXISTS");
  drop_all(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() AND "
      "routine_type = 'PROCEDURE'",
      "DROP PROCEDURE IF EXISTS");
  drop_all(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() AND "
      "routine_type = 'FUNCTION'",
      "DROP FUNCTION IF EXISTS");
  execute("SET SESSION foreign_key_checks = 1");
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  return std::make_unique<MysqlConnection>(url, options);
}

}  // namespace sterna::mysql
