// The schema that a statement meets, as far as the linter knows it: followed through the migrations
// before it, or taken from a model. Rules ask it for tables, types, keys and indexes. Never
// complete by assumption: what is not known is answered with nothing.
#pragma once

#include "lint/facts.hpp"
#include "model/model.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

struct KnownColumn {
  std::string name;
  std::string type;  ///< as ColumnFact::type
  std::string base;
  std::vector<std::string> arguments;
  bool not_null = false;
  bool is_unsigned = false;
};

struct KnownIndex {
  std::string name;
  std::vector<std::string> columns;
  bool unique = false;
  bool partial = false;
  bool full_text = false;
  std::string method;
};

struct KnownKey {
  std::string name;
  std::vector<std::string> columns;
  Reference references;
};

struct KnownCheck {
  std::string name;
  std::string expression;
  bool valid = true;
};

struct KnownTable {
  ObjectName name;
  bool complete = false;  ///< all its columns and keys are here
  int made_by = -1;  ///< number of the migration that made it; -1: it was there, or is not known
  std::vector<KnownColumn> columns;
  std::vector<std::string> primary_key;
  std::vector<KnownIndex> indexes;
  std::vector<KnownKey> foreign_keys;
  std::vector<KnownCheck> checks;
  std::vector<std::string> partition_key, clustering_key;
  std::vector<KnownColumn> dropped;  ///< columns that it had once
  std::string engine, row_format;
  std::int64_t rows = -1;   ///< about so many, as the database estimates; negative: not known
  std::int64_t bytes = -1;  ///< the same of its size on disk

  const KnownColumn* column(std::string_view wanted) const;
  bool has_full_text() const;
  /// A check that is valid says that the column is not null.
  bool proves_not_null(std::string_view wanted) const;
  /// An index, key or primary key begins with these columns, in any order.
  bool leads_with(const std::vector<std::string>& wanted) const;
};

class Known {
 public:
  const KnownTable* table(const ObjectName& name) const;
  const KnownTable* table_of_index(std::string_view index,
                                   const KnownIndex** found = nullptr) const;
  /// The tables whose foreign keys point to it.
  std::vector<const KnownTable*> referencing(const ObjectName& name) const;
  bool has_view(std::string_view name) const { return views_.contains(std::string(name)); }
  const std::map<std::string, KnownTable>& tables() const { return tables_; }
  /// Everything that exists is known: a table that is not here does not exist.
  bool whole() const { return whole_; }

  /// Follows one statement of migration number `migration`.
  void apply(const StatementFact& fact, int migration);
  /// Starts from a live or replayed schema; `spell` writes a type as the database does.
  void start_from(const model::Model& model, Language language,
                  const std::function<std::string(const model::Type&)>& spell);
  /// Tables that are not known are passed over.
  void estimate(const ObjectName& name, std::int64_t rows, std::int64_t bytes);

 private:
  KnownTable& named(const ObjectName& name, int migration, bool creates);
  void create_table(const StatementFact& fact, int migration);
  void alter(KnownTable& table, const ActionFact& action);
  void add(KnownTable& table, const ColumnFact& column);
  void add(KnownTable& table, const ConstraintFact& constraint);
  void drop_column(KnownTable& table, const std::string& name);
  void rename_table(const ObjectName& from, const std::string& to);

  std::map<std::string, KnownTable> tables_;
  std::map<std::string, int> views_;
  bool whole_ = false;
};

/// "users", "app.users"; the schemas that mean the same as none are left out.
std::string key_of(const ObjectName& name);
std::string shown(const ObjectName& name);
bool same_name(std::string_view a, std::string_view b) noexcept;

}  // namespace sterna::lint
