#include "database/mysql/key_text.hpp"

#include "database/mysql/engine.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::mysql {
namespace {

using sql::TokenCursor;

class KeyReader {
 public:
  explicit KeyReader(std::string_view statement) : cursor_(statement, Language::mysql) {}

  std::optional<KeyTexts> run() {
    if (cursor_.accept("ALTER")) return alter();
    if (cursor_.accept("CREATE")) return create_index();
    if (cursor_.accept("DROP")) return drop_index();
    return std::nullopt;
  }

 private:
  std::optional<KeyTexts> alter() {
    cursor_.accept_any({"ONLINE", "OFFLINE"});
    cursor_.accept("IGNORE");
    if (!cursor_.accept("TABLE")) return std::nullopt;
    accept_if_exists();
    keys_.table = cursor_.name();
    if (cursor_.accept("WAIT")) cursor_.take();
    cursor_.accept("NOWAIT");
    while (!cursor_.at_end()) {
      action();
      if (cursor_.skip_to(',')) cursor_.take();
    }
    return keys_;
  }

  void action() {
    if (cursor_.accept("ADD")) {
      add();
    } else if (cursor_.accept("DROP")) {
      if (cursor_.accept({"PRIMARY", "KEY"}))
        keys_.dropped_indexes.emplace_back("PRIMARY");
      else if (cursor_.accept_any({"INDEX", "KEY"}))
        drop();
    } else if (cursor_.accept("MODIFY") || cursor_.accept("CHANGE")) {
      cursor_.accept("COLUMN");
      accept_if_exists();
      column_key(cursor_.identifier());
    }
  }

  void add() {
    std::string name;
    if (cursor_.accept("CONSTRAINT")) {
      accept_if_exists();
      if (!cursor_.at_any({"FOREIGN", "UNIQUE", "PRIMARY", "CHECK"})) name = cursor_.identifier();
    }
    if (cursor_.accept({"FOREIGN", "KEY"})) {
      foreign_key(std::move(name));
    } else if (cursor_.accept({"PRIMARY", "KEY"})) {
      unique_key("PRIMARY");
    } else if (cursor_.accept("UNIQUE")) {
      cursor_.accept_any({"INDEX", "KEY"});
      accept_if_exists();
      if (cursor_.at_name() && !cursor_.at("USING")) name = cursor_.identifier();
      unique_key(std::move(name));
    }
  }

  void foreign_key(std::string name) {
    accept_if_exists();
    if (cursor_.at_name()) {  // an index name, which MySQL ignores when there is a constraint's
      std::string index = cursor_.identifier();
      if (name.empty()) name = std::move(index);
    }
    ForeignKeyText key{std::move(name), names(), {}, {}};
    if (!cursor_.accept("REFERENCES")) return;
    key.other = cursor_.name();
    key.other_columns = names();
    if (!key.columns.empty() && key.columns.size() == key.other_columns.size())
      keys_.foreign_keys.push_back(std::move(key));
  }

  /// ( name, name )
  std::vector<std::string> names() {
    std::vector<std::string> list;
    if (!cursor_.accept('(')) return list;
    while (cursor_.at_name()) {
      list.push_back(cursor_.identifier());
      if (!cursor_.accept(',')) break;
    }
    if (!cursor_.accept(')')) list.clear();
    return list;
  }

  void using_clause() {
    if (cursor_.accept("USING")) cursor_.take();
  }

  /// From before the brackets; the index type may stand before them.
  void unique_key(std::string name) {
    using_clause();
    UniqueKeyText key{std::move(name), {}};
    if (!cursor_.accept('(')) return;
    while (!cursor_.at_end()) {
      std::string part = cursor_.at('(') ? expression() : column_part();
      if (part.empty()) return;
      key.parts.push_back(std::move(part));
      cursor_.accept_any({"ASC", "DESC"});
      if (!cursor_.accept(',')) break;
    }
    if (cursor_.accept(')')) keys_.unique_keys.push_back(std::move(key));
  }

  /// name, or name(10)
  std::string column_part() {
    if (!cursor_.at_name()) return {};
    std::string part = dialect().quote(cursor_.identifier());
    if (!cursor_.accept('(')) return part;
    const std::string length(cursor_.take().text);
    if (!cursor_.accept(')')) return {};
    return "LEFT(" + part + ", " + length + ")";
  }

  /// ( … ) with everything in it, as it stands.
  std::string expression() {
    std::string text;
    int depth = 0;
    do {
      const sql::Token token = cursor_.take();
      if (token.kind == sql::TokenKind::end) return {};
      depth += token.is('(') ? 1 : token.is(')') ? -1 : 0;
      // A function's name and its bracket must stay together.
      if (!text.empty() && !token.is('(')) text += ' ';
      text += token.text;
    } while (depth > 0);
    return text;
  }

  /// UNIQUE or PRIMARY KEY behind a column's new definition.
  void column_key(const std::string& column) {
    const std::string part = dialect().quote(column);
    while (!cursor_.at_end() && !cursor_.at(',')) {
      if (cursor_.at("UNIQUE"))
        keys_.unique_keys.push_back({column, {part}});
      else if (cursor_.at("PRIMARY"))
        keys_.unique_keys.push_back({"PRIMARY", {part}});
      cursor_.skip();
    }
  }

  std::optional<KeyTexts> create_index() {
    cursor_.accept({"OR", "REPLACE"});
    cursor_.accept_any({"ONLINE", "OFFLINE"});
    if (!cursor_.accept({"UNIQUE", "INDEX"})) return std::nullopt;
    accept_if_exists();
    std::string name = cursor_.identifier();
    using_clause();
    if (!cursor_.accept("ON")) return std::nullopt;
    keys_.table = cursor_.name();
    if (cursor_.accept("WAIT")) cursor_.take();
    cursor_.accept("NOWAIT");
    unique_key(std::move(name));
    return keys_;
  }

  std::optional<KeyTexts> drop_index() {
    cursor_.accept_any({"ONLINE", "OFFLINE"});
    if (!cursor_.accept("INDEX")) return std::nullopt;
    drop();
    if (!cursor_.accept("ON")) return std::nullopt;
    keys_.table = cursor_.name();
    return keys_;
  }

  void drop() {
    accept_if_exists();
    keys_.dropped_indexes.push_back(cursor_.identifier());
  }

  void accept_if_exists() {
    if (!cursor_.accept({"IF", "EXISTS"})) cursor_.accept({"IF", "NOT", "EXISTS"});
  }

  TokenCursor cursor_;
  KeyTexts keys_;
};

}  // namespace

std::optional<KeyTexts> read_keys(std::string_view statement) { return KeyReader(statement).run(); }

}  // namespace sterna::mysql
