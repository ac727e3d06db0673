#include "sql/classify.hpp"

#include "base/text.hpp"
#include "sql/token_cursor.hpp"

#include <array>
#include <span>
#include <string>

namespace sterna {
namespace {

using sql::Token;
using sql::TokenCursor;
using sql::TokenKind;

class Classifier {
 public:
  Classifier(std::string_view statement, Language language) : cursor_(statement, language) {}

  StatementSummary run() {
    while (cursor_.accept('(')) {
    }  // (SELECT …) UNION …
    if (cursor_.peek().kind != TokenKind::word) return summary_;
    const Token first = cursor_.take();
    for (const Reader& reader : readers()) {
      if (!sql::is_word(first, reader.word)) continue;
      summary_.verb = reader.verb;
      if (reader.read != nullptr) (this->*reader.read)();
      return summary_;
    }
    summary_.object = to_upper(first.text);
    return summary_;
  }

 private:
  struct Reader {
    std::string_view word;
    Verb verb;
    void (Classifier::*read)();
  };
  static std::span<const Reader> readers();

  // ---- parts that several statements share ----

  bool accept_if_exists() {
    return cursor_.accept({"IF", "EXISTS"}) || cursor_.accept({"IF", "NOT", "EXISTS"});
  }

  /// Takes the words that name the kind of an object.
  std::string object_kind() {
    constexpr std::array<std::array<std::string_view, 3>, 19> compound{
        {{"MATERIALIZED", "VIEW"},
         {"FOREIGN", "TABLE"},
         {"FOREIGN", "DATA", "WRAPPER"},
         {"EVENT", "TRIGGER"},
         {"USER", "MAPPING"},
         {"ACCESS", "METHOD"},
         {"OPERATOR", "CLASS"},
         {"OPERATOR", "FAMILY"},
         {"PACKAGE", "BODY"},
         {"RESOURCE", "GROUP"},
         {"SERVICE", "LEVEL"},
         {"TEXT", "SEARCH", "CONFIGURATION"},
         {"TEXT", "SEARCH", "DICTIONARY"},
         {"TEXT", "SEARCH", "PARSER"},
         {"TEXT", "SEARCH", "TEMPLATE"},
         {"LARGE", "OBJECT"},
         {"DEFAULT", "PRIVILEGES"},
         {"LOGFILE", "GROUP"},
         {"SPATIAL", "REFERENCE", "SYSTEM"}}};
    for (const auto& [first, second, third] : compound) {
      if (third.empty() ? cursor_.accept({first, second})
                        : cursor_.accept({first, second, third})) {
        return std::string(first) + " " + std::string(second) +
               (third.empty() ? "" : " " + std::string(third));
      }
    }
    if (cursor_.accept("COLUMNFAMILY")) return "TABLE";  // CQL's old word
    if (cursor_.peek().kind != TokenKind::word) return {};
    return to_upper(cursor_.take().text);
  }

  /// Words between CREATE (or ALTER, DROP) and the kind.
  void modifiers() {
    while (true) {
      if (cursor_.accept({"OR", "REPLACE"})) {
        summary_.or_replace = true;
      } else if (cursor_.accept_any({"TEMP", "TEMPORARY"})) {
        summary_.temporary = true;
      } else if (cursor_.at_any({"DEFINER", "ALGORITHM"}) && cursor_.at('=', 1)) {
        value_of_modifier();
      } else if (cursor_.accept({"SQL", "SECURITY"})) {
        cursor_.take();
      } else if (is_modifier()) {
        cursor_.take();
      } else {
        return;
      }
    }
  }

  bool is_modifier() {
    if (cursor_.at_any({"GLOBAL", "LOCAL", "UNLOGGED", "UNIQUE", "FULLTEXT", "CUSTOM", "VECTOR",
                        "VIRTUAL", "RECURSIVE", "TRUSTED", "PROCEDURAL", "ONLINE", "OFFLINE",
                        "IGNORE"})) {
      return true;
    }
    return (cursor_.at("SPATIAL") && cursor_.at("INDEX", 1)) ||
           (cursor_.at("CONSTRAINT") && cursor_.at("TRIGGER", 1)) ||
           (cursor_.at("AGGREGATE") && cursor_.at("FUNCTION", 1)) ||
           (cursor_.at("DEFAULT") && cursor_.at("CONVERSION", 1));
  }

  /// DEFINER = `a`@`b`, CURRENT_USER(), 'a'@'%'; ALGORITHM = MERGE
  void value_of_modifier() {
    cursor_.take();
    cursor_.take();
    cursor_.take();
    if (cursor_.peek().kind == TokenKind::parameter) {  // @host, or @ and a quoted host
      const bool bare = cursor_.take().text.size() == 1;
      if (bare && cursor_.at_name()) cursor_.take();
    }
    if (cursor_.at('(')) cursor_.skip();
  }

  void name_list() {
    summary_.name = cursor_.name();
    while (true) {
      if (cursor_.at('(')) cursor_.skip();  // the arguments of a function
      if (!cursor_.accept(',')) return;
      summary_.more_names.push_back(cursor_.name());
    }
  }

  void find_where() { summary_.has_where = cursor_.skip_to({"WHERE"}); }

  // ---- definitions ----

  void create() {
    modifiers();
    summary_.object = object_kind();
    if (summary_.object == "INDEX") return create_index();
    summary_.if_exists = accept_if_exists();
    if (summary_.object == "SCHEMA" && cursor_.accept("AUTHORIZATION")) {
      summary_.name = cursor_.name();
      return;
    }
    if (summary_.object == "USER MAPPING") return;
    summary_.name = cursor_.name();
    if (summary_.object == "TRIGGER" || summary_.object == "POLICY") {
      if (cursor_.skip_to({"ON"}) && cursor_.accept("ON")) summary_.table = cursor_.name();
    } else if (summary_.object == "RULE") {
      if (cursor_.skip_to({"TO"}) && cursor_.accept("TO")) summary_.table = cursor_.name();
    }
  }

  void create_index() {
    summary_.concurrently = cursor_.accept("CONCURRENTLY");
    summary_.if_exists = accept_if_exists();
    if (!cursor_.at("ON")) summary_.name = cursor_.name();
    if (cursor_.skip_to({"ON"}) && cursor_.accept("ON")) {
      if (cursor_.at("ONLY") && cursor_.at_name(1)) cursor_.take();
      summary_.table = cursor_.name();
    }
  }

  void alter() {
    modifiers();
    summary_.object = object_kind();
    summary_.if_exists = accept_if_exists();
    if (summary_.object == "TABLE" || summary_.object == "FOREIGN TABLE") {
      if (cursor_.at("ONLY") && cursor_.at_name(1)) cursor_.take();
      summary_.name = cursor_.name();
      cursor_.accept('*');
      sql::read_alter_actions(cursor_, summary_);
      return;
    }
    if (summary_.object == "SYSTEM") return;
    summary_.name = cursor_.name();
    if (summary_.object == "TYPE" && cursor_.traits().alters_without_verb) {  // CQL: fields
      sql::read_alter_actions(cursor_, summary_);
      return;
    }
    if (summary_.object == "TRIGGER" || summary_.object == "POLICY" || summary_.object == "RULE") {
      if (cursor_.accept("ON")) summary_.table = cursor_.name();
    }
    if (cursor_.at('(')) cursor_.skip();
    if (cursor_.accept({"RENAME", "TO"})) summary_.new_name = cursor_.name();
  }

  void drop() {
    modifiers();
    summary_.object = object_kind();
    summary_.concurrently = cursor_.accept("CONCURRENTLY");
    summary_.if_exists = accept_if_exists();
    if (summary_.object == "USER MAPPING" || summary_.object == "OWNED") return;
    name_list();
    if (cursor_.accept("ON")) summary_.table = cursor_.name();
  }

  void rename() {
    summary_.object = object_kind();
    if (summary_.object == "TABLES") summary_.object = "TABLE";
    summary_.if_exists = accept_if_exists();
    for (bool first = true; first || cursor_.accept(','); first = false) {
      const ObjectName from = cursor_.name();
      if (!cursor_.skip_to({"TO"})) return;
      cursor_.take();
      ObjectName to = cursor_.name();
      (first ? summary_.name : summary_.more_names.emplace_back()) = from;
      (first ? summary_.new_name : summary_.more_new_names.emplace_back()) = std::move(to);
      while (!cursor_.at_end() && !cursor_.at(',')) cursor_.skip();
    }
  }

  void truncate() {
    cursor_.accept("TABLE");
    if (cursor_.at("ONLY") && cursor_.at_name(1)) cursor_.take();
    summary_.object = "TABLE";
    name_list();
  }

  void comment() {
    if (!cursor_.accept("ON")) return;
    summary_.object = object_kind();
    summary_.name = cursor_.name();
    if (cursor_.accept("ON")) {
      cursor_.accept("DOMAIN");
      summary_.table = cursor_.name();
    }
  }

  // ---- data ----

  void data() {
    summary_.object = "TABLE";
    while (cursor_.accept_any(
               {"LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "QUICK", "IGNORE", "INTO", "FROM"}) ||
           (cursor_.at("ONLY") && cursor_.at_name(1) && cursor_.accept("ONLY"))) {
    }
    if (cursor_.accept("OR")) {  // INSERT OR IGNORE INTO
      cursor_.take();
      cursor_.accept("INTO");
    }
    summary_.name = cursor_.name();
    if (summary_.verb == Verb::update || summary_.verb == Verb::remove) find_where();
  }

  /// DELETE a, b FROM c; DELETE v FROM t (MySQL and CQL): the table stands behind FROM.
  void remove() {
    if (!cursor_.at_any({"FROM", "LOW_PRIORITY", "QUICK", "IGNORE"})) cursor_.skip_to({"FROM"});
    data();
  }

  void copy() {
    cursor_.accept("BINARY");
    summary_.object = "TABLE";
    if (!cursor_.at('(')) summary_.name = cursor_.name();
  }

  /// LOAD DATA … INTO TABLE t (MySQL); PostgreSQL's LOAD names a library.
  void load() {
    if (!cursor_.at_any({"DATA", "XML"})) {
      summary_.verb = Verb::other;
      summary_.object = "LOAD";
      return;
    }
    summary_.object = "TABLE";
    while (cursor_.skip_to({"INTO"}) && cursor_.accept("INTO")) {
      if (cursor_.accept("TABLE")) summary_.name = cursor_.name();
    }
  }

  void call() { summary_.name = cursor_.name(); }

  /// WITH …: the verb stands behind the common tables; one that modifies data inside them counts as
  /// well (PostgreSQL).
  void with() {
    const auto modifies = [this] {
      return cursor_.at_any({"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"});
    };
    Verb inside = Verb::other;
    bool opened = false;
    for (int depth = 0; !cursor_.at_end();) {
      if (depth == 0 && modifies()) {
        run();
        return;
      }
      if (depth == 0 && cursor_.at_any({"SELECT", "VALUES", "TABLE"})) break;
      if (opened && modifies() && inside == Verb::other) inside = verb_of(cursor_.peek());
      const Token token = cursor_.take();
      opened = token.is('(');
      depth += opened ? 1 : token.is(')') ? -1 : 0;
    }
    summary_.verb = inside == Verb::other ? Verb::select : inside;
  }

  static Verb verb_of(const Token& token) {
    for (const Reader& reader : readers()) {
      if (sql::is_word(token, reader.word)) return reader.verb;
    }
    return Verb::other;
  }

  // ---- the rest ----

  void begin() {
    if (cursor_.accept("NOT")) summary_.verb = Verb::do_block;  // MariaDB: BEGIN NOT ATOMIC
    if (cursor_.at("BATCH") || cursor_.at("BATCH", 1)) {        // CQL
      summary_.verb = Verb::insert;
      summary_.object = "BATCH";
    }
  }

  void start() {
    if (cursor_.at("TRANSACTION")) return;
    summary_.verb = Verb::other;
    summary_.object = "START";
  }

  void prepare() {
    if (cursor_.accept("TRANSACTION")) return;
    summary_.verb = Verb::other;
    summary_.object = "PREPARE";
  }

  void set() {
    if (cursor_.at("PASSWORD")) summary_.object = "PASSWORD";
    cursor_.accept_any({"SESSION", "LOCAL", "GLOBAL", "PERSIST"});
    if (cursor_.at_name()) summary_.name = cursor_.name();
  }

  void lock() {
    cursor_.accept_any({"TABLE", "TABLES"});
    summary_.object = "TABLE";
    if (cursor_.at_name()) summary_.name = cursor_.name();
  }

  void named() {
    if (cursor_.at('(')) cursor_.skip();  // options
    if (cursor_.accept_any({"TABLE", "TABLES"})) summary_.object = "TABLE";
    while (cursor_.accept_any(
        {"FULL", "FREEZE", "VERBOSE", "ANALYZE", "LOCAL", "NO_WRITE_TO_BINLOG"})) {
    }
    if (cursor_.accept_any({"TABLE", "TABLES"})) summary_.object = "TABLE";
    if (cursor_.at_name()) summary_.name = cursor_.name();
  }

  void reindex() {
    if (cursor_.at('(')) {
      for (std::size_t ahead = 0;
           !cursor_.at(')', ahead) && cursor_.peek(ahead).kind != TokenKind::end; ++ahead) {
        summary_.concurrently |= cursor_.at("CONCURRENTLY", ahead);
      }
      cursor_.skip();
    }
    if (cursor_.at_any({"INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"}))
      summary_.object = to_upper(cursor_.take().text);
    summary_.concurrently |= cursor_.accept("CONCURRENTLY");
    if (cursor_.at_name()) summary_.name = cursor_.name();
  }

  void refresh() {
    summary_.object = object_kind();
    summary_.concurrently = cursor_.accept("CONCURRENTLY");
    summary_.name = cursor_.name();
  }

  void attach() {
    cursor_.accept("DATABASE");
    summary_.object = "DATABASE";
    if (cursor_.skip_to({"AS"})) cursor_.take();
    summary_.name = cursor_.name();
  }

  void detach() {
    cursor_.accept("DATABASE");
    summary_.object = "DATABASE";
    summary_.name = cursor_.name();
  }

  /// DECLARE opens a cursor in PostgreSQL and a block in MariaDB's Oracle mode.
  void declare() {
    if (cursor_.traits().bodies == sql::BodyStyle::routine) return;
    summary_.verb = Verb::other;
    summary_.object = "DECLARE";
  }

  TokenCursor cursor_;
  StatementSummary summary_;
};

std::span<const Classifier::Reader> Classifier::readers() {
  static constexpr std::array all{
      Reader{"CREATE", Verb::create, &Classifier::create},
      Reader{"ALTER", Verb::alter, &Classifier::alter},
      Reader{"DROP", Verb::drop, &Classifier::drop},
      Reader{"INSERT", Verb::insert, &Classifier::data},
      Reader{"UPDATE", Verb::update, &Classifier::data},
      Reader{"DELETE", Verb::remove, &Classifier::remove},
      Reader{"REPLACE", Verb::replace, &Classifier::data},
      Reader{"MERGE", Verb::merge, &Classifier::data},
      Reader{"SELECT", Verb::select, nullptr},
      Reader{"VALUES", Verb::select, nullptr},
      Reader{"TABLE", Verb::select, nullptr},
      Reader{"WITH", Verb::select, &Classifier::with},
      Reader{"LOAD", Verb::copy, &Classifier::load},
      Reader{"COPY", Verb::copy, &Classifier::copy},
      Reader{"CALL", Verb::call, &Classifier::call},
      Reader{"EXECUTE", Verb::call, &Classifier::call},
      Reader{"RENAME", Verb::rename, &Classifier::rename},
      Reader{"TRUNCATE", Verb::truncate, &Classifier::truncate},
      Reader{"COMMENT", Verb::comment, &Classifier::comment},
      Reader{"GRANT", Verb::grant, nullptr},
      Reader{"REVOKE", Verb::revoke, nullptr},
      Reader{"SET", Verb::set, &Classifier::set},
      Reader{"RESET", Verb::set, &Classifier::set},
      Reader{"USE", Verb::use, &Classifier::call},
      Reader{"LOCK", Verb::lock, &Classifier::lock},
      Reader{"UNLOCK", Verb::lock, &Classifier::lock},
      Reader{"BEGIN", Verb::begin, &Classifier::begin},
      Reader{"START", Verb::begin, &Classifier::start},
      Reader{"XA", Verb::begin, nullptr},
      Reader{"COMMIT", Verb::commit, nullptr},
      Reader{"END", Verb::commit, nullptr},
      Reader{"PREPARE", Verb::commit, &Classifier::prepare},
      Reader{"ROLLBACK", Verb::rollback, nullptr},
      Reader{"ABORT", Verb::rollback, nullptr},
      Reader{"SAVEPOINT", Verb::savepoint, nullptr},
      Reader{"RELEASE", Verb::savepoint, nullptr},
      Reader{"VACUUM", Verb::vacuum, &Classifier::named},
      Reader{"ANALYZE", Verb::analyze, &Classifier::named},
      Reader{"ANALYSE", Verb::analyze, &Classifier::named},
      Reader{"REINDEX", Verb::reindex, &Classifier::reindex},
      Reader{"CLUSTER", Verb::cluster, &Classifier::named},
      Reader{"REFRESH", Verb::refresh, &Classifier::refresh},
      Reader{"EXPLAIN", Verb::explain, nullptr},
      Reader{"DESCRIBE", Verb::explain, nullptr},
      Reader{"DESC", Verb::explain, nullptr},
      Reader{"PRAGMA", Verb::pragma, &Classifier::call},
      Reader{"ATTACH", Verb::attach, &Classifier::attach},
      Reader{"DETACH", Verb::attach, &Classifier::detach},
      Reader{"DO", Verb::do_block, nullptr},
      Reader{"DECLARE", Verb::do_block, &Classifier::declare},
      Reader{"IF", Verb::do_block, nullptr},
      Reader{"CASE", Verb::do_block, nullptr},
      Reader{"LOOP", Verb::do_block, nullptr},
      Reader{"WHILE", Verb::do_block, nullptr},
      Reader{"REPEAT", Verb::do_block, nullptr},
      Reader{"FOR", Verb::do_block, nullptr},
  };
  return all;
}

}  // namespace

StatementSummary classify(std::string_view statement, Language language) {
  return Classifier(statement, language).run();
}

}  // namespace sterna
