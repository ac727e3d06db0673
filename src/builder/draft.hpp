// What the builders of <sterna/table.hpp> fill: a table, or the actions on one, while the
// migration's function runs. Turned into one CreateTable or AlterTable change at the end. Internal
// to this room; knows no SQL.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <sterna/expression.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "change/change.hpp"
#include "database/dialect.hpp"

namespace sterna::detail {

struct ColumnDraft {
  model::Column column;
  bool primary = false;
  bool modify = false, if_missing = false, first = false;
  std::string after, using_expression;
  unsigned called = 0;  ///< ModifyColumn parts that were asked for besides the type
  std::optional<model::Column> was;
};

struct PrimaryDraft {
  model::PrimaryKey key;
};

/// An index, or a unique key that becomes a constraint if it has nothing that only an index can
/// have.
struct KeyDraft {
  model::Index index;
  bool constraint = false;
  std::map<std::string, std::string> constraint_options;
  bool deferrable = false, initially_deferred = false;
  bool concurrently = false, if_missing = false;
};

struct ForeignDraft {
  model::ForeignKey key;
};

struct CheckDraft {
  model::Check check;
  std::string column;    ///< whose check it is; empty: the table's
  bool unnamed = false;  ///< no default name is made up
};

struct ExclusionDraft {
  model::Exclusion exclusion;
};

using DraftItem = std::variant<ColumnDraft, PrimaryDraft, KeyDraft, ForeignDraft, CheckDraft,
                               ExclusionDraft, TableAction>;

struct TableDraft {
  TableDraft(std::string_view table_name, bool is_alter, const Dialect& table_dialect,
             const ServerInfo& server);
  /// Another draft for the same database.
  TableDraft(std::string_view table_name, bool is_alter, const TableDraft& like);

  model::Name name;
  bool altering;
  const Dialect& dialect;
  std::size_t max_identifier;
  bool nullable_keys;  ///< a primary key may hold NULLs (SQLite)
  bool not_null;       ///< columns can refuse to be without a value
  /// In the order of the calls. A deque: the builders keep pointers to its elements.
  std::deque<DraftItem> items;
  model::Table settings;                     ///< comment, engine, charset, …, in create mode
  std::vector<model::IndexPart> clustering;  ///< CQL, with their order

  template <class Item>
  Item& add(Item item) {
    return std::get<Item>(items.emplace_back(std::in_place_type<Item>, std::move(item)));
  }
  void act(TableAction action) {
    items.emplace_back(std::in_place_type<TableAction>, std::move(action));
  }

  /// @throws Error(validation) about the table, or one of its columns.
  [[noreturn]] void refuse(const std::string& message) const;
  [[noreturn]] void refuse(std::string_view column, const std::string& message) const;
  /// @throws Error(validation) unless this is alter_table (create_table).
  void only_in_alter(std::string_view what) const;
  void only_in_create(std::string_view what) const;
};

/// The table that was described. @throws Error(validation).
model::Table finish_table(const TableDraft& draft);
/// The same for a part of a table, whose keys may refer to columns it does not hold.
model::Table finish_fragment(const TableDraft& draft);
/// The actions that were described, in order. @throws Error(validation).
std::vector<TableAction> finish_actions(const TableDraft& draft);

/// What Operand says as a column's default.
model::Default default_of(const Operand& operand, const Dialect& dialect);

}  // namespace sterna::detail
