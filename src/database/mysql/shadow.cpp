// Tables changed on a copy, on MySQL and MariaDB.
#include "database/shadow.hpp"

#include "base/text.hpp"
#include "database/mysql/connection.hpp"
#include "database/mysql/engine.hpp"
#include "database/mysql/quiet.hpp"
#include "database/mysql/shadow_surroundings.hpp"

#include <algorithm>

namespace sterna::mysql {
namespace {

using Columns = std::vector<Shadow::Column>;

std::string trigger(const Dialect& dialect, const Shadow& shadow, const char* event) {
  // The copy's name is short enough, and known to be Sterna's.
  return dialect.quote(model::Name(shadow.fresh.schema, shadow.fresh.name + event));
}

std::string names(const Dialect& dialect, const Columns& columns, std::string Shadow::Column::*side,
                  const std::string& before = {}) {
  std::vector<std::string> list;
  for (const Shadow::Column& column : columns) list.push_back(before + dialect.quote(column.*side));
  return join(list, ", ");
}

const std::string& in_copy(const Shadow& shadow, const std::string& column) {
  const auto found =
      std::find_if(shadow.columns.begin(), shadow.columns.end(),
                   [&](const Shadow::Column& candidate) { return candidate.from == column; });
  return found == shadow.columns.end() ? column : found->to;
}

/// The copy's row of the row OLD.
std::string old_row(const Dialect& dialect, const Shadow& shadow) {
  std::vector<std::string> conditions;
  for (const std::string& column : shadow.key)
    conditions.push_back(dialect.quote(shadow.fresh) + "." +
                         dialect.quote(in_copy(shadow, column)) + " <=> OLD." +
                         dialect.quote(column));
  return join(conditions, " AND ");
}

constexpr std::string_view counter = " AUTO_INCREMENT=";

/// The next number as SHOW CREATE TABLE tells it: in its catalogs, MySQL 8 keeps an old one for a
/// day (manual, "information_schema_stats_expiry").
std::string next_number(const std::string& definition) {
  const std::size_t at = definition.rfind(counter);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + counter.size();
  return definition.substr(begin, definition.find_first_not_of("0123456789", begin) - begin);
}

/// The copy's row of the row NEW. A row that is replaced is deleted on the way, which foreign keys
/// that refer to it would notice: then it is changed where it stands.
std::string put_new(const Dialect& dialect, const Shadow& shadow) {
  const std::string into = dialect.quote(shadow.fresh) + " (" +
                           names(dialect, shadow.columns, &Shadow::Column::to) + ") VALUES (" +
                           names(dialect, shadow.columns, &Shadow::Column::from, "NEW.") + ")";
  if (!shadow.referred) return "REPLACE INTO " + into;
  std::vector<std::string> assigned;
  for (const Shadow::Column& column : shadow.columns)
    assigned.push_back(dialect.quote(column.to) + " = NEW." + dialect.quote(column.from));
  return "INSERT INTO " + into + " ON DUPLICATE KEY UPDATE " + join(assigned, ", ");
}

/// A row of the table by the key of OLD or NEW.
std::string row_of_table(const Dialect& dialect, const Shadow& shadow, const char* version) {
  std::vector<std::string> conditions;
  for (const std::string& column : shadow.key)
    conditions.push_back(dialect.quote(shadow.table) + "." + dialect.quote(column) + " <=> " +
                         version + "." + dialect.quote(column));
  return " FROM " + dialect.quote(shadow.table) + " WHERE " + join(conditions, " AND ");
}

/// The copy's row of NEW as it stands in the table: MariaDB also fires for rows that UPDATE IGNORE
/// has left as they were.
std::string put_from_table(const Dialect& dialect, const Shadow& shadow) {
  const std::string table = dialect.quote(shadow.table) + ".";
  const std::string into = dialect.quote(shadow.fresh) + " (" +
                           names(dialect, shadow.columns, &Shadow::Column::to) + ") SELECT " +
                           names(dialect, shadow.columns, &Shadow::Column::from, table) +
                           row_of_table(dialect, shadow, "NEW");
  if (!shadow.referred) return "REPLACE INTO " + into;
  std::vector<std::string> assigned;
  for (const Shadow::Column& column : shadow.columns)
    assigned.push_back(dialect.quote(shadow.fresh) + "." + dialect.quote(column.to) + " = " +
                       table + dialect.quote(column.from));
  return "INSERT INTO " + into + " ON DUPLICATE KEY UPDATE " + join(assigned, ", ");
}

/// The copy's row of OLD gets the key of NEW: rows that refer to it follow as they do in the table.
std::string move_key(const Dialect& dialect, const Shadow& shadow) {
  std::vector<std::string> assigned;
  for (const std::string& column : shadow.key)
    assigned.push_back(dialect.quote(in_copy(shadow, column)) + " = NEW." + dialect.quote(column));
  return "UPDATE " + dialect.quote(shadow.fresh) + " SET " + join(assigned, ", ") + " WHERE " +
         old_row(dialect, shadow) + "; END IF; ";
}

class Words final : public ShadowSurroundings {
 public:
  std::vector<Statement> by_itself(const Dialect& dialect, const Shadow& shadow) const override {
    const std::string alter = "ALTER TABLE " + dialect.quote(shadow.table) + " " + shadow.actions;
    return {plain(alter + ", ALGORITHM=INSTANT"), plain(alter + ", ALGORITHM=INPLACE, LOCK=NONE")};
  }

  // 1845 ER_ALTER_OPERATION_NOT_SUPPORTED, 1846 the same with the reason; 1221 and 1235 where the
  // form itself is not known; 1800 ER_UNKNOWN_ALTER_ALGORITHM. 3780 of MySQL 8.0, the columns of a
  // foreign key would no longer fit, is told better of the copy.
  bool refuses_form(const Error& error) const override {
    static const std::vector<std::string> codes{"1845", "1846", "1221", "1235", "1800", "3780"};
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
      return error.code().find(code) != std::string::npos;
    });
  }

  std::string definition(Connection& connection, const model::Name& table) const override {
    std::string text = create_statement(connection, table);
    // The counter goes on while the table is in use.
    if (const std::string number = next_number(text); !number.empty())
      text.erase(text.rfind(counter), counter.size() + number.size());
    return text;
  }

  // CREATE TABLE … LIKE leaves out foreign keys and the counter.
  std::vector<Statement> make(Connection& connection, const Shadow& shadow) const override {
    const Dialect& dialect = connection.dialect();
    const std::string fresh = dialect.quote(shadow.fresh);
    std::vector<Statement> statements{
        plain("CREATE TABLE " + fresh + " LIKE " + dialect.quote(shadow.table)),
        plain("ALTER TABLE " + fresh + " " + shadow.actions)};
    // Cascades fire no trigger: the copy has to have them itself. What refers to the table itself
    // waits until the copy has all rows.
    for (const Shadow::Reference& reference : shadow.references) {
      if (!reference.to_copy.empty()) continue;
      statements.push_back(plain("ALTER TABLE " + fresh + " ADD CONSTRAINT " +
                                 dialect.quote(reference.meanwhile) + " " + reference.definition));
    }
    if (const std::string number = next_number(create_statement(connection, shadow.table));
        !number.empty())
      statements.push_back(plain("ALTER TABLE " + fresh + " AUTO_INCREMENT = " + number));
    return statements;
  }

  // The triggers for deletes and updates come first: a row that is inserted before its trigger is
  // there is found by the copy.
  std::vector<Statement> triggers(const Dialect& dialect, const Shadow& shadow) const override {
    const std::string fresh = dialect.quote(shadow.fresh);
    const std::string remove = "DELETE FROM " + fresh + " WHERE " + old_row(dialect, shadow);
    std::vector<std::string> same;
    for (const std::string& column : shadow.key)
      same.push_back("OLD." + dialect.quote(column) + " <=> NEW." + dialect.quote(column));
    const std::string moved = "NOT (" + join(same, " AND ") + ") AND NOT EXISTS (SELECT 1" +
                              row_of_table(dialect, shadow, "OLD") + ")";
    const auto on = [&](const char* suffix, const char* event, const std::string& body) {
      // Triggers of the copy see by the time of the statement that it is not a program's own.
      const std::string guard = shadow.triggers.empty() ? "" : "SET @sterna_shadow = NOW(6); ";
      const std::string end = guard.empty() ? "" : "SET @sterna_shadow = NULL; ";
      return plain("CREATE TRIGGER " + trigger(dialect, shadow, suffix) + " AFTER " + event +
                   " ON " + dialect.quote(shadow.table) + " FOR EACH ROW BEGIN " + guard + body +
                   end + "END");
    };
    const std::string put = put_new(dialect, shadow) + "; ";
    const std::string follow = put_from_table(dialect, shadow) + "; ";
    std::string change = remove + " AND " + moved + "; " + follow;
    if (shadow.referred) change = "IF " + moved + " THEN " + move_key(dialect, shadow) + follow;
    return {on("_d", "DELETE", remove + "; "), on("_u", "UPDATE", change), on("_i", "INSERT", put)};
  }

  std::vector<Statement> undo(const Dialect& dialect, const Shadow& shadow) const override {
    std::vector<Statement> statements;
    for (const char* event : {"_i", "_u", "_d"})
      statements.push_back(plain("DROP TRIGGER IF EXISTS " + trigger(dialect, shadow, event)));
    statements.push_back(plain("DROP TABLE IF EXISTS " + dialect.quote(shadow.fresh)));
    return quietly(std::move(statements));
  }

  // A value that does not fit is an error, not another value; a key of 0 stays 0.
  std::vector<Statement> begin_session() const override {
    return {plain(
        "SET @sterna_sql_mode = COALESCE(@sterna_sql_mode, @@SESSION.sql_mode), SESSION sql_mode = "
        "CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')")};
  }
  // Also what a failure between two definitions may have left.
  std::vector<Statement> end_session() const override {
    return {plain("UNLOCK TABLES"),
            plain("SET SESSION sql_mode = COALESCE(@sterna_sql_mode, @@SESSION.sql_mode), SESSION "
                  "foreign_key_checks = COALESCE(CAST(@sterna_checks AS SIGNED), "
                  "@@SESSION.foreign_key_checks + 0), "
                  "SESSION character_set_client = COALESCE(@sterna_charset, "
                  "@@SESSION.character_set_client), SESSION collation_connection = "
                  "COALESCE(@sterna_collation, @@SESSION.collation_connection), @sterna_sql_mode = "
                  "NULL, @sterna_checks = NULL")};
  }

  // The rows are locked until the copy has them: a change either comes before, or waits and comes
  // through its trigger. What a trigger has brought already is newer and stays.
  std::string copy(const Dialect& dialect, const Shadow& shadow,
                   const std::string& range) const override {
    const std::string key = dialect.quote(in_copy(shadow, shadow.key.front()));
    return "INSERT INTO " + dialect.quote(shadow.fresh) + " (" +
           names(dialect, shadow.columns, &Shadow::Column::to) + ") SELECT " +
           names(dialect, shadow.columns, &Shadow::Column::from,
                 dialect.quote(shadow.table) + ".") +
           " FROM " + dialect.quote(shadow.table) + " WHERE " + range +
           " LOCK IN SHARE MODE ON DUPLICATE KEY UPDATE " + key + " = " +
           dialect.quote(shadow.fresh) + "." + key;
  }

  // Without checks: a row that is replaced is deleted on the way, and rows that refer to it stay.
  std::vector<Statement> mend(const Dialect& dialect, const Shadow& shadow,
                              const std::string& range,
                              const std::string& range_of_copy) const override {
    const std::string table = dialect.quote(shadow.table), fresh = dialect.quote(shadow.fresh);
    std::vector<std::string> same;
    for (const std::string& column : shadow.key)
      same.push_back(table + "." + dialect.quote(column) + " = " + fresh + "." +
                     dialect.quote(in_copy(shadow, column)));
    return {
        plain("SET @sterna_checks = COALESCE(@sterna_checks, @@SESSION.foreign_key_checks + 0), "
              "SESSION foreign_key_checks = 0"),
        plain("DELETE " + fresh + " FROM " + fresh + " LEFT JOIN " + table + " ON " +
              join(same, " AND ") + " WHERE " + range_of_copy + " AND " + table + "." +
              dialect.quote(shadow.key.front()) + " IS NULL"),
        plain("REPLACE INTO " + fresh + " (" + names(dialect, shadow.columns, &Shadow::Column::to) +
              ") SELECT " + names(dialect, shadow.columns, &Shadow::Column::from, table + ".") +
              " FROM " + table + " WHERE " + range + " LOCK IN SHARE MODE"),
        plain("SET SESSION foreign_key_checks = CAST(@sterna_checks AS SIGNED), @sterna_checks = "
              "NULL")};
  }

  std::string begin_snapshot() const override {
    return "START TRANSACTION WITH CONSISTENT SNAPSHOT";
  }

  RangeSums sums(Connection& connection, const Shadow& shadow, bool of_copy,
                 const std::string& range) const override {
    const Dialect& dialect = connection.dialect();
    std::vector<std::string> values, nulls;
    for (const Shadow::Column& column : shadow.columns) {
      const std::string name = dialect.quote(of_copy ? column.to : column.from);
      if (column.nullable) nulls.push_back("ISNULL(" + name + ")");
      if (column.comparable)
        values.push_back(column.recoded ? "CONVERT(" + name + " USING utf8mb4)" : name);
    }
    if (!nulls.empty()) values.push_back("CONCAT(" + join(nulls, ", ") + ")");
    if (values.empty()) values.emplace_back("0");
    // A sum, not BIT_XOR: equal changes of an even number of rows would vanish in that.
    const Row row =
        connection
            .query("SELECT COUNT(*), COALESCE(SUM(CRC32(CONCAT_WS('#', " + join(values, ", ") +
                   "))), 0) FROM " + dialect.quote(of_copy ? shadow.fresh : shadow.table) +
                   " WHERE " + range)
            .front();
    return {row.get<std::int64_t>(0), row.get<std::string>(1)};
  }

  Statement swap(const Dialect& dialect, const Shadow& shadow) const override {
    return plain("RENAME TABLE " + dialect.quote(shadow.table) + " TO " +
                 dialect.quote(shadow.former) + ", " + dialect.quote(shadow.fresh) + " TO " +
                 dialect.quote(shadow.table));
  }

  // Triggers of the former table, Sterna's among them, go with it.
  Statement drop_former(const Dialect& dialect, const Shadow& shadow) const override {
    return plain("DROP TABLE IF EXISTS " + dialect.quote(shadow.former));
  }
};

}  // namespace

const ShadowWords& shadow() {
  static const Words words;
  return words;
}

std::vector<std::string> MysqlConnection::leftovers() {
  std::vector<std::string> lines;
  for (const Row& row :
       query("SELECT table_name FROM information_schema.tables WHERE table_schema = "
             "DATABASE() AND table_name LIKE '\\_sterna\\_new\\_%' ORDER BY 1")) {
    const std::string name = row.get<std::string>(0);
    lines.push_back("table " + name +
                    " is the copy of an online change that was not ended: `sterna up` goes on with "
                    "it, `sterna resolve NAME --abandon` gives it up");
  }
  return lines;
}

}  // namespace sterna::mysql
