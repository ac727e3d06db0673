// What one database speaks: words, types, rendering of changes, and verdicts about statements. One
// object a database, without state; the connection is passed in where the live schema matters. The
// walk over a change stands once in render.cpp; a dialect gives the words and refuses, naming the
// alternative, what its database cannot do.
#pragma once

#include "change/change.hpp"
#include "sql/classify.hpp"
#include "sql/language.hpp"
#include "sql/statement.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

class Connection;

/// Product and version, read from the server. `version` = major * 10000 + minor * 100 + patch.
struct ServerInfo {
  std::string product;  ///< "PostgreSQL", "MySQL", "MariaDB", "SQLite", "Cassandra", "ScyllaDB"
  std::string version_text;
  int version = 0;
};

/// How "insert, or update the row that is there" is written. `always`: every INSERT is one (CQL).
enum class UpsertStyle { on_conflict, on_duplicate_key, always };

struct Capabilities {
  bool transactional_ddl = false;    ///< DDL and the history row commit together
  bool batches_in_one_trip = false;  ///< several statements a round trip
  bool native_enum = false;
  bool comments = false;
  bool concurrent_indexes = false;
  bool schemas = false;                ///< history_schema can be used
  bool renders_from_live = false;      ///< a change is written by looking at the schema it meets
  bool column_positions = false;       ///< ADD COLUMN … AFTER
  bool foreign_keys_by_alter = true;   ///< else they belong to CREATE TABLE, and others come by a
                                       ///< rebuild
  bool nullable_primary_keys = false;  ///< a primary key may hold NULLs
  bool names_primary_keys = false;     ///< a primary key without a name is TABLE_pkey
  bool not_null = true;                ///< a column can refuse to be without a value
  bool multi_row_insert = true;        ///< INSERT … VALUES (…), (…)
  bool renames_indexes = true;         ///< else one is dropped and made anew
  bool relational = true;              ///< joins, subqueries, OR, NOT, OFFSET
  bool conditional_writes = false;     ///< IF NOT EXISTS, IF EXISTS, IF column = value of data
  bool time_to_live = false;           ///< USING TTL, USING TIMESTAMP
  bool foreign_keys_need_indexes = false;  ///< the index over a foreign key's columns, and their
                                           ///< types, cannot change while the key is there
  bool renames_constraints = false;        ///< else one comes and the other goes
  bool rebuilds_tables = false;         ///< some changes make a table anew, with foreign keys off
                                        ///< meanwhile: the directive `foreign-keys off`
  bool reorders_columns = false;        ///< a column that is there can be put elsewhere
  bool retypes_under_generated = true;  ///< a column can get another type while a generated one
                                        ///< reads it
  std::size_t max_identifier_length = 63;
  std::size_t max_parameters = 65535;  ///< bound values of one statement
  UpsertStyle upsert = UpsertStyle::on_conflict;
};

struct RenderContext {
  ServerInfo server;                 ///< version to render for
  Connection* connection = nullptr;  ///< live schema for what needs it (SQLite rebuild, MySQL
                                     ///< before RENAME COLUMN); nullptr offline
};

/// What a rendered change needs from whoever runs it. SQLite's rebuild needs foreign keys off
/// before BEGIN and a check before COMMIT.
struct Rendered {
  std::vector<Statement> statements;
  bool needs_foreign_keys_off = false;
};

/// Did an interrupted statement take effect? Found by looking, never guessed.
enum class Effect {
  none,
  complete,
  repeatable /* running it again gives the same result */,
  partial /* see repair */,
  unknown
};
struct EffectReport {
  Effect effect = Effect::unknown;
  std::string evidence;  ///< "table posts exists", for the log and for resolve
  std::vector<Statement>
      repair;  ///< partial: what to run before the statement is run again (drop an INVALID index)
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name()
      const = 0;  ///< "postgres", "mysql", "sqlite", "cql"; the directive and JSON name
  virtual Language language() const = 0;
  /// Of the script files that `new` makes; both endings are read everywhere.
  std::string_view script_ending() const { return language() == Language::cql ? ".cql" : ".sql"; }
  virtual Capabilities capabilities(const ServerInfo& server) const = 0;

  // words
  virtual std::string quote(std::string_view identifier) const = 0;
  std::string quote(const std::string& identifier) const {
    return quote(std::string_view(identifier));
  }
  std::string quote(const char* identifier) const { return quote(std::string_view(identifier)); }
  std::string quote(const model::Name& name) const;               ///< schema.name
  virtual std::string placeholder(std::size_t number) const = 0;  ///< of bound value 1, 2, …
  virtual std::string literal(const Value& value) const = 0;
  virtual std::string now()
      const = 0;  ///< expression: current UTC-comparable timestamp with fraction
  virtual std::string utc_now() const = 0;  ///< expression: the server's clock, UTC, as a timestamp
                                            ///< without zone, with fraction
  /// Expression for the history row that is written last: microseconds since the transaction began
  /// (transactional DDL) or since the row's `applied_at` (journal). Empty where the client may as
  /// well measure, because a statement costs no round trip.
  virtual std::string elapsed_microseconds() const { return {}; }
  // Rows of Sterna's own history, which are found by a key. Columns with their values as literals
  // or expressions.
  using OwnFields = std::vector<std::pair<std::string_view, std::string>>;
  /// The name of a column, quoted where one of them is a word of the language.
  virtual std::string own_column(std::string_view column) const { return std::string(column); }
  /// All rows, those with a lower `order` first where the server can sort.
  virtual std::string own_select(const std::vector<std::string_view>& columns,
                                 std::string_view table, std::string_view order) const;
  virtual std::string own_insert(std::string_view table, const OwnFields& fields,
                                 const OwnFields& key) const;
  virtual std::string own_update(std::string_view table, const OwnFields& fields,
                                 const OwnFields& key) const;
  virtual std::string own_delete(std::string_view table, const OwnFields& key) const;
  /// Takes out all rows in one statement; nothing where they go one by one.
  virtual std::optional<std::string> own_clear(std::string_view table) const;

  /// The statement that takes all rows out of a table at once.
  virtual std::string truncate(const model::Name& table) const {
    return "TRUNCATE TABLE " + quote(table);
  }
  /// @throws Error(validation) that names the alternative when the database has no such type.
  virtual std::string type_name(const model::Type& type, const ServerInfo& server) const = 0;

  /// Statements for one change, in order. @throws Error(validation) naming the object and the
  /// alternative when it cannot be done.
  virtual Rendered render(const Change& change, const RenderContext& context) const = 0;

  /// Where a kind of object (lower case) comes among the others of a whole schema: before all of
  /// them (-1: extensions), after (1: what acts on everything made later), or where its needs put
  /// it.
  virtual int creation_rank(std::string_view /*kind*/) const { return 0; }
  /// What must stand around the statements of all these changes (PostgreSQL: bodies of functions
  /// may name what is made after them).
  struct Frame {
    std::vector<Statement> before, after;
  };
  virtual Frame script_frame(const std::vector<Change>& /*changes*/) const { return {}; }

  /// A change in the form that keeps nobody waiting, step by step. `from`: the schema before the
  /// change, as far as it is known. By itself: the change as it is.
  struct SafeStep {
    Change change;
    bool own_commit = false;  ///< cannot run in a transaction, or must not share one: its lock
                              ///< would be held until the end
  };
  virtual std::vector<SafeStep> safe_form(const Change& change, const model::Model& /*from*/,
                                          const ServerInfo& /*server*/) const {
    return {{change, false}};
  }

  /// Why no ALTER turns the one table into the other, with what to do instead (CQL: another primary
  /// key, another type of a column). Nothing when the changes of the diff will do.
  virtual std::optional<std::string> cannot_alter(const model::Table& /*from*/,
                                                  const model::Table& /*to*/) const {
    return std::nullopt;
  }

  /// A table that no ALTER turns into the other is made anew beside itself, its rows are copied
  /// there, and the interim table is left when all of them are back under the old name. Also goes
  /// on where an earlier try ended, which the schema tells. Nothing: the database, or this change,
  /// has no such way.
  struct Remake {
    std::vector<Change> changes;
    std::string cost;  ///< "makes table t anew: …"; empty: nothing goes that was there
    std::vector<std::string> drops;  ///< columns that go with their values
    bool whole = true;               ///< false: the table is altered afterwards, as any other
  };
  /// `old`: the table as it is, nullptr when it is missing; `interim`: what an earlier try made.
  virtual std::optional<Remake> remake(const model::Table* /*old*/, const model::Table& /*to*/,
                                       const model::Table* /*interim*/) const {
    return std::nullopt;
  }
  /// The interim table of a remake; empty where there is none.
  virtual model::Name interim_of(const model::Name& /*table*/) const { return {}; }
  /// The statement that copies all rows of one table into another, except for the values of these
  /// columns, and can be interrupted (CQL); empty where INSERT … SELECT does it.
  virtual std::string copy_rows(const model::Name& /*from*/, const model::Name& /*to*/,
                                const std::vector<std::string>& /*without*/) const {
    return {};
  }
  /// False where this column, or without one the table, cannot get another name (CQL: all but the
  /// columns of the primary key).
  virtual bool renames_column(const model::Table& /*table*/, std::string_view /*column*/) const {
    return true;
  }

  /// What the database named by itself keeps its name when a table or its columns get another
  /// (PostgreSQL: sequences of columns, NOT NULL constraints). The changes that name it as it would
  /// be in a new table. `was` and `now` have the same columns in the same order.
  virtual std::vector<Change> rename_along(const model::Table& /*was*/, const model::Table& /*now*/,
                                           const ServerInfo& /*server*/) const {
    return {};
  }

  /// CREATE OR REPLACE exists for this kind of object (lower case) and keeps what depends on it, if
  /// its shape (columns, arguments) stays.
  virtual bool replaces_object(std::string_view kind, const ServerInfo& server) const = 0;
  /// The same for one whose definition changes from one to the other.
  virtual bool replaces_object(const model::Object& from, const model::Object& /*to*/,
                               const ServerInfo& server) const {
    return replaces_object(from.kind, server);
  }
  /// Statements that make of one object the other and leave what depends on it alone (PostgreSQL's
  /// ALTER DOMAIN). Empty where nothing does.
  virtual std::vector<std::string> alter_object(const model::Object& /*from*/,
                                                const model::Object& /*to*/) const {
    return {};
  }

  /// What a domain (an object of that kind) is a domain of.
  virtual model::Type base_of_domain(const model::Object& /*domain*/) const { return {}; }

  /// What brings the options of one table to those of another: one for each that differs, or what
  /// else the database can do (PostgreSQL attaches a partition with its bound).
  virtual std::vector<SetTableOption> option_changes(const model::Table& from,
                                                     const model::Table& to) const;
  /// The table that this one is a part of, as the database prints its name (PostgreSQL: of a
  /// partition); empty: none.
  virtual std::string parent_of(const model::Table& /*table*/) const { return {}; }
  /// Whether the table gets the column, and changes of it, from another one, before and after;
  /// `column` empty: all that its parent gets.
  virtual bool follows_parent(const model::Table& /*from*/, const model::Table& /*to*/,
                              std::string_view /*column*/) const {
    return false;
  }
  /// An option of an index or key that changes by itself with its table (PostgreSQL: it is attached
  /// with the partition).
  virtual bool follows_table(std::string_view /*option*/) const { return false; }
  /// Whether any value of the one type can become one of the other. Where none can, a changed
  /// column goes and comes anew.
  virtual bool converts(const model::Type& /*from*/, const model::Type& /*to*/) const {
    return true;
  }

  /// Makes the schema (keyspace) the session's current one; empty: there are no schemas within a
  /// database.
  virtual std::string use_schema(const std::string& /*name*/) const { return {}; }
  /// What an INSERT says that gives the identity columns of this table values of its own, between
  /// its columns and VALUES (" OVERRIDING SYSTEM VALUE").
  virtual std::string_view identity_override(const model::Table& /*table*/) const { return {}; }
  /// Lets the keys that the database makes go on after those of the rows that are there.
  virtual std::vector<Statement> advance_keys(const model::Table& /*table*/) const { return {}; }

  // verdicts about statements
  std::optional<std::string> refuses_transaction(
      const Statement& statement) const;  ///< reason, from sql/classify
  /// True when this statement ends the open transaction (MySQL DDL).
  bool commits_implicitly(const Statement& statement) const;

  // Scripts for the database's own command-line client.
  /// What such a script begins with: commands of the client that make it stop at the first error,
  /// where it does not do so by itself. With line ends.
  virtual std::string_view client_head() const { return {}; }
  /// An assertion as statements with their ends, which fail unless `query` gives no rows or a
  /// single zero. `place` names it in the error. Nothing where no statement can do that.
  virtual std::optional<std::string> client_assertion(std::string_view /*query*/,
                                                      std::string_view /*place*/) const {
    return std::nullopt;
  }

  // clocks. Statements to send first in a transaction (`in_transaction`) or session; 0 = leave as
  // it is. Seconds.
  virtual std::vector<Statement> timeouts(double statement_timeout, double lock_timeout,
                                          bool in_transaction) const = 0;

  /// Takes the lock timeout off the session for a statement that waits, by its nature, for all
  /// older transactions to end (CREATE INDEX CONCURRENTLY): it would fail for nothing. Empty for
  /// all others.
  virtual std::vector<Statement> wait_patiently(const Statement& /*statement*/) const { return {}; }

  /// True when the effect of a statement cannot be told from the existence of its objects, so that
  /// `fingerprint` must be read first.
  virtual bool needs_fingerprint(const Statement& /*statement*/) const { return false; }
  /// Text whose change shows that a statement took effect, read before it runs, when its effect
  /// cannot be told from existence alone (an index added without a name). Empty: not needed.
  virtual std::string fingerprint(Connection& connection, const Statement& statement) const;
  /// Looks whether `statement`, which was in flight when a run died, took effect. Called under the
  /// lock.
  virtual EffectReport effect(Connection& connection, const Statement& statement,
                              std::string_view fingerprint_before) const = 0;

  /// Adds what can only be learnt by asking (the first offending rows of a foreign key, who blocks)
  /// to an error. Never throws.
  virtual void explain(Error& error, Connection& connection) const noexcept;
};

}  // namespace sterna
