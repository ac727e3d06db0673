#include "database/mysql/shadow_surroundings.hpp"

#include "base/text.hpp"
#include "sql/token_cursor.hpp"

#include <algorithm>
#include <map>

namespace sterna::mysql {
namespace {

using Reference = Shadow::Reference;
using Trigger = Shadow::Trigger;

/// A line of SHOW CREATE TABLE that is a foreign key.
struct KeyLine {
  std::string name, columns;  ///< columns: (`a`, `b`)
  model::Name refers_to;
  std::vector<std::string> referenced;
  std::string behind;  ///< from the referenced columns to the end
};

std::vector<KeyLine> key_lines(Connection& connection, const model::Name& table) {
  std::vector<KeyLine> keys;
  for (const std::string& line : split(create_statement(connection, table), '\n')) {
    std::string_view text = trim(line);
    if (text.ends_with(',')) text.remove_suffix(1);
    sql::TokenCursor cursor(text, Language::mysql);
    if (!cursor.accept("CONSTRAINT")) continue;
    KeyLine key;
    key.name = cursor.identifier();
    if (!cursor.accept({"FOREIGN", "KEY"})) continue;
    const auto at = [&] {
      return static_cast<std::size_t>(cursor.peek().text.data() - text.data());
    };
    const std::size_t columns = at();
    cursor.skip();
    key.columns = trim(text.substr(columns, at() - columns));
    if (!cursor.accept("REFERENCES")) continue;
    const ObjectName name = cursor.name();
    key.refers_to = {name.schema, name.name};
    key.behind = text.substr(at());
    cursor.accept('(');
    while (cursor.at_name()) {
      key.referenced.push_back(cursor.identifier());
      cursor.accept(',');
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string key_definition(const Dialect& dialect, const KeyLine& key, const model::Name& table) {
  return "FOREIGN KEY " + key.columns + " REFERENCES " + dialect.quote(table) + " " + key.behind;
}

std::string meanwhile(const std::string& name) { return "_s_" + name.substr(0, 61); }

std::string schema_of(Connection& connection, const model::Name& table) {
  if (!table.schema.empty()) return table.schema;
  return connection.query("SELECT DATABASE()").front().get<std::string>(0);
}

bool has_key(const std::vector<KeyLine>& keys, const std::string& name) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const KeyLine& key) { return key.name == name; });
}

/// One ALTER TABLE a table, without a look at the rows, which have been checked as they came: the
/// server does it in place and copies nothing.
class KeyChanges {
 public:
  explicit KeyChanges(const Dialect& dialect) : dialect_(dialect) {}

  void drop(const model::Name& table, const std::string& name) {
    actions_[dialect_.quote(table)].push_back("DROP FOREIGN KEY " + dialect_.quote(name));
  }
  void add(const model::Name& table, const std::string& name, const std::string& definition) {
    actions_[dialect_.quote(table)].push_back("ADD CONSTRAINT " + dialect_.quote(name) + " " +
                                              definition);
  }
  std::vector<Statement> statements() const {
    if (actions_.empty()) return {};
    std::vector<Statement> statements{
        plain("SET @sterna_checks = COALESCE(@sterna_checks, @@SESSION.foreign_key_checks + 0), "
              "SESSION foreign_key_checks = 0")};
    for (const auto& [table, actions] : actions_)
      statements.push_back(plain("ALTER TABLE " + table + " " + join(actions, ", ") +
                                 ", ALGORITHM=INPLACE, LOCK=NONE"));
    statements.push_back(plain(
        "SET SESSION foreign_key_checks = CAST(@sterna_checks AS SIGNED), @sterna_checks = NULL"));
    return statements;
  }

 private:
  const Dialect& dialect_;
  std::map<std::string, std::vector<std::string>> actions_;
};

std::string guarded_name(const Shadow& shadow, std::size_t number) {
  return shadow.fresh.name + "_t" + std::to_string(number + 1);
}

/// Bytes of a body are of the session's character set; of others only those that all share.
bool plain_letters(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
}

std::string head(const Dialect& dialect, const Trigger& trigger, const model::Name& name,
                 const model::Name& table) {
  const std::size_t at = trigger.definer.rfind('@');
  std::string definer = dialect.quote(trigger.definer.substr(0, at));
  if (at != std::string::npos) definer += "@" + dialect.quote(trigger.definer.substr(at + 1));
  return "CREATE DEFINER = " + definer + " TRIGGER " + dialect.quote(name) + " " + trigger.timing +
         " " + trigger.event + " ON " + dialect.quote(table) + " FOR EACH ROW ";
}

/// A trigger keeps the settings under which it was made.
void make_trigger(const Dialect& dialect, const Trigger& trigger, std::string create,
                  std::vector<Statement>& statements) {
  std::string settings = "SESSION sql_mode = " + dialect.literal(Value(trigger.sql_mode));
  std::string back = "SESSION sql_mode = @sterna_mode";
  if (plain_letters(trigger.body)) {
    settings += ", SESSION character_set_client = " + trigger.charset;
    back += ", SESSION character_set_client = @sterna_charset";
  }
  statements.push_back(
      plain("SET @sterna_mode = @@SESSION.sql_mode, @sterna_charset = "
            "@@SESSION.character_set_client, @sterna_collation = "
            "@@SESSION.collation_connection, " +
            settings + ", SESSION collation_connection = " + trigger.collation));
  statements.push_back(plain(std::move(create)));
  statements.push_back(plain("SET " + back + ", SESSION collation_connection = @sterna_collation"));
}

}  // namespace

std::string create_statement(Connection& connection, const model::Name& table) {
  const Rows rows = connection.query("SHOW CREATE TABLE " + connection.dialect().quote(table));
  return rows.empty() ? std::string() : rows.front().get<std::string>(1);
}

std::vector<Reference> ShadowSurroundings::references(Connection& connection,
                                                      const Shadow& shadow) const {
  const Dialect& dialect = connection.dialect();
  std::vector<Reference> references;
  for (const KeyLine& key : key_lines(connection, shadow.table)) {
    const bool to_itself = key.refers_to.name == shadow.table.name &&
                           (key.refers_to.schema.empty() ||
                            key.refers_to.schema == schema_of(connection, shadow.table));
    Reference reference{shadow.table,
                        key.name,
                        meanwhile(key.name),
                        key_definition(dialect, key, key.refers_to),
                        {},
                        key.referenced};
    if (to_itself) {
      reference.definition = key_definition(dialect, key, shadow.table);
      reference.to_copy = key_definition(dialect, key, shadow.fresh);
    } else if (key.refers_to.schema.empty()) {  // beside the table, wherever the session stands
      reference.definition =
          key_definition(dialect, key, {shadow.table.schema, key.refers_to.name});
    }
    references.push_back(std::move(reference));
  }
  return references;
}

std::vector<Reference> ShadowSurroundings::referrers(Connection& connection, const Shadow& shadow,
                                                     const model::Name& referred) const {
  const Dialect& dialect = connection.dialect();
  const std::string schema = schema_of(connection, referred);
  std::vector<Reference> references;
  for (const Row& row : connection.query(
           "SELECT DISTINCT constraint_schema, table_name FROM "
           "information_schema.referential_constraints WHERE unique_constraint_schema = " +
           dialect.literal(Value(schema)) +
           " AND referenced_table_name = " + dialect.literal(Value(referred.name)))) {
    model::Name owner{row.get<std::string>(0), row.get<std::string>(1)};
    const std::string beside = owner.schema;
    if (owner == model::Name(schema, referred.name)) continue;
    if (owner.schema == schema) owner.schema = referred.schema;
    for (const KeyLine& key : key_lines(connection, owner)) {
      const std::string& there = key.refers_to.schema.empty() ? beside : key.refers_to.schema;
      if (key.refers_to.name != referred.name || there != schema) continue;
      references.push_back({owner, key.name, meanwhile(key.name),
                            key_definition(dialect, key, {schema, shadow.table.name}),
                            key_definition(dialect, key, {schema, shadow.fresh.name}),
                            key.referenced});
    }
  }
  return references;
}

std::vector<Statement> ShadowSurroundings::bind(Connection& connection, const Shadow& shadow,
                                                bool own) const {
  KeyChanges changes(connection.dialect());
  for (const Reference& reference : shadow.references) {
    if (reference.to_copy.empty() || (reference.owner == shadow.table) != own) continue;
    const model::Name& owner = own ? shadow.fresh : reference.owner;
    const std::vector<KeyLine> keys = key_lines(connection, owner);
    if (has_key(keys, reference.meanwhile) || (!own && !has_key(keys, reference.name))) continue;
    if (!own) changes.drop(owner, reference.name);
    changes.add(owner, reference.meanwhile, reference.to_copy);
  }
  return changes.statements();
}

std::vector<Statement> ShadowSurroundings::release(Connection& connection,
                                                   const Shadow& shadow) const {
  KeyChanges changes(connection.dialect());
  for (const Reference& reference : shadow.references) {
    if (!has_key(key_lines(connection, reference.owner), reference.meanwhile)) continue;
    changes.drop(reference.owner, reference.meanwhile);
    changes.add(reference.owner, reference.name, reference.definition);
  }
  return changes.statements();
}

std::vector<Statement> ShadowSurroundings::recall(const Dialect& dialect, const Shadow& /*shadow*/,
                                                  const std::vector<Reference>& late) const {
  KeyChanges changes(dialect);
  for (const Reference& reference : late) {
    changes.drop(reference.owner, reference.name);
    changes.add(reference.owner, reference.meanwhile, reference.definition);
  }
  return changes.statements();
}

std::vector<Trigger> ShadowSurroundings::triggers_of(Connection& connection,
                                                     const Shadow& shadow) const {
  std::vector<Trigger> triggers;
  for (const Row& row : connection.query(
           "SELECT trigger_name, action_timing, event_manipulation, definer, action_statement, "
           "sql_mode, character_set_client, collation_connection FROM information_schema.triggers "
           "WHERE event_object_schema = " +
           connection.dialect().literal(Value(schema_of(connection, shadow.table))) +
           " AND event_object_table = " + connection.dialect().literal(Value(shadow.table.name)) +
           " ORDER BY event_manipulation, action_timing, action_order")) {
    const auto text = [&](std::size_t column) { return row.get<std::string>(column); };
    if (text(0).starts_with(shadow.fresh.name + "_")) continue;
    triggers.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7)});
  }
  return triggers;
}

// The variable holds the time at which the statement began whose trigger wrote to the copy: one
// that is killed in between leaves a value that no later statement has.
std::vector<Statement> ShadowSurroundings::guarded(Connection& connection,
                                                   const Shadow& shadow) const {
  const Dialect& dialect = connection.dialect();
  std::vector<Statement> statements = unguarded(connection, shadow, shadow.fresh);
  for (std::size_t i = 0; i < shadow.triggers.size(); ++i) {
    const Trigger& trigger = shadow.triggers[i];
    make_trigger(
        dialect, trigger,
        head(dialect, trigger, {shadow.fresh.schema, guarded_name(shadow, i)}, shadow.fresh) +
            "BEGIN IF NOT (@sterna_shadow <=> NOW(6)) THEN " + trigger.body + "\n; END IF; END",
        statements);
  }
  return statements;
}

std::vector<Statement> ShadowSurroundings::unguarded(Connection& connection, const Shadow& shadow,
                                                     const model::Name& table) const {
  const Dialect& dialect = connection.dialect();
  std::vector<Statement> statements;
  for (const Row& row : connection.query(
           "SELECT trigger_name FROM information_schema.triggers WHERE event_object_schema = " +
           dialect.literal(Value(schema_of(connection, table))) +
           " AND event_object_table = " + dialect.literal(Value(table.name)))) {
    const std::string name = row.get<std::string>(0);
    if (name.starts_with(shadow.fresh.name + "_t"))
      statements.push_back(
          plain("DROP TRIGGER IF EXISTS " + dialect.quote(model::Name(table.schema, name))));
  }
  return statements;
}

// Nobody writes between one trigger and the other: the table is locked meanwhile, for the time of
// a few changes of the catalog.
std::vector<Statement> ShadowSurroundings::own_triggers(Connection& connection,
                                                        const Shadow& shadow) const {
  const Dialect& dialect = connection.dialect();
  if (shadow.triggers.empty()) return {};
  std::vector<Statement> changes = unguarded(connection, shadow, shadow.table);
  std::vector<std::string> names;
  for (const Trigger& trigger : triggers_of(connection, shadow)) names.push_back(trigger.name);
  for (const Trigger& trigger : shadow.triggers) {
    if (std::find(names.begin(), names.end(), trigger.name) != names.end()) continue;
    make_trigger(
        dialect, trigger,
        head(dialect, trigger, {shadow.table.schema, trigger.name}, shadow.table) + trigger.body,
        changes);
  }
  if (changes.empty()) return {};
  std::vector<Statement> statements{plain("LOCK TABLES " + dialect.quote(shadow.table) + " WRITE")};
  for (Statement& change : changes) statements.push_back(std::move(change));
  statements.push_back(plain("UNLOCK TABLES"));
  return statements;
}

}  // namespace sterna::mysql
