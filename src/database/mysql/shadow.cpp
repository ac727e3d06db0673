// Tables changed on a copy, on MySQL and MariaDB.
#include "database/shadow.hpp"

#include "base/text.hpp"
#include "database/mysql/connection.hpp"
#include "database/mysql/engine.hpp"

#include <algorithm>

namespace sterna::mysql {
namespace {

using Columns = std::vector<Shadow::Column>;

Statement plain(std::string sql) { return {std::move(sql), {}, {}, {}}; }

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

std::string created_by(Connection& connection, const model::Name& table) {
  const Rows rows = connection.query("SHOW CREATE TABLE " + connection.dialect().quote(table));
  return rows.empty() ? std::string() : rows.front().get<std::string>(1);
}

/// The next number as SHOW CREATE TABLE tells it: in its catalogs, MySQL 8 keeps an old one for a
/// day (manual, "information_schema_stats_expiry").
std::string next_number(const std::string& definition) {
  const std::size_t at = definition.rfind(counter);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + counter.size();
  return definition.substr(begin, definition.find_first_not_of("0123456789", begin) - begin);
}

class Words final : public ShadowWords {
 public:
  std::vector<Statement> by_itself(const Dialect& dialect, const Shadow& shadow) const override {
    const std::string alter = "ALTER TABLE " + dialect.quote(shadow.table) + " " + shadow.actions;
    return {plain(alter + ", ALGORITHM=INSTANT"), plain(alter + ", ALGORITHM=INPLACE, LOCK=NONE")};
  }

  // 1845 ER_ALTER_OPERATION_NOT_SUPPORTED, 1846 the same with the reason; 1221 and 1235 where the
  // form itself is not known; 1800 ER_UNKNOWN_ALTER_ALGORITHM.
  bool refuses_form(const Error& error) const override {
    static const std::vector<std::string> codes{"1845", "1846", "1221", "1235", "1800"};
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& code) {
      return error.code().find(code) != std::string::npos;
    });
  }

  std::string definition(Connection& connection, const model::Name& table) const override {
    std::string text = created_by(connection, table);
    // The counter goes on while the table is in use.
    if (const std::string number = next_number(text); !number.empty())
      text.erase(text.rfind(counter), counter.size() + number.size());
    return text;
  }

  std::vector<Shadow::Reference> references(Connection& connection,
                                            const model::Name& table) const override {
    std::vector<Shadow::Reference> references;
    for (const std::string& line : split(definition(connection, table), '\n')) {
      std::string_view text = trim(line);
      constexpr std::string_view open = "CONSTRAINT `";
      const std::size_t key = text.find("` FOREIGN KEY (");
      if (!text.starts_with(open) || key == std::string_view::npos) continue;
      if (text.ends_with(',')) text.remove_suffix(1);
      std::string name;
      for (std::size_t i = open.size(); i < key; ++i) {
        name += text[i];
        if (text[i] == '`') ++i;
      }
      references.push_back({name, "_s_" + name.substr(0, 61), std::string(text.substr(key + 2))});
    }
    return references;
  }

  // CREATE TABLE … LIKE leaves out foreign keys and the counter.
  std::vector<Statement> make(Connection& connection, const Shadow& shadow) const override {
    const Dialect& dialect = connection.dialect();
    const std::string fresh = dialect.quote(shadow.fresh);
    std::vector<Statement> statements{
        plain("CREATE TABLE " + fresh + " LIKE " + dialect.quote(shadow.table)),
        plain("ALTER TABLE " + fresh + " " + shadow.actions)};
    for (const Shadow::Reference& reference : shadow.references)
      statements.push_back(plain("ALTER TABLE " + fresh + " ADD CONSTRAINT " +
                                 dialect.quote(reference.meanwhile) + " " + reference.definition));
    if (const std::string number = next_number(created_by(connection, shadow.table));
        !number.empty())
      statements.push_back(plain("ALTER TABLE " + fresh + " AUTO_INCREMENT = " + number));
    return statements;
  }

  // The triggers for deletes and updates come first: a row that is inserted before its trigger is
  // there is found by the copy.
  std::vector<Statement> triggers(const Dialect& dialect, const Shadow& shadow) const override {
    const std::string on = " ON " + dialect.quote(shadow.table) + " FOR EACH ROW ";
    const std::string fresh = dialect.quote(shadow.fresh);
    const std::string replace = "REPLACE INTO " + fresh + " (" +
                                names(dialect, shadow.columns, &Shadow::Column::to) + ") VALUES (" +
                                names(dialect, shadow.columns, &Shadow::Column::from, "NEW.") + ")";
    const std::string remove = "DELETE FROM " + fresh + " WHERE " + old_row(dialect, shadow);
    std::vector<std::string> same;
    for (const std::string& column : shadow.key)
      same.push_back("OLD." + dialect.quote(column) + " <=> NEW." + dialect.quote(column));
    return {
        plain("CREATE TRIGGER " + trigger(dialect, shadow, "_d") + " AFTER DELETE" + on + remove),
        plain("CREATE TRIGGER " + trigger(dialect, shadow, "_u") + " AFTER UPDATE" + on + "BEGIN " +
              remove + " AND NOT (" + join(same, " AND ") + "); " + replace + "; END"),
        plain("CREATE TRIGGER " + trigger(dialect, shadow, "_i") + " AFTER INSERT" + on + replace)};
  }

  std::vector<Statement> undo(const Dialect& dialect, const Shadow& shadow) const override {
    std::vector<Statement> statements;
    for (const char* event : {"_i", "_u", "_d"})
      statements.push_back(plain("DROP TRIGGER IF EXISTS " + trigger(dialect, shadow, event)));
    statements.push_back(plain("DROP TABLE IF EXISTS " + dialect.quote(shadow.fresh)));
    return statements;
  }

  // A value that does not fit is an error, not another value; a key of 0 stays 0.
  std::vector<Statement> begin_session() const override {
    return {
        plain("SET @sterna_sql_mode = @@SESSION.sql_mode, SESSION sql_mode = "
              "CONCAT(@@SESSION.sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')")};
  }
  std::vector<Statement> end_session() const override {
    return {plain("SET SESSION sql_mode = COALESCE(@sterna_sql_mode, @@SESSION.sql_mode)")};
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

  // Triggers go with the former table. Foreign keys get their names back without a look at the
  // rows, which have been checked as they came.
  std::vector<Statement> tidy(Connection& connection, const Shadow& shadow) const override {
    const Dialect& dialect = connection.dialect();
    std::vector<Statement> statements{
        plain("DROP TABLE IF EXISTS " + dialect.quote(shadow.former))};
    std::vector<std::string> actions;
    const std::string now = definition(connection, shadow.table);
    for (const Shadow::Reference& reference : shadow.references) {
      if (now.find("`" + reference.meanwhile + "` FOREIGN KEY") == std::string::npos) continue;
      actions.push_back("DROP FOREIGN KEY " + dialect.quote(reference.meanwhile));
      actions.push_back("ADD CONSTRAINT " + dialect.quote(reference.name) + " " +
                        reference.definition);
    }
    if (actions.empty()) return statements;
    statements.push_back(plain("SET SESSION foreign_key_checks = 0"));
    statements.push_back(plain("ALTER TABLE " + dialect.quote(shadow.table) + " " +
                               join(actions, ", ") + ", ALGORITHM=INPLACE, LOCK=NONE"));
    statements.push_back(plain("SET SESSION foreign_key_checks = 1"));
    return statements;
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
                    "it; to give it up, drop the triggers " +
                    name + "_i, " + name + "_u and " + name + "_d, then the table");
  }
  return lines;
}

}  // namespace sterna::mysql
