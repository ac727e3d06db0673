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
  std::vector<model::Type> key_types;
  /// A foreign key that goes over to the copy: one of the table, or one of another table that
  /// refers to it. Names are unique in a database, so it bears another one until the change is
  /// done.
  struct Reference {
    model::Name owner;  ///< the table that it belongs to
    std::string name, meanwhile;
    std::string definition;  ///< FOREIGN KEY (…) REFERENCES …, as before and after the change
    std::string to_copy;     ///< the same with the copy; empty when it refers to a third table
    std::vector<std::string> referenced;  ///< columns of the table that it refers to
  };
  std::vector<Reference> references;
  /// A trigger of the table, made again for the copy.
  struct Trigger {
    std::string name, timing, event, definer, body, sql_mode, charset, collation;
  };
  std::vector<Trigger> triggers;  ///< in the order in which they run
  /// Foreign keys will refer to the copy while it is kept right: no row of it may be replaced.
  bool referred = false;
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
  /// Foreign keys of the table.
  virtual std::vector<Shadow::Reference> references(Connection& connection,
                                                    const Shadow& shadow) const = 0;
  /// Foreign keys of other tables that refer to `referred`: the table, or its former self.
  virtual std::vector<Shadow::Reference> referrers(Connection& connection, const Shadow& shadow,
                                                   const model::Name& referred) const = 0;
  /// Triggers of the table that are not Sterna's.
  virtual std::vector<Shadow::Trigger> triggers_of(Connection& connection,
                                                   const Shadow& shadow) const = 0;

  virtual std::vector<Statement> make(Connection& connection, const Shadow& shadow) const = 0;
  virtual std::vector<Statement> triggers(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// The table's triggers on the copy, where they do nothing as long as Sterna's own write to it.
  virtual std::vector<Statement> guarded(Connection& connection, const Shadow& shadow) const = 0;
  /// Takes the guarded triggers away.
  virtual std::vector<Statement> unguarded(Connection& connection, const Shadow& shadow,
                                           const model::Name& table) const = 0;
  /// Foreign keys of shadow.references, of the table itself (`own`) or of others, that are to refer
  /// to the copy and do not yet.
  virtual std::vector<Statement> bind(Connection& connection, const Shadow& shadow,
                                      bool own) const = 0;
  /// The same keys as they were: by their names, to the table of that name.
  virtual std::vector<Statement> release(Connection& connection, const Shadow& shadow) const = 0;
  /// Takes away triggers and copy, whatever there is of them.
  virtual std::vector<Statement> undo(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// Settings of the session that copies, and those that put it back.
  virtual std::vector<Statement> begin_session() const = 0;
  virtual std::vector<Statement> end_session() const = 0;
  /// Copies the rows of `range` that the triggers have not brought yet.
  virtual std::string copy(const Dialect& dialect, const Shadow& shadow,
                           const std::string& range) const = 0;
  /// Brings the copy's rows of a range to what the table holds.
  virtual std::vector<Statement> mend(const Dialect& dialect, const Shadow& shadow,
                                      const std::string& range,
                                      const std::string& range_of_copy) const = 0;
  /// The statement that opens a transaction in which two queries see one moment.
  virtual std::string begin_snapshot() const = 0;
  virtual RangeSums sums(Connection& connection, const Shadow& shadow, bool of_copy,
                         const std::string& range) const = 0;
  /// Both change places, at once.
  virtual Statement swap(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// Keys that came to refer to the former table just before the swap refer to the table again.
  virtual std::vector<Statement> recall(const Dialect& dialect, const Shadow& shadow,
                                        const std::vector<Shadow::Reference>& late) const = 0;
  virtual Statement drop_former(const Dialect& dialect, const Shadow& shadow) const = 0;
  /// The table's triggers as they were, in the place of the guarded ones; while nobody writes.
  virtual std::vector<Statement> own_triggers(Connection& connection,
                                              const Shadow& shadow) const = 0;
};

}  // namespace sterna
