// What no ALTER can do to a table, and the table made anew instead: created beside the old one, the
// rows copied, and copied back under the old name, because CQL renames no tables.
#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "database/cql/copy.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/keys.hpp"
#include "database/cql/refuse.hpp"
#include "database/cql/scratch.hpp"
#include "database/cql/type_text.hpp"

namespace sterna::cql {
namespace {

using model::Column;
using model::Table;

/// Why only a new table will do; nothing when ALTER can do it all.
std::optional<std::string> why_anew(const Table& from, const Table& to) {
  const Keys old = keys_of(from), now = keys_of(to);
  const auto key = "its primary key changes from " + old.text() + " to " + now.text();
  if (old.partition != now.partition || old.clustering.size() != now.clustering.size()) return key;
  for (std::size_t i = 0; i < old.clustering.size(); ++i) {
    if (old.clustering[i].column != now.clustering[i].column) return key;
    if (old.clustering[i].descending != now.clustering[i].descending)
      return "the clustering order of " + old.clustering[i].column + " changes";
  }
  for (const Column& column : from.columns) {
    if (to.column(column.name) == nullptr && column.type.kind == model::TypeKind::user_type)
      return column.name + " of a user type that is not frozen goes";
  }
  for (const Column& column : to.columns) {
    const Column* before = from.column(column.name);
    if (before == nullptr) continue;
    if (before->type != column.type) {
      return "the type of " + column.name + " changes from " + words().type_name(before->type, {}) +
             " to " + words().type_name(column.type, {});
    }
    if (before->is_static != column.is_static)
      return column.name + (column.is_static ? " becomes static" : " is static no more");
  }
  return std::nullopt;
}

/// A name that cannot come back, because values of another type may still lie on disk.
std::optional<std::string> why_not_back(const Table& from, const Table& to) {
  for (const Column& column : to.columns) {
    if (from.column(column.name) != nullptr) continue;
    for (const Column& dropped : from.dropped.columns) {
      if (dropped.name != column.name) continue;
      if (takes_back(dropped.type, column.type) && dropped.is_static == column.is_static) continue;
      return "a column " + column.name + " of the type " + words().type_name(dropped.type, {}) +
             " was dropped before, and its values may still lie on disk: the server refuses the "
             "name for the type " +
             words().type_name(column.type, {}) + "; give the new column another name";
    }
  }
  return std::nullopt;
}

/// The rows of the one have a place in the other (as copy_plan.cpp asks for it).
bool rows_fit(const Table& from, const Table& to) {
  const Keys now = keys_of(to);
  const auto counts = [](const Column& column) {
    return column.type.kind == model::TypeKind::counter;
  };
  if (std::any_of(from.columns.begin(), from.columns.end(), counts)) return false;
  return std::all_of(to.columns.begin(), to.columns.end(), [&](const Column& column) {
    const Column* before = from.column(column.name);
    if (before == nullptr) return !now.holds(column.name);
    return converts(before->type, column.type) && (before->is_static || !column.is_static);
  });
}

bool same_shape(const Table& one, const Table& other) {
  const auto columns_of = [](const Table& table) {
    std::vector<Column> columns = table.columns;
    std::sort(columns.begin(), columns.end(),
              [](const Column& a, const Column& b) { return a.name < b.name; });
    return columns;
  };
  const std::vector<Column> columns = columns_of(one), others = columns_of(other);
  return keys_of(one) == keys_of(other) &&
         std::equal(columns.begin(), columns.end(), others.begin(), others.end(),
                    [](const Column& a, const Column& b) {
                      return a.name == b.name && a.type == b.type && a.is_static == b.is_static;
                    });
}

std::vector<std::string> lost_columns(const Table& from, const Table& to) {
  std::vector<std::string> names;
  for (const Column& column : from.columns)
    if (to.column(column.name) == nullptr) names.push_back(column.name);
  return names;
}

Change copy_of(const Table& from, const Table& to) {
  return RawSql{{copy_text({from.name, to.name, lost_columns(from, to)}), {}, {}, {}}, {}};
}
Change drop_of(const Table& table) { return DropTable{table.name, false, false, table}; }

}  // namespace

std::optional<std::string> CqlDialect::cannot_alter(const Table& from, const Table& to) const {
  if (const auto reason = why_anew(from, to))
    return from.name.text() + ": " + *reason + ", which no ALTER can do; " + by_new_table;
  if (const auto reason = why_not_back(from, to)) return from.name.text() + ": " + *reason;
  return std::nullopt;
}

model::Name CqlDialect::interim_of(const model::Name& table) const {
  const std::size_t longest = capabilities({}).max_identifier_length;
  std::string name = std::string(copy_prefix) + table.name;
  if (name.size() > longest)
    name = name.substr(0, longest - 9) + "_" + sha256_hex(table.name).substr(0, 8);
  return {table.schema, name};
}

std::string CqlDialect::copy_rows(const model::Name& from, const model::Name& to,
                                  const std::vector<std::string>& without) const {
  return copy_text({from, to, without});
}

bool CqlDialect::renames_column(const Table& table, std::string_view column) const {
  return keys_of(table).holds(std::string(column));
}

/// The old table is dropped only when the interim one has all rows, and has the interim one's shape
/// from then on: so the shapes tell which of the two is whole.
std::optional<Dialect::Remake> CqlDialect::remake(const Table* old, const Table& to,
                                                  const Table* interim) const {
  Remake result;
  std::vector<Change>& changes = result.changes;
  if (old == nullptr) {
    if (interim == nullptr || !rows_fit(*interim, to)) return std::nullopt;
    changes = {CreateTable{to, false}, copy_of(*interim, to), drop_of(*interim)};
    result.drops = lost_columns(*interim, to);
    return result;
  }
  const std::optional<std::string> reason = why_anew(*old, to);
  if (interim != nullptr && same_shape(*old, *interim)) {
    changes = {copy_of(*interim, *old), drop_of(*interim)};
    interim = nullptr;
  } else if (interim != nullptr && (!reason || !same_shape(*interim, to))) {
    changes.push_back(drop_of(*interim));
    interim = nullptr;
  }
  result.whole = reason.has_value();
  if (!reason) return changes.empty() ? std::nullopt : std::optional(std::move(result));
  if (!rows_fit(*old, to)) return std::nullopt;
  Table beside = to;
  beside.name = interim_of(to.name);
  beside.indexes.clear();
  if (interim == nullptr) changes.emplace_back(CreateTable{beside, false});
  changes.push_back(copy_of(*old, beside));
  changes.push_back(drop_of(*old));
  changes.emplace_back(CreateTable{to, false});
  changes.push_back(copy_of(beside, to));
  changes.push_back(drop_of(beside));
  result.cost = "makes table " + to.name.text() + " anew (" + *reason +
                "): its rows are copied out, the table is dropped, and they are copied back; what "
                "programs write into it meanwhile is lost";
  result.drops = lost_columns(*old, to);
  return result;
}

}  // namespace sterna::cql
