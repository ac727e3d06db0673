// What a database says for work on very many rows in small steps: how keys and values are compared,
// how many rows there are, what a short transaction may leave out, how busy the server is, and the
// trigger that keeps rows right meanwhile. Used by src/bulk; decides nothing about batches.
#pragma once

#include "database/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sterna {

/// What the server was doing at a moment. Negative: it does not tell.
struct ServerLoad {
  double replica_lag = -1;  ///< seconds that the slowest replica is behind
  int running = -1;         ///< sessions that run a statement now, this one not counted
};

/// A trigger that does to one row what an UPDATE does to all: for rows that come or change while
/// batches run.
struct SyncTrigger {
  std::string name;                 ///< of the trigger, and of what it needs
  std::string table;                ///< as written in a statement
  std::string reference;            ///< what the table's columns are qualified with
  std::vector<std::string> key;     ///< columns of the key, unquoted
  std::vector<std::string> inputs;  ///< columns that the values are made of, unquoted
  /// Columns (unquoted) with their values: as they stand in the UPDATE, and with each column of the
  /// row as NEW.column.
  struct Value {
    std::string column, expression, of_new;
  };
  std::vector<Value> values;
  std::string condition, condition_of_new;  ///< empty: every row
};

/// A column of a key that a table is gone through by.
struct KeyPart {
  std::string column;  ///< qualified and quoted
  std::string value;   ///< what is read of it, so that the literal of it compares exactly
  /// Literals in the order of the key, where `<` and `>` go by another one; empty: they do not.
  std::vector<std::string> order = {};
};

class BulkWords {
 public:
  virtual ~BulkWords() = default;

  /// Whether comparing keys of this type can be written down.
  virtual bool can_order(const model::Type& /*type*/) const { return true; }
  virtual KeyPart key_part(const Dialect& dialect, std::string column,
                           const model::Type& type) const;

  /// Reads the type of a column whose values `<` and ORDER BY put in different orders, or that are
  /// shown as others than they are: a position in it cannot be taken up. Other columns give no row.
  /// Empty: this server has none such.
  virtual std::string type_out_of_order(const Dialect& /*dialect*/, const model::Name& /*table*/,
                                        const std::string& /*column*/) const {
    return {};
  }

  /// A condition: two expressions are not the same; NULL is the same as NULL.
  virtual std::string differs(const std::string& left, const std::string& right) const = 0;
  /// `(a, b) > (1, 2)`, in the form that the server finds by the key's index. `op`: ">" or "<=";
  /// values are literals.
  virtual std::string compare(const std::vector<KeyPart>& key, std::string_view op,
                              const std::vector<std::string>& values) const;
  /// An estimate, or a count where that is as cheap.
  virtual std::int64_t rows_about(Connection& connection, const model::Name& table) const = 0;
  /// Settings of one batch's transaction, sent behind its BEGIN: how long it waits for locks, and
  /// what it may leave out because its cursor is lost together with its rows.
  virtual std::vector<Statement> batch_settings(const Dialect& dialect,
                                                double lock_timeout) const = 0;
  virtual ServerLoad load(Connection& connection) const = 0;
  /// Seconds that this server, a replica, is behind the one it copies from. Negative: it copies
  /// from none. Endless when it has stopped to copy.
  virtual double replica_lag(Connection& replica) const = 0;
  /// Why rows of the table cannot be changed together with a cursor; empty: they can.
  virtual std::string refuses(const model::Table& /*table*/) const { return {}; }
  /// Statements that can be run again. @throws Error(validation) where there is none such.
  virtual std::vector<Statement> make_sync(const Dialect& dialect,
                                           const SyncTrigger& trigger) const = 0;
  virtual std::vector<Statement> drop_sync(const Dialect& dialect,
                                           const SyncTrigger& trigger) const = 0;
};

/// Drops a sync trigger that is two, NAME_i for inserts and NAME_u for updates.
std::vector<Statement> drop_sync_pair(const Dialect& dialect, const SyncTrigger& trigger);

}  // namespace sterna
