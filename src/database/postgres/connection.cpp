#include "database/postgres/connection.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "database/postgres/engine.hpp"
#include "database/postgres/errors.hpp"
#include "database/postgres/locker.hpp"

#include <poll.h>

#include <array>
#include <charconv>
#include <cstring>

namespace sterna::postgres {
namespace {

// pg_type.dat
constexpr Oid oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
              oid_oid = 26, oid_float4 = 700, oid_float8 = 701;

/// A bound value in the text format.
struct Bound {
  std::string text;
  bool is_null = false;
};

Bound bind(const Value& value) {
  struct Visitor {
    Bound operator()(std::monostate) const { return {{}, true}; }
    Bound operator()(bool v) const { return {v ? "t" : "f"}; }
    Bound operator()(std::int64_t v) const { return {std::to_string(v)}; }
    Bound operator()(double v) const { return {detail::to_text(Value(v), {})}; }
    Bound operator()(const std::string& v) const { return {v}; }
    Bound operator()(const Blob& v) const {
      static constexpr char digits[] = "0123456789abcdef";
      std::string hex = "\\x";
      for (const char c : v.bytes) {
        hex += digits[static_cast<unsigned char>(c) >> 4];
        hex += digits[static_cast<unsigned char>(c) & 15];
      }
      return {std::move(hex)};
    }
  };
  return std::visit(Visitor{}, value.storage());
}

/// Pointers into bound texts, as libpq takes them.
struct Parameters {
  explicit Parameters(const Statement& statement) {
    for (const Value& value : statement.parameters) bound.push_back(bind(value));
    for (const Bound& one : bound) pointers.push_back(one.is_null ? nullptr : one.text.c_str());
  }
  int count() const { return static_cast<int>(pointers.size()); }
  std::vector<Bound> bound;
  std::vector<const char*> pointers;
};

int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

Value read_value(Oid type, std::string_view text) {
  switch (type) {
    case oid_bool:
      return text == "t";
    case oid_int2:
    case oid_int4:
    case oid_int8:
    case oid_oid: {
      std::int64_t number = 0;
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    }
    case oid_float4:
    case oid_float8: {
      double number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc()) return number;
      return text;
    }
    case oid_bytea: {
      if (!text.starts_with("\\x")) return text;
      std::string bytes;
      for (std::size_t i = 2; i + 1 < text.size(); i += 2)
        bytes += static_cast<char>(nibble(text[i]) * 16 + nibble(text[i + 1]));
      return Blob{std::move(bytes)};
    }
    default:
      return text;
  }
}

bool succeeded(ExecStatusType status) {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY ||
         status == PGRES_SINGLE_TUPLE;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string where(const Url& url) {
  if (url.hosts.empty()) return "the server that PGHOST or the service file names";
  std::string text;
  for (const Url::Host& host : url.hosts)
    text += (text.empty() ? "" : ", ") + host.name + ":" +
            std::to_string(host.port == 0 ? 5432 : host.port);
  return text;
}

std::string qualified_or_null(const model::Name& name) { return name.schema; }

}  // namespace

PostgresConnection::PostgresConnection(const Url& url, const ConnectOptions& options)
    : api_(libpq()), url_(url), options_(options) {
  open();
}

void PostgresConnection::open() {
  const std::string uri = url_.reveal();
  std::string name = options_.application_name.empty()
                         ? "sterna/" + std::string(version()) + " " + runner_identity()
                         : options_.application_name;
  name.resize(std::min<std::size_t>(name.size(), 63));
  const std::array<const char*, 4> keys{"dbname", "fallback_application_name", "client_encoding",
                                        nullptr};
  const std::array<const char*, 4> values{uri.c_str(), name.c_str(), "UTF8", nullptr};
  handle_ = api_.PQconnectStartParams(keys.data(), values.data(), 1);
  const auto fail = [&](const std::string& message, ErrorKind kind) {
    Error error(kind,
                "cannot connect to PostgreSQL at " + where(url_) + ": " + mask_passwords(message));
    api_.PQfinish(handle_);
    handle_ = nullptr;
    return error;
  };
  if (handle_ == nullptr) throw Error(ErrorKind::connection, "libpq has no memory");
  const auto until = std::chrono::steady_clock::now() + options_.connect_timeout;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (api_.PQstatus(handle_) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
         state != PGRES_POLLING_FAILED) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                          until - std::chrono::steady_clock::now())
                          .count();
    pollfd socket{api_.PQsocket(handle_),
                  static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    if (left <= 0 || ::poll(&socket, 1, static_cast<int>(left)) == 0) {
      throw fail("no answer within " +
                     format_duration(static_cast<double>(options_.connect_timeout.count()) / 1000),
                 ErrorKind::connection)
          .suggest("check that the server runs and that no firewall is in between");
    }
    state = api_.PQconnectPoll(handle_);
  }
  if (api_.PQstatus(handle_) != CONNECTION_OK) {
    std::string message = api_.PQerrorMessage(handle_);
    while (!message.empty() && message.back() == '\n') message.pop_back();
    throw fail(message, ErrorKind::connection)
        .suggest("check host, port, database, user and password")
        .suggest("`pg_isready` tells whether the server accepts connections");
  }
  const int number = api_.PQserverVersion(handle_);
  const char* text = api_.PQparameterStatus(handle_, "server_version");
  server_ = {"PostgreSQL",
             "PostgreSQL " + std::string(text != nullptr ? text : std::to_string(number)), number};
  api_.PQsetNoticeProcessor(handle_, on_server_notice, this);
  cancel_ = api_.PQgetCancel(handle_);
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

bool PostgresConnection::alive() const {
  return handle_ != nullptr && api_.PQstatus(handle_) == CONNECTION_OK;
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
  std::string message = mask_passwords(api_.PQerrorMessage(handle_));
  while (!message.empty() && message.back() == '\n') message.pop_back();
  Error error(ErrorKind::connection, "the connection to PostgreSQL was lost: " + message);
  error.with_statement(statement.sql)
      .at(statement.position)
      .suggest("the server's log may tell why; run the command again");
  return error;
}

void PostgresConnection::drain() noexcept {
  while (PGresult* result = api_.PQgetResult(handle_)) {
    const ExecStatusType status = api_.PQresultStatus(result);
    api_.PQclear(result);
    if (status == PGRES_COPY_IN) api_.PQputCopyEnd(handle_, "not expected");
    if (!alive()) return;
  }
}

PostgresConnection::Result PostgresConnection::run(const Statement& statement) {
  Result result = own(nullptr);
  if (statement.parameters.empty()) {
    result = own(api_.PQexec(handle_, statement.sql.c_str()));
  } else {
    const Parameters parameters(statement);
    result = own(api_.PQexecParams(handle_, statement.sql.c_str(), parameters.count(), nullptr,
                                   parameters.pointers.data(), nullptr, nullptr, 0));
  }
  if (!result) throw lost(statement);
  const ExecStatusType status = api_.PQresultStatus(result.get());
  if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
    if (status == PGRES_COPY_IN)
      api_.PQputCopyEnd(handle_, "rows are expected after COPY … FROM stdin");
    drain();
    throw Error(ErrorKind::validation, "COPY needs its rows after it, ended by \\.")
        .with_statement(statement.sql)
        .at(statement.position);
  }
  if (!succeeded(status)) throw error_of(result.get(), statement);
  return result;
}

Rows PostgresConnection::query(const Statement& statement) {
  const Result result = run(statement);
  const int columns = api_.PQnfields(result.get());
  const int count = api_.PQntuples(result.get());
  auto names = std::make_shared<std::vector<std::string>>();
  std::vector<Oid> types;
  for (int c = 0; c < columns; ++c) {
    names->emplace_back(api_.PQfname(result.get(), c));
    types.push_back(api_.PQftype(result.get(), c));
  }
  Rows rows;
  rows.reserve(static_cast<std::size_t>(count));
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
    rows.emplace_back(names, std::move(values));
  }
  return rows;
}

std::int64_t PostgresConnection::execute(const Statement& statement) {
  if (!statement.copy_data.empty()) {
    execute_batch(std::span(&statement, 1), {});
    return 0;
  }
  const Result result = run(statement);
  const char* count = api_.PQcmdTuples(result.get());
  return count == nullptr || *count == '\0' ? 0 : std::atoll(count);
}

/// Consecutive statements of one sort go together: without bound values as one simple query, with
/// them through the pipeline, COPY by itself.
void PostgresConnection::execute_batch(std::span<const Statement> statements,
                                       const std::function<void(std::size_t)>& done) {
  bool any_bound = false, any_copy = false;
  for (const Statement& statement : statements) {
    any_bound = any_bound || !statement.parameters.empty();
    any_copy = any_copy || !statement.copy_data.empty();
  }
  if (!any_copy) {
    if (any_bound && statements.size() > 1)
      pipeline_batch(statements, 0, done);
    else if (any_bound) {
      try {
        run(statements[0]);
      } catch (Error& error) {
        error.with_statement_index(0);
        throw;
      }
      if (done) done(0);
    } else
      simple_batch(statements, 0, done);
    return;
  }
  for (std::size_t i = 0; i < statements.size();) {
    if (!statements[i].copy_data.empty()) {
      copy_in(statements[i], i, done);
      ++i;
      continue;
    }
    std::size_t end = i;
    bool bound = false;
    while (end < statements.size() && statements[end].copy_data.empty()) {
      bound = bound || !statements[end].parameters.empty();
      ++end;
    }
    if (bound)
      pipeline_batch(statements.subspan(i, end - i), i, done);
    else
      simple_batch(statements.subspan(i, end - i), i, done);
    i = end;
  }
}

void PostgresConnection::simple_batch(std::span<const Statement> statements, std::size_t first,
                                      const std::function<void(std::size_t)>& done) {
  if (statements.empty()) return;
  // Where each statement begins, in characters: the server counts these in the place of an error.
  std::vector<std::size_t> offsets;
  std::string text;
  std::size_t offset = 0;
  for (const Statement& statement : statements) {
    offsets.push_back(offset);
    text += statement.sql;
    offset += characters(statement.sql);
    if (statements.size() > 1) {
      text += "\n;\n";  // a line of its own: the statement may end in a comment
      offset += 3;
    }
  }
  if (api_.PQsendQuery(handle_, text.c_str()) == 0)
    throw lost(statements.front()).with_statement_index(first);
  std::size_t at = 0;
  std::optional<Error> failure;
  while (PGresult* raw = api_.PQgetResult(handle_)) {
    const Result result = own(raw);
    const ExecStatusType status = api_.PQresultStatus(raw);
    if (failure) continue;
    if (succeeded(status)) {
      if (at < statements.size() && done) done(first + at);
      ++at;
      continue;
    }
    const Statement& statement = statements[std::min(at, statements.size() - 1)];
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      failure = Error(ErrorKind::validation, "COPY needs its rows after it, ended by \\.")
                    .with_statement(statement.sql)
                    .at(statement.position);
      if (status == PGRES_COPY_IN)
        api_.PQputCopyEnd(handle_, "rows are expected after COPY … FROM stdin");
    } else {
      failure = alive() ? error_of(raw, statement, offsets[std::min(at, statements.size() - 1)])
                        : lost(statement);
    }
    failure->with_statement_index(first + std::min(at, statements.size() - 1));
  }
  if (!failure && !alive())
    failure = lost(statements[std::min(at, statements.size() - 1)])
                  .with_statement_index(first + std::min(at, statements.size() - 1));
  if (failure) throw *failure;
}

void PostgresConnection::pipeline_batch(std::span<const Statement> statements, std::size_t first,
                                        const std::function<void(std::size_t)>& done) {
  if (api_.PQenterPipelineMode(handle_) == 0)
    throw lost(statements.front()).with_statement_index(first);
  std::optional<Error> failure;
  std::size_t sent = 0;
  for (; sent < statements.size(); ++sent) {
    const Parameters parameters(statements[sent]);
    if (api_.PQsendQueryParams(handle_, statements[sent].sql.c_str(), parameters.count(), nullptr,
                               parameters.pointers.data(), nullptr, nullptr, 0) == 0) {
      failure = lost(statements[sent]).with_statement_index(first + sent);
      break;
    }
  }
  api_.PQpipelineSync(handle_);
  for (std::size_t i = 0; i < sent && alive(); ++i) {
    while (PGresult* raw = api_.PQgetResult(handle_)) {
      const Result result = own(raw);
      const ExecStatusType status = api_.PQresultStatus(raw);
      if (succeeded(status)) {
        if (!failure && done) done(first + i);
      } else if (status != PGRES_PIPELINE_ABORTED && !failure) {
        failure = error_of(raw, statements[i]).with_statement_index(first + i);
      }
    }
  }
  // The end of the pipeline.
  while (alive()) {
    PGresult* raw = api_.PQgetResult(handle_);
    if (raw == nullptr) continue;
    const bool end = api_.PQresultStatus(raw) == PGRES_PIPELINE_SYNC;
    api_.PQclear(raw);
    if (end) break;
  }
  api_.PQexitPipelineMode(handle_);
  if (!failure && !alive()) failure = lost(statements.back()).with_statement_index(first);
  if (failure) throw *failure;
}

void PostgresConnection::copy_in(const Statement& statement, std::size_t index,
                                 const std::function<void(std::size_t)>& done) {
  const Result begun = own(api_.PQexec(handle_, statement.sql.c_str()));
  if (api_.PQresultStatus(begun.get()) != PGRES_COPY_IN) {
    if (!begun) throw lost(statement).with_statement_index(index);
    Error error = succeeded(api_.PQresultStatus(begun.get()))
                      ? Error(ErrorKind::validation, "rows follow a statement that takes none")
                            .at(statement.position)
                      : error_of(begun.get(), statement);
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
    if (!succeeded(api_.PQresultStatus(raw)) && !failure)
      failure = error_of(raw, statement).with_statement_index(index);
  }
  if (!failure && (!sent || !alive())) failure = lost(statement).with_statement_index(index);
  if (failure) throw *failure;
  if (done) done(index);
}

bool PostgresConnection::has_table(const model::Name& table) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                          "n.oid = c.relnamespace WHERE c.relname = $1 AND "
                          "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND CASE WHEN $2 = '' THEN "
                          "pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, qualified_or_null(table)},
                          {},
                          {}})
              .empty();
}

bool PostgresConnection::has_column(const model::Name& table, std::string_view column) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON "
                          "c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = "
                          "c.relnamespace WHERE c.relname = $1 AND a.attname = $3 AND a.attnum > 0 "
                          "AND NOT a.attisdropped AND CASE WHEN $2 = '' THEN "
                          "pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, qualified_or_null(table), column},
                          {},
                          {}})
              .empty();
}

bool PostgresConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(Statement{"SELECT 1 FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid "
                          "= x.indexrelid JOIN pg_catalog.pg_class c ON c.oid = "
                          "x.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                          "WHERE c.relname = $1 AND i.relname = $3 AND CASE WHEN $2 = '' "
                          "THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END",
                          {table.name, qualified_or_null(table), index},
                          {},
                          {}})
              .empty();
}

std::vector<std::string> PostgresConnection::leftovers() {
  std::vector<std::string> lines;
  for (const Row& row :
       query("SELECT n.nspname || '.' || i.relname, c.relname::text FROM pg_index x JOIN pg_class "
             "i ON i.oid = x.indexrelid JOIN pg_class c ON "
             "c.oid = x.indrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE NOT "
             "x.indisvalid AND NOT EXISTS (SELECT 1 FROM "
             "pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)")) {
    lines.push_back("index " + row.get<std::string>(0) + " of " + row.get<std::string>(1) +
                    " is INVALID: DROP INDEX CONCURRENTLY, then build it again");
  }
  return lines;
}

void PostgresConnection::drop_everything() {
  // What the role owns, in its own schemas; what belongs to an extension stays with it. Schemas
  // that others own are emptied, not dropped.
  execute(R"(DO $drop$
DECLARE item record;
BEGIN
  FOR item IN SELECT nspname FROM pg_namespace WHERE nspname <> 'public' AND nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
              AND pg_has_role(nspowner, 'USAGE') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = pg_namespace.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', item.nspname);
  END LOOP;
  FOR item IN SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', CASE item.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN
                   'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, item.relname);
  END LOOP;
  FOR item IN SELECT p.oid::regprocedure AS signature, p.prokind FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', CASE item.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END, item.signature);
  END LOOP;
  FOR item IN SELECT t.typname, t.typtype FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace AND t.typtype IN ('e', 'd', 'c', 'r')
              AND (t.typrelid = 0 OR (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
              AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', CASE item.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, item.typname);
  END LOOP;
END $drop$)");
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  return std::make_unique<PostgresConnection>(url, options);
}

}  // namespace sterna::postgres
