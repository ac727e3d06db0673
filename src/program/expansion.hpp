// One expansion of a column with its names, types and values, as both of its migrations write them.
// Used by expand.cpp and expand_carry.cpp alone.
#pragma once

#include "database/column_use.hpp"
#include "program/expand.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna {

[[noreturn]] void refuse_expansion(const ColumnExpansion& wanted, const std::string& reason,
                                   const std::string& advice);

class Expansion {
 public:
  /// @throws Error(validation) when the column cannot be expanded, with what to do.
  Expansion(const model::Table& table, const model::Column& column, const ColumnExpansion& wanted,
            Connection& like);

  // words
  std::string q(const std::string& name) const { return dialect.quote(name); }
  std::string table_text() const { return dialect.quote(table.name); }
  std::string alter() const { return "ALTER TABLE " + table_text() + " "; }
  /// What lies in the table's schema.
  std::string in_schema(const std::string& name) const {
    return dialect.quote(model::Name(table.name.schema, name));
  }
  /// Of an index, constraint or statistics object until the swap.
  std::string interim(const std::string& name) const { return shortened(name + "_new"); }
  /// As the server cuts no name silently.
  std::string shortened(const std::string& name) const;
  /// A text of the catalog over the new column instead of the old one.
  std::string over_new(std::string_view text) const;

  // values
  /// The new value; with `prefix` ("NEW."), of the row that a trigger sees.
  std::string value(const std::string& prefix) const;
  /// The old value, of what was written into the new column.
  std::string back(const std::string& prefix) const;
  /// Whether two values of the new column differ, or of the old one.
  std::string differ(const std::string& one, const std::string& other, bool of_new = true) const;
  /// A conversion to the new type drops the end of what is too long without a word.
  bool cuts() const {
    return wanted.value.empty() && use.collatable && new_type.find('(') != std::string::npos;
  }
  /// Of the new column; empty: none. Notes when the old one's cannot be said for it.
  std::string default_text(std::vector<std::string>& notes) const;
  /// "users.price becomes cents, as bigint".
  std::string what() const;

  const model::Table& table;
  const model::Column& column;
  const ColumnExpansion& wanted;
  const Dialect& dialect;
  ColumnUse use;
  std::string old_type, new_type;
  std::string collation;  ///< " COLLATE …" behind the new type, or empty
  bool renamed = false;
  std::string beside;    ///< the new column's name at first
  std::string last;      ///< and at the end
  std::string function;  ///< that the trigger calls
  std::string trigger;   ///< fires behind all that may change a row

 private:
  std::string last_trigger_name() const;
  void check_values(Connection& like) const;
  std::vector<std::string> column_names() const;
};

/// What stands on the old column, remade over the new one.
struct CarriedOver {
  std::string expand;       ///< statements of the first migration, behind the backfill
  std::string before_drop;  ///< of the second, before the old column goes
  std::string after_swap;   ///< and when the new one has its place
  std::vector<std::string> notes;
};
CarriedOver carry_over(const Expansion& expansion);

}  // namespace sterna
