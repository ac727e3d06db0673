#include "database/mysql/explain.hpp"

#include "base/text.hpp"
#include "database/connection.hpp"
#include "database/mysql/errors.hpp"
#include "database/mysql/key_text.hpp"
#include "database/mysql/lock_holders.hpp"
#include "database/mysql/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::mysql {
namespace {

constexpr std::size_t shown_rows = 5;

void add_detail(Error& error, const std::string& text) {
  error.with_detail(error.detail().empty() ? text : error.detail() + "; " + text);
}

std::string field_text(Connection& connection, const Value& value) {
  constexpr std::size_t longest = 60;
  std::string text = connection.dialect().literal(value);
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

/// "(id = 4, post_id = 99), (id = 7, post_id = 98) and more"
std::string rows_text(Connection& connection, const Rows& rows,
                      const std::vector<std::string>& columns) {
  std::string text;
  for (std::size_t i = 0; i < std::min(rows.size(), shown_rows); ++i) {
    text += i > 0 ? ", (" : "(";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      text += fmt::format("{}{} = {}", c > 0 ? ", " : "", columns[c],
                          field_text(connection, rows[i][c]));
    }
    text += ')';
  }
  if (rows.size() > shown_rows) text += " and more";
  return text;
}

std::vector<std::string> primary_key(Questions& questions, const ObjectName& table) {
  std::vector<std::string> columns;
  for (const Row& row : questions.ask(
           fmt::format("SELECT column_name FROM information_schema.key_column_usage WHERE {} AND "
                       "constraint_name = 'PRIMARY' ORDER BY ordinal_position",
                       questions.is_table("table_schema", "table_name", table))))
    columns.push_back(row.get<std::string>(0));
  return columns;
}

/// The rows of a new foreign key that have no counterpart, found as the server looks for them: a
/// row with a NULL in the key is let through (MATCH SIMPLE).
void explain_orphans(Error& error, Connection& connection, Questions& questions,
                     const KeyTexts& keys, const ForeignKeyText& key) {
  ObjectName other = key.other;
  if (other.schema.empty()) other.schema = keys.table.schema;  // not the session's database
  std::vector<std::string> shown = primary_key(questions, keys.table);
  std::string order;
  for (const std::string& column : shown)
    order += (order.empty() ? " ORDER BY c." : ", c.") + questions.quote(column);
  for (const std::string& column : key.columns) {
    if (std::find(shown.begin(), shown.end(), column) == shown.end()) shown.push_back(column);
  }
  std::string list, join, set;
  for (const std::string& column : shown)
    list += (list.empty() ? "c." : ", c.") + questions.quote(column);
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string mine = "c." + questions.quote(key.columns[i]);
    join += fmt::format("{}p.{} = {}", i > 0 ? " AND " : "", questions.quote(key.other_columns[i]),
                        mine);
    set += mine + " IS NOT NULL AND ";
  }
  const Rows rows = questions.ask(
      fmt::format("SELECT {} FROM {} AS c LEFT JOIN {} AS p ON {} WHERE {}p.{} IS NULL{} LIMIT {}",
                  list, questions.quote(keys.table), questions.quote(other), join, set,
                  questions.quote(key.other_columns[0]), order, shown_rows + 1));
  if (rows.empty()) return;
  add_detail(error, fmt::format("rows of {} without one in {}: {}", keys.table.name, other.name,
                                rows_text(connection, rows, shown)));
  error.with_object(keys.table.name + (key.name.empty() ? "" : " " + key.name));
}

void explain_duplicates(Error& error, Connection& connection, Questions& questions,
                        const ObjectName& table, const UniqueKeyText& key) {
  std::string group, set;
  for (const std::string& part : key.parts) {
    group += (group.empty() ? "" : ", ") + part;
    set += (set.empty() ? "" : " AND ") + part + " IS NOT NULL";
  }
  const Rows rows = questions.ask(
      fmt::format("SELECT {0}, COUNT(*) FROM {1} WHERE {2} GROUP BY {0} HAVING COUNT(*) > 1 ORDER "
                  "BY {0} LIMIT {3}",
                  group, questions.quote(table), set, shown_rows + 1));
  if (rows.empty()) return;
  std::vector<std::string> names = rows.front().columns();
  names.back() = "rows";
  add_detail(error, fmt::format("values of {} that occur more than once: {}", table.name,
                                rows_text(connection, rows, names)));
  error.with_object(table.name + (key.name.empty() ? "" : " " + key.name));
}

// ---- foreign keys that need an index, a column or a table ----

struct ForeignKey {
  std::string name;
  ObjectName table, other;
  std::vector<std::string> columns, other_columns;
};

std::vector<ForeignKey> foreign_keys(Questions& questions, const ObjectName& table) {
  std::vector<ForeignKey> keys;
  const Rows rows = questions.ask(fmt::format(
      "SELECT constraint_name, table_schema, table_name, referenced_table_schema, "
      "referenced_table_name, GROUP_CONCAT(column_name ORDER BY ordinal_position SEPARATOR '\n'), "
      "GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position SEPARATOR '\n') FROM "
      "information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL AND ({} OR {}) "
      "GROUP BY 1, 2, 3, 4, 5 ORDER BY 2, 3, 1",
      questions.is_table("table_schema", "table_name", table),
      questions.is_table("referenced_table_schema", "referenced_table_name", table)));
  for (const Row& row : rows) {
    const auto text = [&](std::size_t i) { return row.get<std::string>(i); };
    keys.push_back({text(0),
                    {text(1), text(2)},
                    {text(3), text(4)},
                    split(text(5), '\n'),
                    split(text(6), '\n')});
  }
  return keys;
}

std::string without_own_schema(const ObjectName& name, const std::string& schema) {
  return name.schema == schema ? name.name : name.schema + "." + name.name;
}

std::string described(const ForeignKey& key, const std::string& schema) {
  return fmt::format("foreign key {} of {} ({}) on {} ({})", key.name,
                     without_own_schema(key.table, schema), join(key.columns, ", "),
                     without_own_schema(key.other, schema), join(key.other_columns, ", "));
}

std::vector<std::string> index_columns(Questions& questions, const ObjectName& table,
                                       const std::string& index) {
  std::vector<std::string> columns;
  for (const Row& row : questions.ask(fmt::format(
           "SELECT column_name FROM information_schema.statistics WHERE {} "
           "AND index_name = {} ORDER BY seq_in_index",
           questions.is_table("table_schema", "table_name", table), questions.literal(index)))) {
    if (!row[std::size_t{0}].is_null()) columns.push_back(to_lower(row.get<std::string>(0)));
  }
  return columns;
}

/// An index serves a foreign key when the key's columns are its first ones (MySQL manual, "FOREIGN
/// KEY Constraints").
bool serves(const std::vector<std::string>& index, const std::vector<std::string>& columns) {
  return columns.size() <= index.size() &&
         std::equal(columns.begin(), columns.end(), index.begin(),
                    [](const std::string& a, const std::string& b) { return to_lower(a) == b; });
}

bool holds(const std::vector<std::string>& columns, const std::string& column) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const std::string& own) { return to_lower(own) == to_lower(column); });
}

/// Tells one key and how to get past it. `columns` are those that need an index of `table`; empty
/// when an index does not help.
void tell_key(Error& error, Questions& questions, const ForeignKey& key, const ObjectName& table,
              const std::vector<std::string>& columns, const std::string& schema) {
  add_detail(error, described(key, schema) + " needs it");
  const auto shown = [&](const ObjectName& name) {
    return questions.quote(ObjectName{name.schema == schema ? "" : name.schema, name.name});
  };
  if (!columns.empty()) {
    std::string list;
    for (const std::string& column : columns)
      list += (list.empty() ? "" : ", ") + questions.quote(column);
    error.suggest(fmt::format(
        "make another index that begins with the same columns first: ALTER TABLE {} ADD INDEX ({})",
        shown(table), list));
  }
  error.suggest(fmt::format("or drop the key first: ALTER TABLE {} DROP FOREIGN KEY {}",
                            shown(key.table), questions.quote(key.name)));
}

void explain_needed(Error& error, Questions& questions) {
  const StatementSummary summary = classify(error.statement(), Language::mysql);
  std::vector<ObjectName> tables{summary.table.name.empty() ? summary.name : summary.table};
  const bool drops_tables =
      (summary.verb == Verb::drop && summary.object == "TABLE") || summary.verb == Verb::truncate;
  if (drops_tables)
    tables.insert(tables.end(), summary.more_names.begin(), summary.more_names.end());
  const std::optional<KeyTexts> texts = read_keys(error.statement());
  const std::string database = questions.database();
  for (const ObjectName& name : tables) {
    const ObjectName table{name.schema.empty() ? database : name.schema, name.name};
    std::vector<std::vector<std::string>> indexes;
    if (texts) {
      for (const std::string& index : texts->dropped_indexes)
        indexes.push_back(index_columns(questions, table, index));
    }
    for (const ForeignKey& key : foreign_keys(questions, table)) {
      const auto served = [&](const std::vector<std::string>& columns) {
        return std::any_of(indexes.begin(), indexes.end(),
                           [&](const auto& index) { return serves(index, columns); });
      };
      const auto dropped = [&](const std::vector<std::string>& columns) {
        return std::any_of(
            summary.actions.begin(), summary.actions.end(), [&](const AlterAction& action) {
              return action.kind == AlterAction::Kind::drop_column && holds(columns, action.name);
            });
      };
      const bool child = key.table == table;
      const bool parent = key.other == table;
      if (child && served(key.columns))
        tell_key(error, questions, key, table, key.columns, database);
      else if (parent && served(key.other_columns))
        tell_key(error, questions, key, table, key.other_columns, database);
      else if ((child && dropped(key.columns)) || (parent && dropped(key.other_columns)) ||
               (drops_tables && parent && !child))
        tell_key(error, questions, key, table, {}, database);
    }
  }
}

void explain_keys(Error& error, Connection& connection, Questions& questions) {
  const std::optional<KeyTexts> keys = read_keys(error.statement());
  if (!keys) return;
  const unsigned number = number_of(error);
  if (number == 1062 || number == 1586) {
    for (const UniqueKeyText& key : keys->unique_keys)
      explain_duplicates(error, connection, questions, keys->table, key);
    return;
  }
  for (const ForeignKeyText& key : keys->foreign_keys)
    explain_orphans(error, connection, questions, *keys, key);
}

void explain_by_number(Error& error, Connection& connection) {
  Questions questions(connection);
  switch (number_of(error)) {
    case 1062:  // ER_DUP_ENTRY
    case 1586:  // ER_DUP_ENTRY_WITH_KEY_NAME
    case 1216:  // ER_NO_REFERENCED_ROW
    case 1452:  // ER_NO_REFERENCED_ROW_2
      return explain_keys(error, connection, questions);
    case 1025:  // ER_ERROR_ON_RENAME: what MariaDB says of a referenced primary key
    case 1217:  // ER_ROW_IS_REFERENCED
    case 1451:  // ER_ROW_IS_REFERENCED_2
    case 1553:  // ER_DROP_INDEX_FK
    case 1701:  // ER_TRUNCATE_ILLEGAL_FK
    case 1828:  // ER_FK_COLUMN_CANNOT_DROP
    case 1829:  // ER_FK_COLUMN_CANNOT_DROP_CHILD
    case 3730:  // ER_FK_CANNOT_DROP_PARENT
      return explain_needed(error, questions);
    case 1205:  // ER_LOCK_WAIT_TIMEOUT
    case 3572:  // ER_LOCK_NOWAIT
      return explain_lock(error, questions);
    default:
      return;
  }
}

}  // namespace

void explain(Error& error, Connection& connection) noexcept {
  try {
    if (!connection.alive() || connection.in_transaction()) return;
    explain_by_number(error, connection);
  } catch (const std::exception&) {  // the error itself is what matters
  }
}

}  // namespace sterna::mysql
