#include "testing/rows.hpp"

#include "base/text.hpp"
#include "testing/values.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace sterna::trial {
namespace {

using model::Table;

constexpr std::size_t most_attempts = 6;
/// Rows of one partition, where rows lie in partitions.
constexpr std::size_t rows_together = 4;
/// A table that takes none of so many rows takes none at all.
constexpr std::size_t most_misses = 3;

/// Those that others refer to come first; in a circle the order is that of the names.
std::vector<const Table*> parents_first(const model::Model& schema) {
  std::vector<const Table*> ordered;
  std::set<const Table*> done, open;
  const std::function<void(const Table&)> visit = [&](const Table& table) {
    if (done.contains(&table) || !open.insert(&table).second) return;
    for (const model::ForeignKey& key : table.foreign_keys) {
      if (const Table* parent = schema.table(key.referenced_table)) visit(*parent);
    }
    done.insert(&table);
    ordered.push_back(&table);
  };
  for (const Table& table : schema.tables) visit(table);
  return ordered;
}

std::set<std::string> key_columns(const Table& table) {
  std::set<std::string> columns;
  const auto add = [&](const std::vector<model::IndexPart>& parts) {
    for (const model::IndexPart& part : parts) columns.insert(part.column);
  };
  if (table.primary_key) add(table.primary_key->parts);
  for (const model::Unique& unique : table.uniques)
    columns.insert(unique.columns.begin(), unique.columns.end());
  for (const model::Index& index : table.indexes) {
    if (index.unique) add(index.parts);
  }
  columns.insert(table.partition_key.begin(), table.partition_key.end());
  columns.insert(table.clustering_key.begin(), table.clustering_key.end());
  return columns;
}

bool holds(const std::vector<std::string>& columns, const std::string& name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// Counters are counted up, not inserted.
bool counts(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [](const model::Column& column) {
    return column.type.kind == model::TypeKind::counter;
  });
}

class Maker {
 public:
  Maker(Connection& connection, const model::Model& schema)
      : connection_(connection), dialect_(connection.dialect()), schema_(schema) {}

  MadeRows make(std::size_t rows) {
    MadeRows made;
    for (const Table* table : parents_first(schema_)) {
      if (table->temporary || !is_empty(*table)) continue;
      const std::string trouble = fill(*table, rows, made.rows);
      if (!trouble.empty()) made.without.push_back(table->name.text() + ": " + trouble);
    }
    return made;
  }

 private:
  bool is_empty(const Table& table) {
    return connection_.query("SELECT * FROM " + dialect_.quote(table.name) + " LIMIT 1").empty();
  }

  /// Why no row could be made; empty when one was.
  std::string fill(const Table& table, std::size_t rows, std::size_t& made) {
    const std::set<std::string> keys = key_columns(table);
    std::string trouble;
    std::size_t here = 0, misses = 0;
    for (std::size_t row = 0; row < rows && misses < most_misses; ++row) {
      bool done = false;
      for (std::size_t attempt = 0; attempt < most_attempts && !done; ++attempt) {
        try {
          const std::optional<std::string> sql = insert(table, keys, row, attempt, trouble);
          if (!sql) return trouble;
          connection_.execute(*sql);
          done = true;
        } catch (const Error& error) {
          connection_.rollback();
          if (!connection_.alive()) throw;
          trouble = error.what();
        }
      }
      done ? ++here : ++misses;
    }
    made += here;
    return here > 0 ? std::string() : trouble;
  }

  std::optional<std::string> insert(const Table& table, const std::set<std::string>& keys,
                                    std::size_t row, std::size_t attempt, std::string& trouble) {
    if (counts(table)) return count_up(table, row, attempt, trouble);
    std::vector<std::string> columns, values;
    std::map<std::string, std::string> referring = references(table, row, attempt);
    for (const model::Column& column : table.columns) {
      if (column.generated || column.identity == model::Identity::always) continue;
      const auto known = referring.find(column.name);
      const bool distinct = keys.contains(column.name);
      std::string value;
      if (known != referring.end()) {
        value = known->second;
      } else if (column.auto_increment || column.identity != model::Identity::none) {
        continue;  // the database counts
      } else if (column.nullable && !distinct && (row + attempt) % 4 == 3) {
        value = "NULL";
      } else {
        value = made_value(schema_, column, allowed_of(table, column.name, dialect_.language()),
                           distinct, number_of(table, column, row), attempt, dialect_);
      }
      if (value.empty()) {
        if (column.default_value || column.nullable) continue;
        trouble = "no value is known for column " + column.name;
        return std::nullopt;
      }
      if (value == "NULL" && schema_.dialect == "cql") continue;
      columns.push_back(dialect_.quote(column.name));
      values.push_back(std::move(value));
    }
    const std::string into = "INSERT INTO " + dialect_.quote(table.name);
    if (columns.empty())
      return into + (schema_.dialect == "mysql" ? " () VALUES ()" : " DEFAULT VALUES");
    return into + " (" + join(columns, ", ") + ") VALUES (" + join(values, ", ") + ")";
  }

  /// Rows of one partition have the same partition key.
  static std::size_t number_of(const Table& table, const model::Column& column, std::size_t row) {
    const bool shared = !table.clustering_key.empty() && holds(table.partition_key, column.name);
    return shared ? row / rows_together : row;
  }

  std::optional<std::string> count_up(const Table& table, std::size_t row, std::size_t attempt,
                                      std::string& trouble) {
    std::vector<std::string> counters, key;
    for (const model::Column& column : table.columns) {
      const std::string name = dialect_.quote(column.name);
      if (column.type.kind == model::TypeKind::counter) {
        counters.push_back(name + " = " + name + " + " + std::to_string(row + 1));
        continue;
      }
      const std::string value =
          made_value(schema_, column, {}, true, number_of(table, column, row), attempt, dialect_);
      if (value.empty()) {
        trouble = "no value is known for column " + column.name;
        return std::nullopt;
      }
      key.push_back(name + " = " + value);
    }
    return "UPDATE " + dialect_.quote(table.name) + " SET " + join(counters, ", ") + " WHERE " +
           join(key, " AND ");
  }

  /// Values of the columns that refer to other tables: of rows that are there. A table that refers
  /// to itself refers to nothing.
  std::map<std::string, std::string> references(const Table& table, std::size_t row,
                                                std::size_t attempt) {
    std::map<std::string, std::string> values;
    for (const model::ForeignKey& key : table.foreign_keys) {
      const auto set_null = [&] {
        for (const std::string& column : key.columns) {
          const model::Column* own = table.column(column);
          if (own != nullptr && own->nullable) values.emplace(column, "NULL");
        }
      };
      if (key.referenced_table == table.name) {
        set_null();
        continue;
      }
      const std::vector<std::vector<std::string>>& parents = parent_rows(key);
      if (parents.empty()) {
        set_null();
        continue;
      }
      const std::vector<std::string>& parent = parents[(row + attempt) % parents.size()];
      for (std::size_t i = 0; i < key.columns.size() && i < parent.size(); ++i)
        values[key.columns[i]] = parent[i];
    }
    return values;
  }

  const std::vector<std::vector<std::string>>& parent_rows(const model::ForeignKey& key) {
    std::vector<std::string> columns;
    for (const std::string& column : key.referenced_columns)
      columns.push_back(dialect_.quote(column));
    const std::string sql = "SELECT " + (columns.empty() ? "*" : join(columns, ", ")) + " FROM " +
                            dialect_.quote(key.referenced_table);
    const auto [entry, fresh] = parents_.try_emplace(sql);
    if (!fresh) return entry->second;
    for (const Row& row : connection_.query(sql)) {
      std::vector<std::string>& values = entry->second.emplace_back();
      for (std::size_t i = 0; i < row.size(); ++i) values.push_back(dialect_.literal(row[i]));
    }
    return entry->second;
  }

  Connection& connection_;
  const Dialect& dialect_;
  const model::Model& schema_;
  std::map<std::string, std::vector<std::vector<std::string>>> parents_;
};

}  // namespace

MadeRows make_rows(Connection& connection, const model::Model& schema, std::size_t rows) {
  return Maker(connection, schema).make(rows);
}

}  // namespace sterna::trial
