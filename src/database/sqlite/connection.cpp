#include "database/sqlite/connection.hpp"

#include "base/text.hpp"
#include "database/scratch.hpp"
#include "database/sqlite/engine.hpp"
#include "database/sqlite/errors.hpp"
#include "database/sqlite/inspect.hpp"
#include "database/sqlite/locker.hpp"
#include "sql/lexer.hpp"

#include <sqlite3.h>

#include <charconv>
#include <filesystem>

namespace sterna::sqlite {
namespace {

namespace fs = std::filesystem;

class Prepared {
 public:
  Prepared(sqlite3* handle, const Statement& statement) : handle_(handle) {
    const char* tail = nullptr;
    if (sqlite3_prepare_v2(handle, statement.sql.data(), static_cast<int>(statement.sql.size()),
                           &prepared_, &tail) != SQLITE_OK) {
      throw error_of(handle, statement, Phase::prepare);
    }
    try {
      refuse_tail(statement, static_cast<std::size_t>(tail - statement.sql.data()));
      refuse_parameters(statement);
    } catch (...) {
      sqlite3_finalize(prepared_);
      throw;
    }
  }
  ~Prepared() { sqlite3_finalize(prepared_); }
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;
  sqlite3_stmt* get() const { return prepared_; }

  void bind(const Statement& statement) {
    for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
      if (bind_one(static_cast<int>(i + 1), statement.parameters[i]) != SQLITE_OK)
        throw error_of(handle_, statement, Phase::prepare);
    }
  }

 private:
  /// SQLite reads one statement and leaves the rest; what is left must not be lost in silence.
  static void refuse_tail(const Statement& statement, std::size_t end) {
    sql::Lexer lexer(std::string_view(statement.sql).substr(end), Language::sqlite);
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (token.is_comment() || token.is(';')) continue;
      throw Error(ErrorKind::internal, "several statements were sent as one")
          .with_statement(statement.sql)
          .at(statement.position);
    }
  }

  /// SQLite takes a parameter without a value for NULL.
  void refuse_parameters(const Statement& statement) const {
    const auto wanted = static_cast<std::size_t>(sqlite3_bind_parameter_count(prepared_));
    const std::size_t given = statement.parameters.size();
    if (prepared_ == nullptr || wanted == given) return;
    throw Error(ErrorKind::validation, "the statement has " + std::to_string(wanted) +
                                           " parameter(s) and " + std::to_string(given) +
                                           " bound value(s)")
        .with_statement(statement.sql)
        .at(statement.position)
        .suggest("bind one value for each parameter; a question mark as text stands in quotes");
  }

  int bind_one(int index, const Value& value) {
    struct Visitor {
      sqlite3_stmt* s;
      int i;
      int operator()(std::monostate) const { return sqlite3_bind_null(s, i); }
      int operator()(bool v) const { return sqlite3_bind_int(s, i, v ? 1 : 0); }
      int operator()(std::int64_t v) const { return sqlite3_bind_int64(s, i, v); }
      int operator()(double v) const { return sqlite3_bind_double(s, i, v); }
      int operator()(const std::string& v) const {
        return sqlite3_bind_text64(s, i, v.data(), v.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
      }
      int operator()(const Blob& v) const {
        return sqlite3_bind_blob64(s, i, v.bytes.data(), v.bytes.size(), SQLITE_TRANSIENT);
      }
    };
    return std::visit(Visitor{prepared_, index}, value.storage());
  }

  sqlite3* handle_;
  sqlite3_stmt* prepared_ = nullptr;
};

Value column_value(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_BLOB: {
      const void* data = sqlite3_column_blob(statement, column);
      return Blob{std::string(static_cast<const char*>(data),
                              static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))};
    }
    default: {
      const unsigned char* text = sqlite3_column_text(statement, column);
      return std::string(reinterpret_cast<const char*>(text),
                         static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    }
  }
}

int open_flags(const Url& url) {
  const std::string mode = url.parameter("mode", "rwc");
  if (mode == "ro") return SQLITE_OPEN_READONLY;
  if (mode == "rw") return SQLITE_OPEN_READWRITE;
  if (mode == "rwc") return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  throw Error(ErrorKind::config, "mode=" + mode + " is not known to SQLite URLs")
      .suggest("mode is ro, rw or rwc");
}

int milliseconds(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    throw Error(ErrorKind::config, "busy_timeout=" + text + " is no number of milliseconds");
  }
  return number;
}

/// @throws Error(config) unless the parameter is missing or one of these words.
void require_word(const Url& url, std::string_view key, const std::vector<std::string>& words) {
  const std::string value = to_lower(url.parameter(key, words.front()));
  if (std::find(words.begin(), words.end(), value) != words.end()) return;
  throw Error(ErrorKind::config, std::string(key) + "=" + value + " is not known to SQLite URLs")
      .suggest(std::string(key) + " is one of " + join(words, ", "));
}

void check_parameters(const Url& url) {
  static const std::vector<std::string> known{"mode", "busy_timeout", "journal_mode",
                                              "foreign_keys", "synchronous"};
  for (const auto& [key, value] : url.parameters) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    Error error(ErrorKind::config, "SQLite URLs have no parameter " + key);
    for (const std::string& near : near_misses(key, known, 1))
      error.suggest("did you mean " + near);
    throw error.suggest("the parameters are " + join(known, ", "));
  }
  require_word(url, "foreign_keys", {"on", "off", "true", "false", "yes", "no", "1", "0"});
  require_word(url, "journal_mode", {"delete", "truncate", "persist", "memory", "wal", "off"});
  require_word(url, "synchronous", {"full", "normal", "off", "extra", "0", "1", "2", "3"});
}

bool wants_foreign_keys(const Url& url) {
  const std::string value = to_lower(url.parameter("foreign_keys", "on"));
  return value != "off" && value != "false" && value != "no" && value != "0";
}

Error cannot_open(const std::string& path, int flags, const std::string& message) {
  Error error(ErrorKind::connection, "cannot open the SQLite database " + path + ": " + message);
  error.with_code("SQLITE_CANTOPEN (14)");
  const fs::path folder = fs::path(path).parent_path();
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return error.suggest("the path is a folder: name the file in it");
  if (!folder.empty() && !fs::is_directory(folder, ignored))
    return error.suggest("the folder " + folder.string() + " does not exist: make it");
  if (!fs::exists(path, ignored) && (flags & SQLITE_OPEN_CREATE) == 0)
    return error.suggest("the file does not exist, and mode=ro and mode=rw do not make it");
  return error.suggest("check the path in the URL, and the rights of the file and its folder");
}

/// They come and go with their virtual table.
constexpr std::string_view shadow_tables =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

Statement plain(std::string sql, std::vector<Value> parameters = {}) {
  return {std::move(sql), std::move(parameters), {}, {}};
}

/// The catalog of a schema: "main", "temp", or one that is attached.
std::string schema_table(const Dialect& dialect, const model::Name& name) {
  return dialect.quote(model::Name(name.schema, "sqlite_schema"));
}

}  // namespace

SqliteConnection::SqliteConnection(const Url& url) : url_(url) {
  const int number = sqlite3_libversion_number();
  server_ = {"SQLite", std::string("SQLite ") + sqlite3_libversion(),
             number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000};
  try {
    open();
  } catch (...) {  // no destructor runs
    sqlite3_close_v2(handle_);
    throw;
  }
}

void SqliteConnection::open() {
  const int flags = open_flags(url_);
  check_parameters(url_);
  if (const std::string timeout = url_.parameter("busy_timeout"); !timeout.empty())
    busy_timeout_ms_ = milliseconds(timeout);
  if (sqlite3_open_v2(url_.database.c_str(), &handle_,
                      flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr) != SQLITE_OK) {
    throw cannot_open(url_.database, flags,
                      handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory");
  }
  // Text in double quotes that is no column is an error, not a string.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, wants_foreign_keys(url_) ? 1 : 0,
                    nullptr);
  sqlite3_busy_handler(handle_, on_busy, this);
  for (const char* pragma : {"journal_mode", "synchronous"}) {
    if (const std::string value = url_.parameter(pragma); !value.empty())
      query(plain("PRAGMA " + std::string(pragma) + " = " + value));
  }
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(handle_); }

/// Waits for another writer in short steps, so that cancel() ends the wait.
int SqliteConnection::on_busy(void* self, int attempt) {
  auto* connection = static_cast<SqliteConnection*>(self);
  constexpr int step_ms = 5;
  if (connection->cancelled_ || attempt * step_ms >= connection->busy_timeout_ms_) return 0;
  sqlite3_sleep(step_ms);
  return 1;
}

void SqliteConnection::cancel() noexcept {
  cancelled_ = true;
  sqlite3_interrupt(handle_);
}

template <class OnRow>
void SqliteConnection::run(const Statement& statement, OnRow on_row) {
  cancelled_ = false;
  try {
    Prepared prepared(handle_, statement);
    if (prepared.get() == nullptr) return;  // nothing but comments
    prepared.bind(statement);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(prepared.get())) == SQLITE_ROW) on_row(prepared.get());
    if (code != SQLITE_DONE) throw error_of(handle_, statement, Phase::step);
  } catch (Error& error) {
    // A wait for another writer that cancel() ended is no matter of the lock any more.
    if (cancelled_ && error.kind() == ErrorKind::lock) error.with_kind(ErrorKind::timeout);
    throw;
  }
}

Rows SqliteConnection::query(const Statement& statement) {
  Rows rows;
  for_each_row(statement, [&](Row&& row) { rows.push_back(std::move(row)); });
  return rows;
}

void SqliteConnection::for_each_row(const Statement& given,
                                    const std::function<void(Row&&)>& visit) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  Row::Columns columns;
  run(statement, [&](sqlite3_stmt* prepared) {
    const int count = sqlite3_column_count(prepared);
    if (!columns) {
      auto names = std::make_shared<std::vector<std::string>>();
      for (int i = 0; i < count; ++i) names->emplace_back(sqlite3_column_name(prepared, i));
      columns = std::move(names);
    }
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) values.push_back(column_value(prepared, i));
    visit(Row(columns, std::move(values)));
  });
}

std::int64_t SqliteConnection::execute(const Statement& given) {
  Statement changed;
  const Statement& statement = admitted(given, changed);
  const std::int64_t before = sqlite3_total_changes64(handle_);
  run(statement, [](sqlite3_stmt*) {});
  // total_changes also counts what triggers and cascades did; changes() is of the statement alone,
  // but keeps its value after one that changes nothing.
  return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
}

void SqliteConnection::execute_batch(std::span<const Statement> given,
                                     const std::function<void(std::size_t)>& done) {
  std::vector<Statement> changed;
  const std::span<const Statement> statements = admitted(given, changed);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      run(statements[i], [](sqlite3_stmt*) {});
    } catch (Error& error) {
      error.with_statement_index(i);
      throw;
    }
    if (done) done(i);
  }
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::unique_ptr<Locker> SqliteConnection::locker(const std::string& name) {
  // The path as SQLite found it: absolute, links resolved, URI names read; empty in memory.
  const char* path = sqlite3_db_filename(handle_, "main");
  return make_locker(path == nullptr ? "" : path, name);
}

bool SqliteConnection::has_table(const model::Name& table) {
  return !query(plain("SELECT 1 FROM " + schema_table(dialect(), table) +
                          " WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE",
                      {table.name}))
              .empty();
}

bool SqliteConnection::has_column(const model::Name& table, std::string_view column) {
  std::string from = "pragma_table_xinfo(?1)";
  std::vector<Value> values{table.name, column};
  if (!table.schema.empty()) {
    from = "pragma_table_xinfo(?1, ?3)";
    values.emplace_back(table.schema);
  }
  return !query(
              plain("SELECT 1 FROM " + from + " WHERE name = ?2 COLLATE NOCASE", std::move(values)))
              .empty();
}

bool SqliteConnection::has_index(const model::Name& table, std::string_view index) {
  return !query(plain("SELECT 1 FROM " + schema_table(dialect(), table) +
                          " WHERE type = 'index' AND tbl_name = ?1 COLLATE NOCASE AND name = ?2 "
                          "COLLATE NOCASE",
                      {table.name, index}))
              .empty();
}

model::Model SqliteConnection::inspect(const InspectOptions& options) {
  return sqlite::inspect(*this, options);
}

bool SqliteConnection::foreign_keys_enforced() {
  int on = 0;
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
  return on != 0;
}

bool SqliteConnection::set_foreign_keys(bool on) {
  if (in_transaction()) {
    throw Error(ErrorKind::internal,
                "foreign keys cannot be switched inside a transaction: SQLite would ignore it");
  }
  const bool former = foreign_keys_enforced();
  execute(on ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
  if (foreign_keys_enforced() != on)
    throw Error(ErrorKind::internal, "SQLite did not switch foreign keys");
  return former;
}

std::vector<std::string> SqliteConnection::foreign_key_violations() {
  std::vector<std::string> lines;
  for (const Row& row : query(plain("PRAGMA foreign_key_check"))) {
    const std::string where =
        row[1].is_null() ? std::string("a row") : "row " + row.get<std::string>(1);
    lines.push_back(row.get<std::string>(0) + " " + where + " → " + row.get<std::string>(2));
  }
  return lines;
}

namespace {
std::unique_ptr<SqliteConnection> in_memory() {
  Url memory;
  memory.scheme = "sqlite";
  memory.database = ":memory:";
  return std::make_unique<SqliteConnection>(memory);
}
}  // namespace

std::unique_ptr<Scratch> SqliteConnection::make_scratch() {
  return std::make_unique<Scratch>(in_memory(), std::function<void()>(),
                                   std::make_shared<Confinement>(Confinement::Bounds{
                                       Language::sqlite, Confinement::Scope::none, {}, {}}));
}

std::unique_ptr<Connection> SqliteConnection::dry_run_copy() {
  auto copy = in_memory();
  copy->confine(std::make_shared<Confinement>(
      Confinement::Bounds{Language::sqlite, Confinement::Scope::none, {}, {}}));
  copy->set_foreign_keys(false);
  const Rows objects = query(plain(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE "
      "'\\' AND name NOT IN (" +
      std::string(shadow_tables) +
      ") ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, "
      "rowid"));
  // What older programs wrote may hold strings in double quotes.
  sqlite3_db_config(copy->handle_, SQLITE_DBCONFIG_DQS_DDL, 1, nullptr);
  for (const Row& row : objects) {
    try {
      copy->execute(row.get<std::string>(0));
    } catch (const Error&) {
      // A function, a collation or the module of a virtual table that is not loaded here does not
      // spoil a dry run.
    }
  }
  sqlite3_db_config(copy->handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  return copy;
}

void SqliteConnection::drop_everything(std::string_view /*kept*/) {
  const bool former = set_foreign_keys(false);
  try {
    begin();
    for (const char* type : {"trigger", "view", "table"}) {
      const Rows names =
          query(plain("SELECT name FROM sqlite_schema WHERE type = ?1 AND name NOT LIKE "
                      "'sqlite\\_%' ESCAPE '\\' AND name NOT IN (" +
                          std::string(shadow_tables) + ")",
                      {type}));
      for (const Row& row : names)
        execute("DROP " + to_upper(type) + " " + dialect().quote(row.get<std::string>(0)));
    }
    if (has_table("sqlite_sequence")) execute("DELETE FROM sqlite_sequence");
    commit();
  } catch (...) {
    rollback();
    set_foreign_keys(former);
    throw;
  }
  set_foreign_keys(former);
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& /*options*/) {
  return std::make_unique<SqliteConnection>(url);
}

const Dialect& SqliteConnection::dialect() const { return sqlite::dialect(); }

bool would_create(const Url& url) {
  if (url.database == ":memory:") return false;
  std::error_code ignored;
  if (fs::exists(url.database, ignored)) return false;
  const fs::path folder = fs::path(url.database).parent_path();
  return folder.empty() || fs::is_directory(folder, ignored);  // else connecting fails
}

}  // namespace sterna::sqlite
