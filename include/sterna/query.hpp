// Data steps: a small query builder, for migrations and for programs that keep a Database. It makes
// statements with bound values and quoted names, and runs them at once. It is no general SQL: what
// it has no word for is select("…", values) and expression("…").
//
//   schema.table("users").where("active", true).where_null("deleted_at").update({{"role",
//   "member"}});
//
// A Query is a value: copying one copies what was asked so far. It must not outlive the Schema or
// Database it came from.
#pragma once

#include <sterna/export.hpp>
#include <sterna/expression.hpp>
#include <sterna/value.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna {

class Query;
class Conditions;

namespace detail {
struct ConditionNode;
struct QueryDraft;
struct Session;
}  // namespace detail

/// column = value, of an insert or update.
struct STERNA_API Assignment {
  Assignment(std::string_view column_name, Operand new_value);
  Assignment(const Assignment&);
  Assignment(Assignment&&) noexcept;
  Assignment& operator=(const Assignment&);
  Assignment& operator=(Assignment&&) noexcept;
  ~Assignment();

  std::string column;
  Operand value;
};

/// A row to insert: {{"name", "Ann"}, {"age", 3}}.
class STERNA_API Record {
 public:
  Record();
  Record(std::initializer_list<Assignment> fields);
  explicit Record(std::vector<Assignment> fields);
  Record(const Record&);
  Record(Record&&) noexcept;
  Record& operator=(const Record&);
  Record& operator=(Record&&) noexcept;
  ~Record();

  Record& set(std::string_view column, Operand value);
  const std::vector<Assignment>& fields() const noexcept { return fields_; }

 private:
  std::vector<Assignment> fields_;
};

/// A list of values: {1, 2, 3} or a vector of anything that is a value.
class Values {
 public:
  Values(std::initializer_list<Value> values) : list_(values) {}
  template <class T>
  Values(const std::vector<T>& values) : list_(values.begin(), values.end()) {}

  const std::vector<Value>& list() const noexcept { return list_; }

 private:
  std::vector<Value> list_;
};

/// A condition as a value; joined by &&, || and !.
class STERNA_API Condition {
 public:
  /// `op`: = != <> < <= > >= like, not like, ilike, not ilike, is, is not. NULL compared by = and
  /// != becomes IS [NOT] NULL.
  /// @throws Error(validation) for any other operator.
  static Condition compare(Term column, std::string_view op, Operand value);
  /// An empty list is false (NOT IN: true).
  static Condition in(Term column, Values values, bool negated = false);
  static Condition in(Term column, const Query& query, bool negated = false);
  static Condition between(Term column, Operand low, Operand high, bool negated = false);
  static Condition null(Term column, bool negated = false);
  static Condition columns(Term left, std::string_view op, Term right);
  static Condition raw(Expression sql);
  static Condition exists(const Query& query, bool negated = false);
  /// `kind`: 's' starts with, 'e' ends with, 'c' contains; % and _ in `text` mean themselves.
  static Condition pattern(Term column, char kind, std::string_view text);
  static Condition group(const std::function<void(Conditions&)>& fill);

  STERNA_API friend Condition operator&&(Condition left, Condition right);
  STERNA_API friend Condition operator||(Condition left, Condition right);
  STERNA_API friend Condition operator!(Condition condition);

  explicit Condition(std::shared_ptr<const detail::ConditionNode> node);
  Condition(const Condition&);
  Condition(Condition&&) noexcept;
  Condition& operator=(const Condition&);
  Condition& operator=(Condition&&) noexcept;
  ~Condition();

  const detail::ConditionNode& node() const noexcept { return *node_; }

 private:
  std::shared_ptr<const detail::ConditionNode> node_;
};

/// The where family. `Self` has add_condition(Condition, bool alternative). Conditions are joined
/// by AND, those of or_… by OR, in the order written and with SQL's precedence; a function makes a
/// group in parentheses.
template <class Self>
class Filter {
 public:
  using Group = std::function<void(Conditions&)>;

  Self& where(Term column, Operand value) {
    return both(Condition::compare(std::move(column), "=", std::move(value)));
  }
  Self& where(Term column, std::string_view op, Operand value) {
    return both(Condition::compare(std::move(column), op, std::move(value)));
  }
  Self& where(Condition condition) { return both(std::move(condition)); }
  Self& where(const Group& fill) { return both(Condition::group(fill)); }
  Self& or_where(Term column, Operand value) {
    return either(Condition::compare(std::move(column), "=", std::move(value)));
  }
  Self& or_where(Term column, std::string_view op, Operand value) {
    return either(Condition::compare(std::move(column), op, std::move(value)));
  }
  Self& or_where(Condition condition) { return either(std::move(condition)); }
  Self& or_where(const Group& fill) { return either(Condition::group(fill)); }
  Self& where_not(const Group& fill) { return both(!Condition::group(fill)); }
  Self& or_where_not(const Group& fill) { return either(!Condition::group(fill)); }

  Self& where_in(Term column, Values values) {
    return both(Condition::in(std::move(column), std::move(values)));
  }
  Self& where_not_in(Term column, Values values) {
    return both(Condition::in(std::move(column), std::move(values), true));
  }
  Self& or_where_in(Term column, Values values) {
    return either(Condition::in(std::move(column), std::move(values)));
  }
  Self& or_where_not_in(Term column, Values values) {
    return either(Condition::in(std::move(column), std::move(values), true));
  }
  Self& where_in(Term column, const Query& query) {
    return both(Condition::in(std::move(column), query));
  }
  Self& where_not_in(Term column, const Query& query) {
    return both(Condition::in(std::move(column), query, true));
  }
  Self& where_between(Term column, Operand low, Operand high) {
    return both(Condition::between(std::move(column), std::move(low), std::move(high)));
  }
  Self& where_not_between(Term column, Operand low, Operand high) {
    return both(Condition::between(std::move(column), std::move(low), std::move(high), true));
  }
  Self& or_where_between(Term column, Operand low, Operand high) {
    return either(Condition::between(std::move(column), std::move(low), std::move(high)));
  }
  Self& where_null(Term column) { return both(Condition::null(std::move(column))); }
  Self& where_not_null(Term column) { return both(Condition::null(std::move(column), true)); }
  Self& or_where_null(Term column) { return either(Condition::null(std::move(column))); }
  Self& or_where_not_null(Term column) { return either(Condition::null(std::move(column), true)); }
  /// Compares two columns.
  Self& where_column(Term left, std::string_view op, Term right) {
    return both(Condition::columns(std::move(left), op, std::move(right)));
  }
  Self& where_column(Term left, Term right) {
    return both(Condition::columns(std::move(left), "=", std::move(right)));
  }
  Self& where_exists(const Query& query) { return both(Condition::exists(query)); }
  Self& where_not_exists(const Query& query) { return both(Condition::exists(query, true)); }
  /// Any condition: where_raw("length(name) > ?", 3).
  template <class... Parameters>
  Self& where_raw(std::string_view sql, Parameters&&... parameters) {
    return both(Condition::raw(expression(sql, std::forward<Parameters>(parameters)...)));
  }
  template <class... Parameters>
  Self& or_where_raw(std::string_view sql, Parameters&&... parameters) {
    return either(Condition::raw(expression(sql, std::forward<Parameters>(parameters)...)));
  }

 private:
  Self& both(Condition condition) {
    return static_cast<Self*>(this)->add_condition(std::move(condition), false);
  }
  Self& either(Condition condition) {
    return static_cast<Self*>(this)->add_condition(std::move(condition), true);
  }
};

/// What the function of a group fills.
class STERNA_API Conditions : public Filter<Conditions> {
 public:
  Conditions();
  ~Conditions();
  Conditions(const Conditions&) = delete;
  Conditions& operator=(const Conditions&) = delete;
  Conditions& add_condition(Condition condition, bool alternative);

 private:
  friend class Condition;
  std::shared_ptr<detail::ConditionNode> node_;
};

/// How chunk() goes through a table.
struct ChunkOptions {
  std::string key = "id";  ///< of SQL databases: a unique column that is not NULL
  int readers = 4;         ///< ranges of tokens that are read at once (CQL)
  std::string from = {};   ///< a cursor that `at` was given: what lies before it is left out
  /// Called after each call of the body, and at the end of a walk, with a text that can be kept, in
  /// a file or table, for `from`.
  std::function<void(const std::string& cursor)> at = {};
};

class STERNA_API Query : public Filter<Query> {
 public:
  Query(std::shared_ptr<detail::Session> session, std::string_view table);
  Query(const Query& other);
  Query(Query&&) noexcept;
  Query& operator=(const Query& other);
  Query& operator=(Query&&) noexcept;
  ~Query();

  // ---- shape ----
  Query& select(std::initializer_list<Term> columns);
  Query& select(const std::vector<std::string>& columns);
  Query& distinct();
  Query& join(std::string_view table, Term left, Term right) {
    return join_as("JOIN", table, std::move(left), "=", std::move(right));
  }
  Query& join(std::string_view table, Term left, std::string_view op, Term right) {
    return join_as("JOIN", table, std::move(left), op, std::move(right));
  }
  Query& left_join(std::string_view table, Term left, Term right) {
    return join_as("LEFT JOIN", table, std::move(left), "=", std::move(right));
  }
  Query& left_join(std::string_view table, Term left, std::string_view op, Term right) {
    return join_as("LEFT JOIN", table, std::move(left), op, std::move(right));
  }
  Query& order_by(Term column, bool descending = false);
  Query& order_by_desc(Term column) { return order_by(std::move(column), true); }
  Query& group_by(std::initializer_list<Term> columns);
  Query& having(Condition condition);
  Query& having(Term column, std::string_view op, Operand value) {
    return having(Condition::compare(std::move(column), op, std::move(value)));
  }
  Query& limit(std::int64_t rows);
  Query& offset(std::int64_t rows);
  // ---- CQL: refused elsewhere ----
  /// insert(), update(): what is written goes away by itself after so many seconds.
  Query& ttl(std::int64_t seconds);
  /// insert(), update(), remove(): the time of the write, in microseconds since 1970.
  Query& write_time(std::int64_t microseconds);
  /// insert(): only if there is no row of this key. The number of rows affected tells whether it
  /// was so, as for the next two.
  Query& if_not_exists();
  /// update(), remove(): only if there is such a row.
  Query& if_exists();
  /// update(), remove(): only if the row has these values; called again: and these.
  Query& only_if(Condition condition);
  Query& only_if(Term column, Operand value) {
    return only_if(Condition::compare(std::move(column), "=", std::move(value)));
  }
  Query& only_if(Term column, std::string_view op, Operand value) {
    return only_if(Condition::compare(std::move(column), op, std::move(value)));
  }
  /// get(): read and filter what no key or index leads to.
  Query& allow_filtering();

  /// Says that remove() means every row.
  Query& all();
  Query& add_condition(Condition condition, bool alternative);

  // ---- reading ----
  Rows get() const;
  std::optional<Row> first() const;
  std::int64_t count() const;
  bool exists() const;
  /// The column of the first row; empty when there is no row. @throws Error(data) when it is NULL
  /// and T is not optional.
  template <class T>
  std::optional<T> value(std::string_view column) const {
    const std::optional<Row> row = first_of(column);
    if (!row) return std::nullopt;
    return row->template get<T>(0);
  }
  /// One column of all rows.
  template <class T>
  std::vector<T> pluck(std::string_view column) const {
    std::vector<T> values;
    for (const Row& row : column_of(column)) values.push_back(row.template get<T>(0));
    return values;
  }
  /// Empty when there are no rows (or only NULL).
  template <class T>
  std::optional<T> min(std::string_view column) const {
    return convert<std::optional<T>>(aggregate("min", column), column);
  }
  template <class T>
  std::optional<T> max(std::string_view column) const {
    return convert<std::optional<T>>(aggregate("max", column), column);
  }
  template <class T>
  std::optional<T> sum(std::string_view column) const {
    return convert<std::optional<T>>(aggregate("sum", column), column);
  }

  // ---- writing; the number of rows affected ----
  std::int64_t insert(const Record& row);
  /// In as few statements as the server's limit of bound values allows. Rows may leave out
  /// different columns.
  std::int64_t insert(const std::vector<Record>& rows);
  std::int64_t insert_or_ignore(const std::vector<Record>& rows);
  /// Inserts, or updates the row that has the same `conflict` columns (which need a unique key).
  /// `update`: the columns to set from the new row; not given: all but the conflict columns. MySQL
  /// goes by any unique key of the table.
  std::int64_t upsert(const std::vector<Record>& rows, Names conflict,
                      std::optional<Names> update = std::nullopt);
  std::int64_t upsert(const Record& row, Names conflict,
                      std::optional<Names> update = std::nullopt);
  /// insert_select({"name"}, schema.table("old").select({"title"})).
  std::int64_t insert_select(Names columns, const Query& query);
  std::int64_t update(const Record& values);
  std::int64_t increment(std::string_view column, Operand by = 1, const Record& also = {});
  std::int64_t decrement(std::string_view column, Operand by = 1, const Record& also = {});
  /// @throws Error(validation) without a condition, unless all() was called.
  std::int64_t remove();

  /// Calls `body` with at most `size` rows at a time in the order of `key`, a unique column that is
  /// not NULL; `body` may change or remove the rows it is given. Each call runs in a transaction
  /// together with the saved position, so that a run that died goes on with the chunk that was not
  /// finished. Progress is reported. `body` may return false to stop.
  /// @throws Error(validation) for a key whose values the server sorts in one order and compares in
  /// another (MySQL's ENUM, SET and FLOAT).
  void chunk_by_key(std::size_t size, const std::function<bool(const Rows&)>& body,
                    std::string_view key = "id");
  template <class Body>
  requires(std::is_void_v<std::invoke_result_t<Body&, const Rows&>>) void chunk_by_key(
      std::size_t size, Body&& body, std::string_view key = "id") {
    chunk_by_key(size, std::function<bool(const Rows&)>([&body](const Rows& rows) {
                   body(rows);
                   return true;
                 }),
                 key);
  }

  /// The whole table, at most `size` rows at a time, in the way that the database does best: on SQL
  /// databases chunk_by_key() with `options.key`; on Cassandra and ScyllaDB by ranges of tokens, of
  /// which several are read at once, in no order. `body` is called by one thread. A migration that
  /// was interrupted goes on behind the rows that were finished; there, rows of a partition that
  /// was not finished come again.
  void chunk(std::size_t size, const std::function<bool(const Rows&)>& body,
             const ChunkOptions& options = {});
  template <class Body>
  requires(std::is_void_v<std::invoke_result_t<Body&, const Rows&>>) void chunk(
      std::size_t size, Body&& body, const ChunkOptions& options = {}) {
    chunk(size, std::function<bool(const Rows&)>([&body](const Rows& rows) {
            body(rows);
            return true;
          }),
          options);
  }

  /// The SELECT as it would be sent, for messages and tests.
  std::string to_sql() const;

  const detail::QueryDraft& draft() const noexcept { return *draft_; }

 private:
  void chunk_by(std::size_t size, const std::function<bool(const Rows&)>& body,
                const ChunkOptions& options);
  void chunk_by_tokens(std::size_t size, const std::function<bool(const Rows&)>& body,
                       const ChunkOptions& options, const std::string& token);
  Query& join_as(std::string_view kind, std::string_view table, Term left, std::string_view op,
                 Term right);
  std::optional<Row> first_of(std::string_view column) const;
  Rows column_of(std::string_view column) const;
  Value aggregate(std::string_view function, std::string_view column) const;

  std::shared_ptr<detail::Session> session_;
  std::unique_ptr<detail::QueryDraft> draft_;
};

template <class Entity>
class Select;

class Batch;

/// What Schema and Database have in common: data, transactions, and questions about the server.
class STERNA_API DataAccess {
 public:
  Query table(std::string_view name) const;
  /// Rows of a statement written by hand. `?` stands for a value (`??` for a question mark); the
  /// server's own placeholders do too.
  template <class... Parameters>
  Rows select(std::string_view sql, Parameters&&... parameters) const {
    return run_query(expression(sql, std::forward<Parameters>(parameters)...));
  }
  /// A data statement written by hand; the number of rows affected.
  template <class... Parameters>
  std::int64_t execute(std::string_view sql, Parameters&&... parameters) const {
    return run_statement(expression(sql, std::forward<Parameters>(parameters)...));
  }
  /// Commits when `body` returns, rolls back when it throws. Inside another transaction it is a
  /// savepoint.
  void transaction(const std::function<void()>& body) const;
  /// What `body` writes through the batch is sent as one: a BATCH in CQL (all or nothing, and seen
  /// at once within a partition), a transaction elsewhere. It cannot read.
  void batch(const std::function<void(Batch&)>& body) const;
  /// The same without the log that makes it all or nothing across partitions (CQL).
  void unlogged_batch(const std::function<void(Batch&)>& body) const;

  // Typed rows: need <sterna/entity.hpp>.
  template <class Entity>
  Select<Entity> select() const;
  /// By primary key, its columns in the order of the description.
  template <class Entity, class... Key>
  std::optional<Entity> find(const Key&... key) const;
  template <class Entity>
  void insert(const Entity& row) const;
  template <class Entity>
  void insert(const std::vector<Entity>& rows) const;
  /// By primary key; the number of rows affected.
  template <class Entity>
  std::int64_t update(const Entity& row) const;
  template <class Entity>
  std::int64_t remove(const Entity& row) const;

  /// "postgres", "mysql", "sqlite" or "cql".
  std::string engine() const;
  /// "PostgreSQL", "MySQL", "MariaDB", "SQLite", "Cassandra", "ScyllaDB".
  std::string product() const;
  /// major * 10000 + minor * 100 + patch.
  int server_version() const;
  std::string server_version_text() const;
  bool is_postgres() const { return engine() == "postgres"; }
  bool is_mysql() const { return engine() == "mysql"; }
  bool is_sqlite() const { return engine() == "sqlite"; }
  bool is_cql() const { return engine() == "cql"; }
  /// The server's current time, as a value for queries and defaults.
  Expression now() const;
  /// Reports how far a long step is; `total` 0: not known.
  void progress(std::string_view what, std::int64_t done, std::int64_t total = 0) const;

  const std::shared_ptr<detail::Session>& session() const noexcept { return session_; }

 protected:
  explicit DataAccess(std::shared_ptr<detail::Session> session);
  ~DataAccess();
  DataAccess(const DataAccess&) = delete;
  DataAccess& operator=(const DataAccess&) = delete;
  DataAccess(DataAccess&&) noexcept;
  DataAccess& operator=(DataAccess&&) noexcept;

  std::shared_ptr<detail::Session> session_;

 private:
  void run_batch(const std::function<void(Batch&)>& body, bool logged) const;
  Rows run_query(const Expression& sql) const;
  std::int64_t run_statement(const Expression& sql) const;
};

/// What is written through it goes with the batch: table("t").insert(…), execute("…").
class STERNA_API Batch : public DataAccess {
 private:
  friend class DataAccess;
  explicit Batch(std::shared_ptr<detail::Session> session) : DataAccess(std::move(session)) {}
};

}  // namespace sterna
