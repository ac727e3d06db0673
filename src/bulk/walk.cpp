#include "bulk/walk.hpp"

#include "base/text.hpp"
#include "model/kinds.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::bulk {
namespace {

/// Names that a person wrote are compared as the database folds them.
bool same(const model::Name& live, const model::Name& wanted, const std::string& default_schema) {
  if (!equals_ignoring_case(live.name, wanted.name)) return false;
  const std::string& schema = live.schema.empty() ? default_schema : live.schema;
  return wanted.schema.empty() ? live.schema.empty()
                               : equals_ignoring_case(schema, wanted.schema) ||
                                     (live.schema.empty() && wanted.schema == "main");
}

bool whole_columns(const std::vector<model::IndexPart>& parts) {
  return !parts.empty() &&
         std::all_of(parts.begin(), parts.end(), [](const model::IndexPart& part) {
           return !part.column.empty() && !part.prefix_length;
         });
}

bool never_null(const model::Table& table, const std::vector<std::string>& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const model::Column* column = table.column(name);
    return column != nullptr && !column->nullable;
  });
}

std::vector<std::string> columns_of(const std::vector<model::IndexPart>& parts) {
  std::vector<std::string> columns;
  for (const model::IndexPart& part : parts) columns.push_back(part.column);
  return columns;
}

std::optional<std::int64_t> number_of(const Place& place) {
  const std::string& text = place.front();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// From the lesser to the greater of two numbers.
std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

}  // namespace

std::vector<model::Type> types_of(const model::Table& table, const std::vector<std::string>& key) {
  std::vector<model::Type> types;
  for (const std::string& name : key) {
    const model::Column* column = table.column(name);
    types.push_back(column == nullptr ? model::Type() : column->type);
  }
  return types;
}

std::vector<std::string> key_of_table(const model::Table& table, const BulkWords& words) {
  std::string unordered;  // a column that stands in the way of a key
  const auto usable = [&](const std::vector<std::string>& key) {
    for (const std::string& name : key) {
      const model::Column* column = table.column(name);
      if (column == nullptr || words.can_order(column->type)) continue;
      unordered = name;
      return false;
    }
    return true;
  };
  if (table.primary_key && whole_columns(table.primary_key->parts)) {
    const std::vector<std::string> key = columns_of(table.primary_key->parts);
    if (usable(key)) return key;
  }
  for (const model::Unique& unique : table.uniques) {
    if (never_null(table, unique.columns) && usable(unique.columns)) return unique.columns;
  }
  for (const model::Index& index : table.indexes) {
    if (!index.unique || !index.where.empty() || !whole_columns(index.parts)) continue;
    const std::vector<std::string> key = columns_of(index.parts);
    if (never_null(table, key) && usable(key)) return key;
  }
  throw Error(ErrorKind::validation,
              unordered.empty()
                  ? "table '" + table.name.text() +
                        "' has no primary key and no unique key without NULLs: its rows cannot be "
                        "gone through in batches"
                  : "column '" + unordered + "' in the key of table '" + table.name.text() +
                        "' is of a type whose order cannot be written down as a condition: its "
                        "rows cannot be gone through in batches")
      .with_object(table.name.text())
      .with_state("nothing was run")
      .suggest("give it a primary key, or a unique index over NOT NULL columns, before this step")
      .suggest("for a small table leave the directive out: then it is one statement");
}

bool is_whole_number(const model::Table& table, const std::vector<std::string>& key) {
  const model::Column* column = key.size() == 1 ? table.column(key.front()) : nullptr;
  return column != nullptr && model::is_integer(column->type.kind);
}

std::optional<Place> number_behind(const Place& after, const Place& end, std::int64_t rows) {
  const std::optional<std::int64_t> from = number_of(after), to = number_of(end);
  if (!from || !to) return std::nullopt;
  if (*to <= *from || distance(*from, *to) <= static_cast<std::uint64_t>(rows)) return end;
  return Place{std::to_string(*from + rows)};
}

bool close_together(const Place& after, const Place& to, std::int64_t rows) {
  const std::optional<std::int64_t> from = number_of(after), until = number_of(to);
  if (!from || !until || *until <= *from) return false;
  return static_cast<std::uint64_t>(rows) >= distance(*from, *until) / 5 * 4;
}

std::optional<model::Table> live_table(Connection& connection, const model::Name& name) {
  InspectOptions what;
  if (!name.schema.empty() && connection.capabilities().schemas) what.schemas = {name.schema};
  const model::Model model = connection.inspect(what);
  for (const model::Table& table : model.tables) {
    if (same(table.name, name, model.default_schema)) return table;
  }
  return std::nullopt;
}

Walk::Walk(Connection& connection, const BulkWords& words, std::string table_text,
           std::string reference, const std::vector<std::string>& key,
           const std::vector<model::Type>& types)
    : connection_(connection), words_(words), source_(std::move(table_text)) {
  const Dialect& dialect = connection.dialect();
  for (std::size_t i = 0; i < key.size(); ++i) {
    key_.push_back(words.key_part(dialect, reference + "." + dialect.quote(key[i]), types.at(i)));
    columns_.push_back(key_.back().column);
  }
  if (reference != source_) source_ += " AS " + reference;
}

std::optional<Place> Walk::look_up(const std::string& rest) {
  std::vector<std::string> values;
  for (const KeyPart& part : key_) values.push_back(part.value);
  const Rows rows = connection_.query("SELECT " + join(values, ", ") + " FROM " + source_ + rest);
  if (rows.empty()) return std::nullopt;
  Place place;
  for (std::size_t i = 0; i < columns_.size(); ++i)
    place.push_back(connection_.dialect().literal(rows.front()[i]));
  return place;
}

std::optional<Place> Walk::last() {
  std::vector<std::string> order;
  for (const std::string& column : columns_) order.push_back(column + " DESC");
  std::string known;
  for (const std::string& column : columns_)
    known += (known.empty() ? " WHERE " : " AND ") + column + " IS NOT NULL";
  return look_up(known + " ORDER BY " + join(order, ", ") + " LIMIT 1");
}

Place Walk::next(const std::optional<Place>& after, const Place& end, std::int64_t rows,
                 const std::string& condition) {
  std::string where = " WHERE " + range(after, end);
  if (!condition.empty()) where += " AND (" + condition + "\n)";
  return look_up(where + " ORDER BY " + join(columns_, ", ") + " LIMIT 1 OFFSET " +
                 std::to_string(rows - 1))
      .value_or(end);
}

std::string Walk::range(const std::optional<Place>& after, const Place& to) const {
  const std::string until = words_.compare(key_, "<=", to);
  return after ? words_.compare(key_, ">", *after) + " AND " + until : until;
}

bool Walk::has_null_keys() {
  std::vector<std::string> missing;
  for (const std::string& column : columns_) missing.push_back(column + " IS NULL");
  return !connection_
              .query("SELECT 1 FROM " + source_ + " WHERE " + join(missing, " OR ") + " LIMIT 1")
              .empty();
}

}  // namespace sterna::bulk
