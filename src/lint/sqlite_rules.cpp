// SLxxx: the traps of SQLite: rebuilding a table by hand, types that are none, keys that are off.
#include "base/text.hpp"
#include "lint/rule.hpp"

#include <algorithm>

namespace sterna::lint {
namespace {

using Kind = ActionFact::Kind;
using C = ConstraintFact::Kind;

/// PRAGMA name = value, in lower case; empty when the statement sets no such.
std::string pragma(const StatementFact& fact, std::string_view name) {
  if (fact.summary.verb != Verb::pragma || !same_name(fact.summary.name.name, name)) return {};
  for (std::size_t i = 0; i + 1 < fact.tokens.size(); ++i) {
    if (fact.tokens[i].is('=') || fact.tokens[i].is('('))
      return to_lower(sql::unquoted(fact.tokens[i + 1]));
  }
  return {};
}

bool is_off(const std::string& value) {
  return value == "off" || value == "0" || value == "false" || value == "no";
}

bool rebuilt(const Probe& probe, const ObjectName& name) {
  return std::any_of(
      probe.script.statements.begin(), probe.script.statements.end(),
      [&](const StatementFact& fact) {
        return std::any_of(fact.actions.begin(), fact.actions.end(), [&](const ActionFact& action) {
          return action.kind == Kind::rename_table && same_name(action.new_name, name.name);
        });
      });
}

void drop_fires_cascades(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::drop, "TABLE") || probe.script.meta->foreign_keys_off ||
      probe.is_new(fact.summary.name))
    return;
  if (probe.script.code && rebuilt(probe, fact.summary.name)) return;  // Sterna's own rebuild
  const auto children = probe.known.referencing(fact.summary.name);
  if (children.empty() && !rebuilt(probe, fact.summary.name)) return;
  std::vector<std::string> names;
  for (const KnownTable* child : children) names.push_back(shown(child->name));
  probe
      .report(
          "with foreign keys on, DROP TABLE first deletes every row: ON DELETE CASCADE takes the "
          "rows of " +
          (names.empty() ? std::string("tables that refer to it") : listed(names)) +
          " along, without an error")
      .losing("rows of tables that refer to " + shown(fact.summary.name))
      .instead("-- sterna:foreign-keys off");
}

void rebuilt_by_hand(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (probe.script.code) return;  // Sterna rebuilds all of it
  if (!fact.is(Verb::drop, "TABLE") || !rebuilt(probe, fact.summary.name)) return;
  probe
      .report(
          "a table that is rebuilt by hand loses its indexes and triggers, and what a view or a "
          "sequence says of it, unless all are written again")
      .losing("indexes and triggers of " + shown(fact.summary.name))
      .instead("schema.alter_table(\"" + fact.summary.name.name +
               "\", …);  // Sterna rebuilds it, and checks rows and keys");
}

void old_one_renamed_away(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (const ActionFact& action : fact.actions) {
    if (action.kind != Kind::rename_table || probe.is_new(fact.summary.name)) continue;
    const bool made_again =
        std::any_of(probe.script.statements.begin(), probe.script.statements.end(),
                    [&](const StatementFact& other) {
                      return other.is(Verb::create, "TABLE") &&
                             key_of(other.summary.name) == key_of(fact.summary.name);
                    });
    if (!made_again) continue;
    probe
        .report("foreign keys of other tables follow the rename: they refer to " + action.new_name +
                " from now on, and it is going to be dropped")
        .instead(
            "CREATE TABLE new_…; INSERT INTO new_… SELECT …; DROP TABLE …; ALTER TABLE new_… "
            "RENAME TO …;");
  }
}

void pragma_in_transaction(Probe& probe) {
  const std::string value = pragma(probe.fact(), "foreign_keys");
  if (value.empty() || !probe.in_transaction()) return;
  probe.report("PRAGMA foreign_keys does nothing inside a transaction, and says nothing")
      .instead("-- sterna:foreign-keys off");
}

void keys_left_off(Probe& probe) {
  if (probe.in_transaction()) return;
  const StatementFact* off = nullptr;
  for (const StatementFact& fact : probe.script.statements) {
    const std::string value = pragma(fact, "foreign_keys");
    if (!value.empty()) off = is_off(value) ? &fact : nullptr;
  }
  if (off == nullptr) return;
  probe.statement = off;
  probe.report("foreign keys stay off for the migrations that follow")
      .instead("PRAGMA foreign_keys = ON;");
  probe.statement = nullptr;
}

void alter_of_newer_version(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (const ActionFact& action : fact.actions) {
    const char* needs = action.kind == Kind::drop_column && !probe.server.since(33500)
                            ? "DROP COLUMN exists since SQLite 3.35"
                        : action.kind == Kind::rename_column && !probe.server.since(32500)
                            ? "RENAME COLUMN exists since SQLite 3.25"
                            : nullptr;
    if (needs != nullptr) probe.report(needs);
  }
}

void column_refused(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::alter, "TABLE")) return;
  for (const ActionFact& action : fact.actions) {
    if (action.kind != Kind::add_column) continue;
    const ColumnFact& c = action.column;
    const std::string value = c.default_value ? to_upper(*c.default_value) : std::string();
    std::string why;
    if (c.primary || c.unique)
      why = "PRIMARY KEY or UNIQUE";
    else if (value.starts_with("CURRENT_") || value.starts_with("("))
      why = "a default that is computed";
    else if (c.generated && c.stored)
      why = "a stored generated column";
    else if (c.references && c.default_value && value != "NULL")
      why = "REFERENCES with a default that is not NULL, while foreign keys are on";
    if (why.empty()) continue;
    probe.report("ADD COLUMN cannot add " + why + ": the table has to be rebuilt")
        .instead("schema.alter_table(\"" + fact.summary.name.name +
                 "\", …);  // Sterna rebuilds it");
  }
}

void no_alter(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (const ActionFact& action : fact.actions) {
    const bool other = action.kind == Kind::set_type || action.kind == Kind::set_not_null ||
                       action.kind == Kind::drop_not_null || action.kind == Kind::set_default ||
                       action.kind == Kind::drop_default || action.kind == Kind::add_constraint ||
                       action.kind == Kind::drop_constraint || action.kind == Kind::modify_column;
    if (other)
      probe.report("SQLite's ALTER TABLE cannot do this: the table has to be rebuilt")
          .instead("schema.alter_table(\"" + fact.summary.name.name +
                   "\", …);  // Sterna rebuilds it");
  }
}

template <class Wanted>
void for_columns(Probe& probe, Wanted wanted, const char* message, const char* type) {
  if (probe.fact().summary.object != "TABLE") return;
  for (const ColumnFact* column : made_columns(probe.fact())) {
    if (!wanted(*column)) continue;
    Finding& finding = probe.report_at(column->position, column->name + " " + message);
    if (*type != '\0') finding.instead(in_sql(probe.server, column->name) + " " + type);
  }
}

bool contains_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

void numeric_by_accident(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        if (c.type.empty()) return false;
        const bool understood =
            contains_any(c.type, {"INT", "CHAR", "CLOB", "TEXT", "BLOB", "REAL", "FLOA", "DOUB"});
        return !understood && contains_any(c.type, {"STRING", "UUID", "JSON", "ENUM", "BYTE",
                                                    "BINARY", "INTERVAL", "TIMESTAMPTZ"});
      },
      "has a type that SQLite does not know: its affinity is NUMERIC, and '007' becomes 7", "TEXT");
}

void not_a_rowid(Probe& probe) {
  for_columns(
      probe,
      [](const ColumnFact& c) {
        return c.primary && c.base != "INTEGER" && contains_any(c.type, {"INT"});
      },
      "is no INTEGER PRIMARY KEY: only that very word makes the column the row's number; this one "
      "gets a second index and may be NULL",
      "INTEGER PRIMARY KEY");
}

void null_in_key(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.options.contains("WITHOUT") || fact.options.contains("STRICT")) return;
  std::vector<std::string> key;
  for (const ConstraintFact& constraint : fact.constraints) {
    if (constraint.kind == C::primary_key) key = constraint.columns;
  }
  for_columns(
      probe,
      [&](const ColumnFact& c) {
        const bool in_key =
            c.primary || std::any_of(key.begin(), key.end(), [&](const std::string& name) {
              return same_name(name, c.name);
            });
        const bool rowid = c.base == "INTEGER" && (c.primary || key.size() == 1);
        return in_key && !rowid && !c.not_null && !contains_any(c.type, {"INT"});
      },
      "is in the primary key and may be NULL, several times: an old fault that SQLite keeps",
      "TEXT NOT NULL");
}

void needless_autoincrement(Probe& probe) {
  for_columns(
      probe, [](const ColumnFact& c) { return c.auto_increment; },
      "is AUTOINCREMENT: a second table is written for each row; without it numbers are given all "
      "the same, "
      "and only the highest can come again",
      "INTEGER PRIMARY KEY");
}

void not_strict(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || fact.as_select || fact.columns.empty() ||
      fact.options.contains("STRICT") || !probe.server.since(33700))
    return;
  if (fact.has("VIRTUAL")) return;
  probe
      .report("any column of " + shown(fact.summary.name) +
              " takes any value, whatever its type says")
      .instead("CREATE TABLE … (…) STRICT;");
}

void without_rowid(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (!fact.is(Verb::create, "TABLE") || !fact.has({"WITHOUT", "ROWID"})) return;
  const bool wide = std::any_of(fact.columns.begin(), fact.columns.end(), [](const ColumnFact& c) {
    return contains_any(c.type, {"TEXT", "BLOB", "CLOB"}) && !c.primary;
  });
  const bool counts = std::any_of(
      fact.columns.begin(), fact.columns.end(),
      [](const ColumnFact& c) { return c.auto_increment || (c.primary && c.base == "INTEGER"); });
  if (!wide && !counts) return;
  probe.report(
      counts
          ? "WITHOUT ROWID gives no numbers: an INTEGER PRIMARY KEY is an ordinary key there"
          : "WITHOUT ROWID is for small rows; long texts in it make every look-up read more pages");
}

void double_quoted_text(Probe& probe) {
  const StatementFact& fact = probe.fact();
  for (std::size_t i = 1; i < fact.tokens.size(); ++i) {
    const sql::Token& token = fact.tokens[i];
    const bool literal_place = sql::is_word(fact.tokens[i - 1], "DEFAULT") ||
                               (fact.tokens[i - 1].is('=') && fact.summary.verb != Verb::select);
    if (!literal_place || !token.text.starts_with('"')) continue;
    probe
        .report(std::string(token.text) +
                " in double quotes is a name; SQLite takes it for a text only because there is no "
                "such column")
        .instead("'" + sql::unquoted(token) + "'");
    return;
  }
}

void schema_written(Probe& probe) {
  const std::string value = pragma(probe.fact(), "writable_schema");
  const bool direct = probe.fact().changes_rows() &&
                      one_of(probe.fact().summary.name.name,
                             {"sqlite_master", "sqlite_schema", "sqlite_sequence"}) &&
                      !same_name(probe.fact().summary.name.name, "sqlite_sequence");
  if ((value.empty() || is_off(value)) && !direct) return;
  probe.report("writing the schema's own table can make the database unreadable")
      .losing("the database, on a mistake");
}

void vacuum(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::vacuum) return;
  if (probe.in_transaction()) {
    probe.report("VACUUM cannot run inside a transaction")
        .rewriting()
        .instead("-- sterna:transaction none\nVACUUM;");
  } else {
    probe
        .report(
            "VACUUM writes the whole database anew while nobody can write, and needs its size "
            "twice on disk")
        .rewriting()
        .as(Severity::warning);
  }
}

void lasting_pragma(Probe& probe) {
  for (const std::string_view name :
       {"journal_mode", "synchronous", "page_size", "auto_vacuum", "locking_mode"}) {
    const std::string value = pragma(probe.fact(), name);
    if (value.empty()) continue;
    const bool dangerous = (name == "synchronous" && is_off(value)) ||
                           (name == "journal_mode" && (is_off(value) || value == "memory"));
    Finding& finding =
        probe.report(dangerous ? "PRAGMA " + std::string(name) + " = " + value +
                                     " makes a crash of the machine destroy the database"
                               : "PRAGMA " + std::string(name) +
                                     " is a setting of the file or of the session: set it where "
                                     "the connection is opened");
    if (dangerous) finding.as(Severity::error).losing("the database, when the machine crashes");
  }
}

void or_replace(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const bool replaces = fact.summary.verb == Verb::replace || fact.has({"OR", "REPLACE"});
  if (!replaces || !fact.changes_rows()) return;
  probe
      .report(
          "OR REPLACE deletes the row that is there: ON DELETE CASCADE takes its children, and "
          "delete triggers do not run")
      .losing("children of the replaced rows")
      .instead("INSERT INTO … ON CONFLICT (…) DO UPDATE SET …;");
}

void dropped_column_in_use(Probe& probe) {
  const StatementFact& fact = probe.fact();
  const KnownTable* table = probe.known.table(fact.summary.name);
  if (table == nullptr) return;
  for (const ActionFact& action : fact.actions) {
    if (action.kind != Kind::drop_column) continue;
    const auto holds = [&](const std::vector<std::string>& columns) {
      return std::any_of(columns.begin(), columns.end(),
                         [&](const std::string& name) { return same_name(name, action.name); });
    };
    std::string user;
    if (holds(table->primary_key)) user = "the primary key";
    for (const KnownIndex& index : table->indexes) {
      if (holds(index.columns))
        user = index.name.empty() ? "a UNIQUE constraint" : "the index " + index.name;
    }
    for (const KnownKey& key : table->foreign_keys) {
      if (holds(key.columns)) user = "a foreign key";
    }
    if (user.empty()) continue;
    probe.report("DROP COLUMN fails: " + user + " uses " + action.name)
        .instead(user.starts_with("the index ")
                     ? "DROP INDEX " + user.substr(10) + ";\n" + fact.text() + ";"
                     : "schema.alter_table(\"" + fact.summary.name.name + "\", …);");
  }
}

void parent_without_key(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.object != "TABLE") return;
  const auto look = [&](const Reference& reference) {
    const KnownTable* parent = probe.known.table(reference.table);
    if (parent == nullptr || !parent->complete || reference.columns.empty()) return;
    const auto same = [&](const std::vector<std::string>& columns) {
      return columns.size() == reference.columns.size() &&
             std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
               return std::any_of(reference.columns.begin(), reference.columns.end(),
                                  [&](const std::string& other) { return same_name(name, other); });
             });
    };
    const bool unique =
        same(parent->primary_key) ||
        std::any_of(parent->indexes.begin(), parent->indexes.end(), [&](const KnownIndex& index) {
          return index.unique && !index.partial && same(index.columns);
        });
    if (!unique)
      probe.report(shown(reference.table) + " (" + listed(reference.columns) +
                   ") is no key: SQLite takes the foreign key, and then fails on every write");
  };
  for (const ColumnFact* column : made_columns(fact)) {
    if (column->references) look(*column->references);
  }
  for (const ConstraintFact* constraint : made_constraints(fact)) {
    if (constraint->kind == C::foreign_key) look(constraint->references);
  }
}

void attached(Probe& probe) {
  const StatementFact& fact = probe.fact();
  if (fact.summary.verb != Verb::attach || fact.tokens.empty() ||
      sql::is_word(fact.tokens[0], "DETACH"))
    return;
  probe.report(
      "a file that is attached is there in one place only, and a crash can leave one file changed "
      "and the other not (WAL)");
}

constexpr Severity E = Severity::error, W = Severity::warning, N = Severity::note;

}  // namespace

std::span<const Rule> sqlite_rules() {
  static const Rule rules[] = {
      {"SL101", "drop-fires-cascades", E,
       "DROP TABLE of a table that others refer to, with foreign keys on",
       "SQLite deletes the rows first, and ON DELETE CASCADE fires. `-- sterna:foreign-keys off` "
       "switches the checks off around the migration and checks the rows before the commit.",
       drop_fires_cascades},
      {"SL102", "rebuilt-by-hand", W, "a table rebuilt by hand",
       "Indexes, triggers and views go with the old table. The schema builder rebuilds all of "
       "them.",
       rebuilt_by_hand},
      {"SL103", "old-one-renamed-away", E, "the old table is renamed before the new one is made",
       "References of other tables follow the old one. Make the new one under another name "
       "instead.",
       old_one_renamed_away},
      {"SL104", "pragma-in-transaction", E, "PRAGMA foreign_keys inside a transaction",
       "It is a no-op there.", pragma_in_transaction, nullptr, true},
      {"SL105", "keys-left-off", E, "foreign keys are left off",
       "Rows written afterwards are not checked.", nullptr, keys_left_off},
      {"SL106", "newer-alter", E, "an ALTER that the server's version does not have",
       "Devices carry old versions of the library.", alter_of_newer_version, nullptr, true},
      {"SL107", "column-refused", E, "ADD COLUMN with what it cannot add",
       "No key, no computed default, no stored column.", column_refused},
      {"SL108", "no-such-alter", E, "an ALTER TABLE that SQLite does not have",
       "Types, NOT NULL, defaults and constraints need a rebuild.", no_alter, nullptr, true},
      {"SL109", "dropped-column-in-use", E, "DROP COLUMN of a column that an index or key uses",
       "SQLite refuses it.", dropped_column_in_use},
      {"SL110", "or-replace", W, "INSERT OR REPLACE", "It deletes.", or_replace},
      {"SL111", "parent-without-key", E, "a foreign key to columns that are no key",
       "\"foreign key mismatch\", on the first write.", parent_without_key},
      {"SL201", "vacuum", E, "VACUUM", "Not in a transaction, and not beside writers.", vacuum,
       nullptr, true},
      {"SL202", "lasting-pragma", W, "a PRAGMA that belongs to the connection",
       "A migration runs once; the setting is for every connection.", lasting_pragma},
      {"SL203", "schema-written", E, "writable_schema",
       "One typing error, and the file cannot be opened.", schema_written, nullptr, true},
      {"SL204", "attached", W, "ATTACH",
       "Transactions over several files are not atomic in WAL mode.", attached},
      {"SL401", "numeric-by-accident", W, "a type that SQLite does not know",
       "STRING, UUID, JSON give NUMERIC affinity: texts that look like numbers become numbers.",
       numeric_by_accident},
      {"SL402", "not-a-rowid", W, "INT PRIMARY KEY",
       "Only INTEGER is an alias of the row's number.", not_a_rowid},
      {"SL403", "null-in-key", W, "a primary key that may be NULL", "Write NOT NULL.", null_in_key},
      {"SL404", "needless-autoincrement", N, "AUTOINCREMENT",
       "For numbers that must never come again alone.", needless_autoincrement},
      {"SL405", "not-strict", N, "a table that is not STRICT",
       "Since SQLite 3.37 types can be enforced.", not_strict},
      {"SL406", "without-rowid", W, "WITHOUT ROWID where it does not fit",
       "It is for small rows with a natural key.", without_rowid},
      {"SL407", "double-quoted-text", W, "a text in double quotes",
       "It is a name; builds of SQLite without the exception refuse it.", double_quoted_text},
  };
  return rules;
}

}  // namespace sterna::lint
