// Any table, any change that takes a rebuild: what is kept is kept, and the file is sound.
#include "database/sqlite_support.hpp"

#include <rapidcheck.h>

namespace sterna::test {
namespace {

/// Names that break whoever pastes them into SQL.
const std::vector<std::string>& odd_names() {
  static const std::vector<std::string> names{
      "plain", "with space", "quo\"te", "apo'strophe", "brac]ket",  "[both]",    "back`tick",
      "über",  "名前",       "select",  "check",       "a,b",       "par(en",    "close)d",
      "--x",   "/*y",        "semi;",   "CONSTRAINT",  "new\nline", "_sterna_x", "100"};
  return names;
}

std::string quoted(const std::string& name, int style) {
  const auto doubled = [&](char open, char close) {
    std::string text(1, open);
    for (const char c : name) text.append(c == close ? 2 : 1, c);
    return text + close;
  };
  if (style == 1 && name.find(']') == std::string::npos) return "[" + name + "]";
  return style == 2 ? doubled('`', '`') : doubled('"', '"');
}

struct MadeColumn {
  std::string name, definition;
};

struct MadeTable {
  std::string name;
  std::vector<MadeColumn> columns;
  std::string sql;
  std::string id;  ///< "", or the definition of an INTEGER PRIMARY KEY
};

rc::Gen<std::vector<std::string>> some_names(std::size_t count) {
  return rc::gen::unique<std::vector<std::string>>(count, rc::gen::elementOf(odd_names()));
}

MadeTable make_table() {
  MadeTable table;
  const std::size_t count = *rc::gen::inRange<std::size_t>(2, 6);
  std::vector<std::string> names = *some_names(count + 1);
  table.name = names.back();
  names.pop_back();
  const std::vector<std::string> types{"",
                                       "int",
                                       "TEXT",
                                       "blob",
                                       "varchar(20)",
                                       "UNSIGNED BIG INT",
                                       "\"odd type\"",
                                       "decimal(10, 2)"};
  const std::vector<std::string> clauses{
      "",
      "DEFAULT -1.5e3",
      "DEFAULT 'x,(y'",
      "DEFAULT x'00ff'",
      "DEFAULT (1 + (2))",
      "NULL",
      "COLLATE NOCASE",
      "CHECK (1 = 1 OR ')' = '(')",
      "CONSTRAINT \"na,me\" CHECK (1)",
      "DEFAULT CURRENT_TIMESTAMP COLLATE \"binary\"",
      "/* comment, ( */ DEFAULT 7 -- to the end of the line )\n",
      "REFERENCES parent (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
      "REFERENCES parent ON UPDATE SET DEFAULT NOT DEFERRABLE CHECK (1)"};
  table.id = *rc::gen::elementOf(
      std::vector<std::string>{"", "id integer PRIMARY KEY", "id integer PRIMARY KEY AUTOINCREMENT",
                               "id INTEGER", "id integer PRIMARY KEY DESC"});
  std::string text = table.id;
  for (const std::string& name : names) {
    MadeColumn column;
    column.name = name;
    column.definition = quoted(name, *rc::gen::inRange(0, 3)) + " " + *rc::gen::elementOf(types) +
                        " " + *rc::gen::elementOf(clauses);
    text += (text.empty() ? "" : ",\n ") + column.definition;
    table.columns.push_back(std::move(column));
  }
  if (table.id == "id INTEGER") text += ", CONSTRAINT pk PRIMARY KEY (id)";
  if (*rc::gen::arbitrary<bool>()) text += ", CHECK (1) CONSTRAINT odd CHECK (2 > 1)";
  table.sql = "CREATE TABLE " + quoted(table.name, *rc::gen::inRange(0, 3)) + " (" + text + ")";
  return table;
}

Value make_value(const std::string& definition) {
  if (definition.find("REFERENCES") != std::string::npos)
    return *rc::gen::arbitrary<bool>() ? Value() : Value(1);
  return *rc::gen::elementOf(std::vector<Value>{
      Value(), Value(0), Value(std::int64_t{1} << 60), Value(-0.5), Value(""), Value("it's"),
      Value("ünï"), Value("12"), Value(Blob{std::string("\0\x01\xff", 3)}), Value(Blob{})});
}

/// Values with their types, so that 1, '1' and x'31' are three.
std::string picture(Connection& connection, const MadeTable& table,
                    const std::vector<std::string>& columns, bool rowid) {
  std::string list = rowid ? "_rowid_" : "0";
  for (const std::string& column : columns) {
    const std::string name = connection.dialect().quote(column);
    list += ", typeof(" + name + "), quote(" + name + ")";
  }
  std::string text;
  for (const Row& row : connection.query("SELECT " + list + " FROM " +
                                         connection.dialect().quote(table.name) + " ORDER BY 1")) {
    for (std::size_t i = 0; i < row.size(); ++i) text += row.get<std::string>(i) + "|";
    text += "\n";
  }
  return text;
}

std::vector<TableAction> make_actions(const MadeTable& table, std::vector<std::string>& kept) {
  std::vector<TableAction> actions;
  for (const MadeColumn& column : table.columns) kept.push_back(column.name);
  model::Column added;
  added.name = "added";
  added.type.kind = model::TypeKind::text;
  added.default_value = model::Default{model::Default::Kind::literal, "new"};
  ModifyColumn nullability;
  nullability.to.name = table.columns.front().name;
  nullability.to.nullable = true;
  nullability.parts = ModifyColumn::nullability;
  ModifyColumn standard;
  standard.to.name = table.columns.front().name;
  standard.to.type.kind = model::TypeKind::text;
  standard.to.default_value = model::Default{model::Default::Kind::literal, "it's"};
  standard.parts = ModifyColumn::default_value;
  ModifyColumn collation = nullability;
  collation.to.collation = "RTRIM";
  collation.parts = ModifyColumn::collation;
  const std::vector<TableAction> possible{AddColumn{added}, nullability, standard, collation,
                                          DropColumn{table.columns.back().name, false, {}}};
  // One that always takes a rebuild.
  actions.push_back(AddCheck{{"added_check", "1 + 1 = 2", false, false}});
  for (const TableAction& action : possible) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    if (std::holds_alternative<DropColumn>(action)) kept.pop_back();
    actions.push_back(action);
  }
  return actions;
}

TEST(SqliteRebuildProperty, KeepsTheDataOfEveryColumnThatStays) {
  EXPECT_TRUE(rc::check([] {
    const auto connection = connect(parse_url("sqlite::memory:"));
    const Dialect& dialect = connection->dialect();
    const MadeTable table = make_table();
    const std::string name = dialect.quote(table.name);
    connection->execute("CREATE TABLE parent (id integer PRIMARY KEY)");
    connection->execute("INSERT INTO parent VALUES (1)");
    RC_LOG() << table.sql << "\n";
    connection->execute(table.sql);
    const std::string first = dialect.quote(table.columns.front().name);
    // Something beside it, and child rows that a careless rebuild would take along.
    connection->execute("CREATE INDEX beside_index ON " + name + " (" + first + " DESC)");
    connection->execute("CREATE TABLE beside_log (what)");
    connection->execute("CREATE TRIGGER beside_trigger AFTER DELETE ON " + name +
                        " BEGIN INSERT INTO beside_log VALUES (OLD." + first + "); END");
    connection->execute("CREATE VIEW beside_view AS SELECT " + first + " FROM " + name);
    const bool has_id = !table.id.empty();
    if (has_id)
      connection->execute("CREATE TABLE child (up integer REFERENCES " + name +
                          " (id) ON DELETE CASCADE)");
    const int rows = *rc::gen::inRange(0, 8);
    for (int i = 0; i < rows; ++i) {
      Statement insert;
      std::string names = has_id ? "id" : "_rowid_";
      std::string marks = "?1";
      insert.parameters.emplace_back(i * 3 + 2);
      for (const MadeColumn& column : table.columns) {
        insert.parameters.push_back(make_value(column.definition));
        names += ", " + dialect.quote(column.name);
        marks += ", ?" + std::to_string(insert.parameters.size());
      }
      insert.sql = "INSERT INTO " + name + " (" + names + ") VALUES (" + marks + ")";
      connection->execute(insert);
      if (has_id)
        connection->execute("INSERT INTO child VALUES (" + std::to_string(i * 3 + 2) + ")");
    }
    std::vector<std::string> kept;
    const std::vector<TableAction> actions = make_actions(table, kept);
    if (has_id) kept.emplace_back("id");
    const std::string before = picture(*connection, table, kept, true);

    DirectTarget(*connection).apply(AlterTable{model::Name("", table.name), actions});

    RC_ASSERT(picture(*connection, table, kept, true) == before);
    RC_ASSERT(connection->query("PRAGMA integrity_check").front().get<std::string>(0) == "ok");
    RC_ASSERT(connection->foreign_key_violations().empty());
    RC_ASSERT(connection->foreign_keys_enforced());
    RC_ASSERT(connection->query("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'beside%'")
                  .front()
                  .get<int>(0) == 4);
    if (has_id)
      RC_ASSERT(connection->query("SELECT count(*) FROM child").front().get<int>(0) == rows);
    const auto viewed = connection->query("SELECT count(*) FROM beside_view").front().get<int>(0);
    RC_ASSERT(viewed == rows);
    // It goes on working: the trigger fires, the cascade takes the children along now.
    connection->execute("DELETE FROM " + name);
    RC_ASSERT(connection->query("SELECT count(*) FROM beside_log").front().get<int>(0) == rows);
    if (has_id) RC_ASSERT(connection->query("SELECT count(*) FROM child").front().get<int>(0) == 0);
  }));
}

}  // namespace
}  // namespace sterna::test
