// The actions of ALTER TABLE: comma-separated items outside brackets, each read by its first words.
#include "base/text.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::sql {
namespace {

using Kind = AlterAction::Kind;

class AlterReader {
 public:
  AlterReader(TokenCursor& cursor, StatementSummary& summary)
      : cursor_(cursor), summary_(summary) {}

  void run() {
    if (keys() && (cursor_.accept("NOWAIT") || cursor_.accept("WAIT")) &&
        cursor_.peek().kind == TokenKind::number)
      cursor_.take();
    while (!cursor_.at_end()) {
      read();
      if (cursor_.skip_to(',')) cursor_.take();
    }
    if (summary_.actions.size() != 1 || summary_.actions.front().kind != Kind::rename_table)
      summary_.new_name = {};
  }

 private:
  /// The verb that items without one take over.
  enum class Repeated { none, add, drop };

  AlterAction& add(Kind kind, std::string name = {}) {
    AlterAction& action = summary_.actions.emplace_back();
    action.kind = kind;
    action.name = std::move(name);
    return action;
  }

  bool accept_if_exists() {
    return cursor_.accept({"IF", "EXISTS"}) || cursor_.accept({"IF", "NOT", "EXISTS"});
  }

  AlterAction& add_named(Kind kind) {
    const bool if_exists = accept_if_exists();
    AlterAction& action = add(kind, cursor_.identifier());
    action.if_exists = if_exists;
    return action;
  }

  bool keys() const noexcept { return cursor_.traits().alters_keys; }

  void read() {
    const Repeated before = repeated_;
    repeated_ = Repeated::none;
    if (cursor_.accept("ADD")) return read_add();
    if (cursor_.accept("DROP")) return read_drop();
    if (cursor_.accept("RENAME")) return read_rename();
    if (cursor_.accept("MODIFY")) {
      cursor_.accept("COLUMN");
      add_named(Kind::modify_column);
    } else if (cursor_.accept("CHANGE")) {
      read_change();
    } else if (cursor_.accept("ALTER")) {
      read_alter();
    } else if (cursor_.accept({"VALIDATE", "CONSTRAINT"})) {
      add(Kind::option, cursor_.identifier());
    } else if (is_partition()) {
      read_partition();
    } else if (before != Repeated::none) {  // CQL: ADD a int, b int
      add(before == Repeated::add ? Kind::add_column : Kind::drop_column, cursor_.identifier());
      repeated_ = before;
    } else {
      read_option();
    }
  }

  // ---- ADD ----

  void read_add() {
    if (cursor_.accept("CONSTRAINT")) {
      const bool if_exists = accept_if_exists();
      std::string name;
      if (!at_constraint()) name = cursor_.identifier();
      read_constraint(std::move(name)).if_exists |= if_exists;
    } else if (at_constraint()) {
      read_constraint({});
    } else if (keys() && cursor_.at("PARTITION")) {
      add_partition();
    } else if (keys() && cursor_.at_any({"PERIOD", "SYSTEM"})) {
      add(Kind::other);
    } else {
      read_columns(Kind::add_column, Repeated::add);
    }
  }

  bool at_constraint() {
    if (cursor_.at("PRIMARY") || cursor_.at("FOREIGN")) return cursor_.at("KEY", 1);
    if (cursor_.at_any({"UNIQUE", "CHECK"})) return true;
    if (cursor_.at("EXCLUDE")) return cursor_.at("USING", 1) || cursor_.at('(', 1);
    if (cursor_.at("NOT")) return cursor_.at("NULL", 1);
    return keys() && cursor_.at_any({"INDEX", "KEY", "FULLTEXT", "SPATIAL", "VECTOR"});
  }

  AlterAction& read_constraint(std::string name) {
    if (cursor_.accept({"PRIMARY", "KEY"})) return add(Kind::add_primary_key, std::move(name));
    if (cursor_.accept({"FOREIGN", "KEY"})) {
      const bool if_exists = accept_if_exists();
      AlterAction& action = add(Kind::add_foreign_key, std::move(name));
      action.if_exists = if_exists;
      return action;
    }
    if (cursor_.accept("CHECK")) return add(Kind::add_check, std::move(name));
    if (!cursor_.at_any({"UNIQUE", "INDEX", "KEY", "FULLTEXT", "SPATIAL", "VECTOR"})) {
      return add(Kind::add_constraint_other, std::move(name));
    }
    cursor_.accept_any({"UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"});
    if (keys()) cursor_.accept_any({"INDEX", "KEY"});
    const bool if_exists = accept_if_exists();
    if (keys() && cursor_.at_name() && !cursor_.at("USING"))
      name = cursor_.identifier();  // goes before the constraint's name
    AlterAction& action = add(Kind::add_index, std::move(name));
    action.if_exists = if_exists;
    return action;
  }

  /// [COLUMN] [IF …] name, or (name type, name type) in MySQL and CQL.
  void read_columns(Kind kind, Repeated repeated) {
    cursor_.accept("COLUMN");
    const bool if_exists = accept_if_exists();
    if (!cursor_.accept('(')) {
      add(kind, cursor_.identifier()).if_exists = if_exists;
      if (cursor_.traits().alters_without_verb) repeated_ = repeated;
      return;
    }
    while (!cursor_.at_end() && !cursor_.at(')')) {
      add(kind, cursor_.identifier()).if_exists = if_exists;
      while (!cursor_.at_end() && !cursor_.at(')') && !cursor_.accept(',')) cursor_.skip();
    }
    cursor_.accept(')');
  }

  // ---- DROP ----

  void read_drop() {
    if (cursor_.accept({"PRIMARY", "KEY"})) {
      add(Kind::drop_primary_key);
    } else if (cursor_.accept("CONSTRAINT") || cursor_.accept({"FOREIGN", "KEY"}) ||
               (keys() && cursor_.accept("CHECK"))) {
      add_named(Kind::drop_constraint);
    } else if (keys() && cursor_.accept_any({"INDEX", "KEY"})) {
      add_named(Kind::drop_index);
    } else if (keys() && cursor_.at("PARTITION")) {
      add_partition();
    } else if (keys() &&
               (cursor_.at("PERIOD") || (cursor_.at("SYSTEM") && cursor_.at("VERSIONING", 1)))) {
      add(Kind::other);
    } else {
      read_columns(Kind::drop_column, Repeated::drop);
    }
  }

  // ---- the others ----

  void read_rename() {
    if (cursor_.accept_any({"TO", "AS"}) || cursor_.accept('=')) return rename_table();
    // `RENAME index TO x` renames a column of that name.
    const bool kind_word = !cursor_.at("TO", 1);
    if (kind_word && cursor_.accept("COLUMN")) return rename(Kind::rename_column);
    if (kind_word && cursor_.accept_any({"INDEX", "KEY"})) return rename(Kind::rename_index);
    if (kind_word && cursor_.accept("CONSTRAINT")) return rename(Kind::other);
    if (cursor_.at("TO", 1)) return rename(Kind::rename_column);
    rename_table();
  }

  void rename_table() {
    summary_.new_name = cursor_.name();
    add(Kind::rename_table).new_name = summary_.new_name.name;
  }

  void rename(Kind kind) {
    do {
      AlterAction& action = add_named(kind);
      if (cursor_.accept("TO")) action.new_name = cursor_.identifier();
    } while (cursor_.accept("AND"));  // CQL
  }

  void read_change() {
    cursor_.accept("COLUMN");
    AlterAction& action = add_named(Kind::rename_column);
    action.new_name = cursor_.identifier();
    if (!equals_ignoring_case(action.name, action.new_name)) return;
    action.kind = Kind::modify_column;
    action.new_name.clear();
  }

  void read_alter() {
    if (cursor_.accept("CONSTRAINT") || (keys() && cursor_.accept_any({"INDEX", "KEY", "CHECK"}))) {
      add_named(Kind::option);
      return;
    }
    cursor_.accept("COLUMN");
    add_named(Kind::modify_column);
  }

  bool is_partition() {
    if (cursor_.at_any({"ATTACH", "DETACH", "TRUNCATE", "COALESCE", "REORGANIZE", "EXCHANGE",
                        "REBUILD", "OPTIMIZE", "ANALYZE", "CHECK", "REPAIR", "DISCARD", "IMPORT",
                        "CONVERT"})) {
      return cursor_.at("PARTITION", 1);
    }
    return cursor_.at("PARTITION") || (cursor_.at("REMOVE") && cursor_.at("PARTITIONING", 1));
  }

  void read_partition() {
    const bool by = cursor_.at("PARTITION");
    cursor_.take();
    cursor_.take();
    std::string name;
    if (!by && cursor_.at_name()) name = cursor_.name().name;
    summary_.concurrently |= cursor_.accept("CONCURRENTLY");
    add_partition(std::move(name));
  }

  /// No action can follow one on partitions: its commas part names.
  void add_partition(std::string name = {}) {
    add(Kind::partition, std::move(name));
    skip_all();
  }

  void skip_all() {
    while (!cursor_.at_end()) cursor_.skip();
  }

  void read_option() {
    const bool moves = cursor_.at_any({"INHERIT", "NO", "OF", "NOT"}) ||
                       (cursor_.at("SET") && cursor_.at("SCHEMA", 1));
    const bool order = cursor_.at("ORDER") && cursor_.at("BY", 1);
    const bool word = cursor_.peek().kind == TokenKind::word;
    add(moves || !word ? Kind::other : Kind::option);
    if (order) skip_all();  // its commas part no actions
  }

  TokenCursor& cursor_;
  StatementSummary& summary_;
  Repeated repeated_ = Repeated::none;
};

}  // namespace

void read_alter_actions(TokenCursor& cursor, StatementSummary& summary) {
  AlterReader(cursor, summary).run();
}

}  // namespace sterna::sql
