// What a database says for changing a large table on a copy beside it (a shadow), kept right by
// triggers, until both change places. Used by src/bulk; decides nothing about order or pace.
#pragma once

#include "database/connection.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct Shadow {
  model::Name table, fresh, former;  ///< the table, its copy, and its name after the change
  std::string actions;               ///< of the ALTER TABLE, behind the table's name
  /// A column of the table with its name in the copy.
  struct Column {
    std::string from, to;
    bool recoded = false;     ///< of another character set: compared as characters, not as bytes
    bool nullable = false;    ///< before or after
    bool comparable = false;  ///< the type shows values as the former one did
  };
  std::vector<Column> columns;
  std::vector<std::string> key;  ///< columns of the key, as in the table
  /// Foreign keys of the table: the copy has them under a name of its own until the change is done.
  struct Reference {
    std::string name, meanwhile, definition;  ///< definition: FOREIGN KEY (…) REFERENCES …
  };
  std::vector<Reference> references;
};

/// Whether the copy's range holds what the table's holds: counts and sums over all values.
struct RangeSums {
  std::int64_t rows = 0;
  std::string sums;
  bool operator==(const RangeSums&) const = default;
};

class ShadowWords {
 public:
  virtual ~ShadowWords() = default;

  /// The same ALTER TABLE in forms that keep nobody waiting, to be tried in this order.
  virtual std::vector<Statement> by_itself(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// The server says that it cannot do it in the form it was asked for.
  virtual bool refuses_form(const Error& error) const = 0;
  /// Text that changes whenever the table's definition does.
  virtual std::string definition(Connection& connection, const model::Name& table) const = 0;
  /// Foreign keys of the table, with names for the copy's.
  virtual std::vector<Shadow::Reference> references(Connection& connection,
                                                    const model::Name& table) const = 0;

  virtual std::vector<Statement> make(Connection& connection, const Shadow& shadow) const = 0;
  virtual std::vector<Statement> triggers(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// Takes away triggers and copy, whatever there is of them.
  virtual std::vector<Statement> undo(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// Settings of the session that copies, and those that put it back.
  virtual std::vector<Statement> begin_session() const = 0;
  virtual std::vector<Statement> end_session() const = 0;
  /// Copies the rows of `range` that the triggers have not brought yet.
  virtual std::string copy(const Dialect& dialect, const Shadow& shadow,
                           const std::string& range) const = 0;
  /// The statement that opens a transaction in which two queries see one moment.
  virtual std::string begin_snapshot() const = 0;
  virtual RangeSums sums(Connection& connection, const Shadow& shadow, bool of_copy,
                         const std::string& range) const = 0;
  /// Both change places, at once.
  virtual Statement swap(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// Behind the swap: names, the former table. Can be run again.
  virtual std::vector<Statement> tidy(Connection& connection, const Shadow& shadow) const = 0;
};

}  // namespace sterna
