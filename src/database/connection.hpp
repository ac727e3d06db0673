// One session with one database, and the lock that keeps two runs apart. Implemented once a
// database; used by the runner, the builder and (later) inspectors. Not safe for concurrent use,
// except cancel().
#pragma once

#include "base/url.hpp"
#include "database/dialect.hpp"
#include "database/inspect.hpp"
#include "sql/statement.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna {

class Locker;
class Confinement;
class Scratch;
struct ColumnUse;

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::string application_name;  ///< default "sterna/VERSION"
};

struct ServerFinding {
  std::string name, text;
  enum class Result { good, warning, bad } result = Result::good;
};
/// The server's clock beside this machine's, whose times stand in one history. `seconds`: since
/// 1970, as the server just told them.
ServerFinding clock_finding(double seconds);

class Connection {
 public:
  virtual ~Connection() = default;

  virtual const Dialect& dialect() const = 0;
  virtual const ServerInfo& server() const = 0;
  virtual const Url& url() const = 0;
  Capabilities capabilities() const { return dialect().capabilities(server()); }

  /// Runs one statement with its bound values and returns its rows (empty for statements without a
  /// result).
  /// @throws Error with kind, code, statement, and position mapped into the statement's file.
  virtual Rows query(const Statement& statement) = 0;
  Rows query(std::string_view sql) { return query(Statement{std::string(sql), {}, {}, {}}); }
  /// The same, row by row: for results that need not be held as a whole.
  virtual void for_each_row(const Statement& statement, const std::function<void(Row&&)>& visit) {
    for (Row& row : query(statement)) visit(std::move(row));
  }
  /// How a table that lies in ranges of tokens is read, several ranges at once.
  struct Walk {
    /// Its first column is the row's token, which `visit` does not get; its last two values are the
    /// bounds of a range.
    Statement select;
    std::size_t size = 1000;  ///< rows at a time, at most
    int readers = 4;          ///< sessions beside this one
    std::string cursor;       ///< of an earlier walk, to go on there; empty: from the beginning
  };
  struct WalkStep {
    std::string cursor;  ///< what is left behind these rows
    double done = 0;     ///< of the whole table, 0 to 1
  };
  struct TokenKey {
    std::string token;                 ///< the expression for a row's token: "token(id)"
    std::vector<std::string> columns;  ///< of the table
  };
  /// Empty where there is no such table, or tables are not walked by tokens.
  virtual TokenKey token_key(const model::Name& /*table*/) { return {}; }
  /// Each row once, in no order; `visit` may return false to end the walk. After an interruption
  /// the rows of a partition that was not read to its end come again. The last call tells that
  /// nothing is left; it may come without rows.
  virtual void walk(const Walk& walk,
                    const std::function<bool(const Rows& rows, const WalkStep& step)>& visit);
  /// Runs one statement; number of rows affected, 0 where the server tells none.
  virtual std::int64_t execute(const Statement& statement) = 0;
  std::int64_t execute(std::string_view sql) {
    return execute(Statement{std::string(sql), {}, {}, {}});
  }
  /// Runs all in order, in as few round trips as the protocol allows, stopping at the first
  /// failure. The session's transaction state is whatever the statements make of it (a batch may
  /// hold BEGIN … COMMIT); after a failure inside a transaction the caller rolls back. `done(i)` is
  /// called as the success of statement i becomes known, in order.
  /// @throws Error with statement_index() set.
  virtual void execute_batch(std::span<const Statement> statements,
                             const std::function<void(std::size_t)>& done = {}) = 0;

  void begin();
  void commit();
  void rollback() noexcept;  ///< does nothing when no transaction is open or the session is gone
  virtual bool in_transaction() const = 0;
  /// The statement that opens a transaction for a migration ("BEGIN", "BEGIN IMMEDIATE", "START
  /// TRANSACTION"); empty where there are no transactions.
  virtual std::string begin_sql() const { return "BEGIN"; }

  /// Asks the server to stop what this session runs. Callable from any thread at any time; never
  /// throws, may be lost.
  virtual void cancel() noexcept = 0;
  virtual bool alive() const = 0;

  /// Receives notices and warnings of the server (RAISE NOTICE, SHOW WARNINGS when the server says
  /// there are some).
  void on_notice(std::function<void(std::string_view)> handler) { notice_ = std::move(handler); }

  /// A lock that all runs with the same `name` on this database share (name: schema and history
  /// table). It lives on this session.
  virtual std::unique_ptr<Locker> locker(const std::string& name) = 0;

  // What the builder and the runner ask about the live schema. Names in the connection's default
  // schema unless qualified.
  virtual bool has_table(const model::Name& table) = 0;
  virtual bool has_column(const model::Name& table, std::string_view column) = 0;
  virtual bool has_index(const model::Name& table, std::string_view index) = 0;
  /// A type of the schema's own: structured or an enumeration. False where there are none.
  virtual bool has_type(const model::Name& /*type*/) { return false; }

  /// The whole schema, in a fixed number of catalog queries whatever the number of tables. Nothing
  /// that exists is left out in silence: what cannot be read stands in `not_managed`.
  virtual model::Model inspect(const InspectOptions& options);

  /// What stands on a column that another one, of this type, is to take the place of. Nothing where
  /// columns do not change in that way, or there is no such column.
  virtual std::optional<ColumnUse> column_use(const model::Name& table, std::string_view column,
                                              std::string_view new_type);

  /// An empty throw-away database of the same kind and version, encoding and collation as this one
  /// (scratch.hpp). @throws Error(permission) when the role may not make one.
  virtual std::unique_ptr<Scratch> make_scratch();

  /// Keeps the session inside a scratch: what would lead out of it is refused, what acts on the
  /// whole server left out (confine.hpp).
  void confine(std::shared_ptr<Confinement> within) { within_ = std::move(within); }
  const std::shared_ptr<Confinement>& confinement() const noexcept { return within_; }
  /// Whether the server knows this role or user; true where that cannot be told.
  virtual bool has_role(const std::string& /*name*/) { return true; }

  /// SQLite: switches foreign key enforcement (a no-op inside a transaction there, so it throws
  /// then) and returns the former state. Others: returns true and does nothing.
  virtual bool set_foreign_keys(bool /*on*/) { return true; }
  /// SQLite: whether foreign keys are enforced on this session now. Others: true.
  virtual bool foreign_keys_enforced() { return true; }
  /// SQLite: rows that violate a foreign key, one line each ("comments row 4 → posts"), for the
  /// check before COMMIT. Others: none.
  virtual std::vector<std::string> foreign_key_violations() { return {}; }

  /// A private copy of the schema on which a dry run may really execute (SQLite: in memory, without
  /// rows); nullptr where there is none to be had cheaply.
  virtual std::unique_ptr<Connection> dry_run_copy() { return nullptr; }

  /// What interrupted statements of anybody left behind that no run cleans up by itself (INVALID
  /// indexes), one line each. For doctor.
  virtual std::vector<std::string> leftovers() { return {}; }
  /// What a person wants to know of the server before a run: whether it takes writes, its replicas,
  /// its clock. For doctor; asks with the rights that the user has.
  virtual std::vector<ServerFinding> examine() { return {}; }

  /// Drops every object of the connection's database or schema (for `fresh`). Sterna's own tables
  /// included. `kept`: a schema of the database that is emptied but stays.
  virtual void drop_everything(std::string_view kept = {}) = 0;

 protected:
  void notify(std::string_view text) const {
    if (notice_) notice_(text);
  }
  /// What is sent for a statement: itself, or what `changed` then holds. For whoever sends one.
  /// @throws Error(refused) when the session is confined and the statement leads out.
  const Statement& admitted(const Statement& statement, Statement& changed);
  std::span<const Statement> admitted(std::span<const Statement> statements,
                                      std::vector<Statement>& changed);

 private:
  std::function<void(std::string_view)> notice_;
  std::shared_ptr<Confinement> within_;
};

struct LockHolder {
  std::string who;      ///< "deploy@web-1 (pid 4711)", or what the server knows of the session
  double seconds = -1;  ///< held for; negative when not known
};

class Locker {
 public:
  virtual ~Locker() = default;  ///< releases
  /// Takes the lock if it is free, without waiting. Holds no snapshot and no open transaction
  /// afterwards.
  virtual bool try_acquire() = 0;
  virtual void release() noexcept = 0;
  /// Who holds it now, as far as the server tells.
  virtual std::optional<LockHolder> holder() = 0;
  /// Statements that go into each migration's transaction and fail it when the lock was lost
  /// (leases; empty for session locks).
  virtual std::vector<Statement> fence() const { return {}; }
  /// @throws Error(lock) when the lock is known to be lost.
  virtual void check() {}
  /// "advisory lock", "lease (a connection pooler is in between)", "GET_LOCK", "lock file".
  virtual std::string_view kind() const = 0;
};

}  // namespace sterna
