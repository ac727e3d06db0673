#include "diagram/dbml_parse.hpp"

#include "base/text.hpp"
#include "diagram/dbml_lexer.hpp"
#include "diagram/dbml_words.hpp"

#include <sterna/error.hpp>

#include <functional>

namespace sterna::diagram {
namespace {

using model::Name;

DbmlPlace place_of(const DbmlToken& token) { return {token.line, token.column}; }

class DbmlParser {
 public:
  DbmlParser(std::string_view text, const std::string& file)
      : text_(text), file_(file), tokens_(dbml_tokens(text, file)) {}

  DbmlTree run() {
    while (now().kind != DbmlTokenKind::end) top_level();
    return std::move(tree_);
  }

 private:
  // tokens

  const DbmlToken& now() const { return tokens_[at_]; }
  const DbmlToken& after() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  const DbmlToken& take() {
    const DbmlToken& token = tokens_[at_];
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool take_sign(std::string_view sign) {
    if (!now().is_sign(sign)) return false;
    take();
    return true;
  }
  static bool is_word(const DbmlToken& token, std::string_view word) {
    return token.kind == DbmlTokenKind::word && equals_ignoring_case(token.text, word);
  }

  [[noreturn]] void fail(const DbmlToken& at, const std::string& message,
                         const std::vector<std::string>& known = {}) const {
    Error error(ErrorKind::validation, message);
    error.at({file_, at.line, at.column});
    if (!known.empty()) {
      const auto near = near_misses(at.text, known, 1);
      error.suggest(near.empty() ? "DBML has here: " + join(known, ", ")
                                 : "did you mean " + near.front() + "?");
    }
    throw error;
  }

  static std::string shown(const DbmlToken& token) {
    return token.kind == DbmlTokenKind::end ? "the end of the text" : "“" + token.text + "”";
  }

  void expect(std::string_view sign) {
    if (!take_sign(sign)) fail(now(), std::string(sign) + " is missing before " + shown(now()));
  }

  std::string name_part(std::string_view what) {
    if (!now().is_name() || now().text.empty())
      fail(now(), std::string(what) + " is missing before " + shown(now()));
    return take().text;
  }

  Name dotted_name(std::string_view what) {
    std::string first = name_part(what);
    if (!take_sign(".")) return {std::string(), std::move(first)};
    std::string second = name_part(what);
    if (now().is_sign(".")) fail(now(), std::string(what) + " has more parts than schema.name");
    return {std::move(first), std::move(second)};
  }

  std::string string_value() {
    if (now().kind != DbmlTokenKind::string)
      fail(now(), "a text between ' is missing before " + shown(now()));
    return take().text;
  }

  void end_of_line(std::string_view after_what) {
    if (now().first_on_line || now().is_sign("}") || now().kind == DbmlTokenKind::end) return;
    fail(now(), shown(now()) + " cannot stand after " + std::string(after_what));
  }

  void not_kept(const DbmlToken& at, const std::string& what) {
    tree_.not_kept.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                             what);
  }

  // blocks and settings

  void block(const std::function<void()>& each) {
    const DbmlToken& open = now();
    expect("{");
    while (!now().is_sign("}")) {
      if (now().kind == DbmlTokenKind::end) fail(open, "the block is not closed with }");
      each();
    }
    take();
  }

  /// [name: value, two words, …]: `each` gets the words in lower case, and stands at the value.
  void settings(const std::function<void(const DbmlToken&, const std::string&)>& each) {
    if (!now().is_sign("[")) return;
    const DbmlToken& open = take();
    for (;;) {
      if (now().kind == DbmlTokenKind::end) fail(open, "the settings are not closed with ]");
      const DbmlToken& first = now();
      std::string words = to_lower(name_part("a setting"));
      while (now().kind == DbmlTokenKind::word) words += " " + to_lower(take().text);
      each(first, words);
      if (take_sign("]")) return;
      expect(",");
    }
  }

  /// The value of a setting that only a drawing has use for.
  void skip_value() {
    if (!take_sign(":")) return;
    if (now().kind == DbmlTokenKind::sign || now().kind == DbmlTokenKind::end)
      fail(now(), "a value is missing before " + shown(now()));
    take();
  }

  std::string note_value() {
    expect(":");
    return string_value();
  }

  /// "Note: 'text'" or "Note { 'text' }", the word taken already.
  std::string note_body() {
    if (now().is_sign(":")) return note_value();
    expect("{");
    std::string text = string_value();
    expect("}");
    return text;
  }
  bool at_note() const {
    return is_word(now(), "note") && (after().is_sign(":") || after().is_sign("{"));
  }

  // elements

  void top_level() {
    static const std::vector<std::string> known = {"Table",      "Ref",     "Enum",
                                                   "TableGroup", "Project", "Note"};
    const DbmlToken& word = take();
    const std::string name = word.kind == DbmlTokenKind::word ? to_lower(word.text) : "";
    if (name == "table")
      table(word);
    else if (name == "ref")
      references();
    else if (name == "enum")
      enumeration(word);
    else if (name == "tablegroup")
      group();
    else if (name == "project")
      project();
    else if (name == "note")
      sticky_note();
    else if (name == "tablepartial" || name == "records")
      fail(word, "DBML's " + word.text + " is not supported" +
                     (name == "records" ? ": a schema holds no rows"
                                        : ": write its columns into the tables"));
    else
      fail(word, shown(word) + " begins nothing that DBML has", known);
  }

  void project() {
    if (!now().is_sign("{")) tree_.project = name_part("the project's name");
    block([&] {
      if (at_note()) {
        take();
        tree_.note = note_body();
        return;
      }
      const DbmlToken& word = now();
      name_part("a property");
      expect(":");
      if (now().kind != DbmlTokenKind::string && !now().is_name())
        fail(now(), "a value is missing before " + shown(now()));
      take();
      if (!is_word(word, "database_type")) not_kept(word, "the project's " + word.text);
    });
  }

  void sticky_note() {
    DbmlNote note;
    note.name = name_part("the note's name");
    settings([&](const DbmlToken&, const std::string&) { skip_value(); });
    expect("{");
    note.text = string_value();
    expect("}");
    tree_.notes.push_back(std::move(note));
  }

  void group() {
    DbmlGroupText result;
    result.group.name = name_part("the group's name");
    settings([&](const DbmlToken& at, const std::string& word) {
      if (word == "note") {
        result.group.note = note_value();
      } else if (word == "color") {
        expect(":");
        result.group.color = name_part("a colour");
      } else {
        fail(at, "a group has no setting " + word, {"note", "color"});
      }
    });
    block([&] {
      if (at_note()) {
        take();
        result.group.note = note_body();
        return;
      }
      result.places.push_back(place_of(now()));
      result.group.tables.push_back(dotted_name("a table"));
      end_of_line("a table's name");
    });
    tree_.groups.push_back(std::move(result));
  }

  void enumeration(const DbmlToken& word) {
    DbmlEnum result{place_of(word), {dotted_name("the enum's name"), {}, ""}};
    block([&] {
      const DbmlToken& value = now();
      if (value.kind == DbmlTokenKind::quoted)
        take();  // may be empty
      else
        name_part("a value");
      for (const std::string& other : result.type.values) {
        if (other == value.text) fail(value, "the value " + shown(value) + " is there twice");
      }
      result.type.values.push_back(value.text);
      settings([&](const DbmlToken& at, const std::string& setting) {
        if (setting != "note") fail(at, "a value has no setting " + setting, {"note"});
        note_value();
        not_kept(at, "the note of an enum value");
      });
      end_of_line("a value");
    });
    tree_.enums.push_back(std::move(result));
  }

  void table(const DbmlToken& word) {
    DbmlTable result;
    result.place = place_of(word);
    result.table.name = dotted_name("the table's name");
    if (is_word(now(), "as")) {
      take();
      result.alias = name_part("the alias");
    }
    settings([&](const DbmlToken& at, const std::string& setting) {
      if (setting == "note") {
        result.table.comment = note_value();
      } else if (setting == "headercolor") {
        skip_value();
        not_kept(at, "a colour");
      } else {
        fail(at, "a table has no setting " + setting, {"note", "headercolor"});
      }
    });
    block([&] { table_item(result); });
    tree_.tables.push_back(std::move(result));
  }

  void table_item(DbmlTable& table) {
    if (at_note()) {
      take();
      table.table.comment = note_body();
    } else if (is_word(now(), "indexes") && after().is_sign("{")) {
      take();
      block([&] { index(table); });
    } else if (is_word(now(), "checks") && after().is_sign("{")) {
      take();
      block([&] { check(table); });
    } else if (now().is_sign("~")) {
      fail(now(), "TablePartial is not supported: write its columns into the table");
    } else {
      column(table);
    }
  }

  void column(DbmlTable& table) {
    const DbmlToken& first = now();
    model::Column column;
    column.name = name_part("a column");
    if (table.table.column(column.name) != nullptr)
      fail(first, "the column " + shown(first) + " is there twice");
    if (now().first_on_line) fail(now(), "the type of the column " + column.name + " is missing");
    column.type.name = type();
    column.nullable = true;
    bool key = false, null_said = false;
    settings([&](const DbmlToken& at, const std::string& word) {
      column_setting(table, column, key, null_said, at, word);
    });
    end_of_line("a column");
    if (key) {
      if (!null_said) column.nullable = false;
      if (!table.table.primary_key) table.table.primary_key.emplace();
      table.table.primary_key->parts.push_back({.column = column.name});
    }
    table.column_places.push_back(place_of(first));
    table.table.columns.push_back(std::move(column));
  }

  void column_setting(DbmlTable& table, model::Column& column, bool& key, bool& null_said,
                      const DbmlToken& at, const std::string& word) {
    if (word == "pk" || word == "primary key") {
      if (key) fail(at, "the column is named as key twice");
      key = true;
    } else if (word == "null" || word == "not null") {
      column.nullable = word == "null";
      null_said = true;
    } else if (word == "increment") {
      column.auto_increment = true;
    } else if (word == "unique") {
      table.table.uniques.push_back({"", {column.name}});
    } else if (word == "note") {
      column.comment = note_value();
    } else if (word == "default") {
      expect(":");
      column.default_value = default_value();
    } else if (word == "check") {
      expect(":");
      table.table.checks.push_back({"", expression()});
    } else if (word == "ref") {
      column_reference(table, column, at);
    } else {
      fail(at, "a column has no setting " + word,
           {"pk", "primary key", "null", "not null", "increment", "unique", "note", "default",
            "check", "ref"});
    }
  }

  void column_reference(const DbmlTable& table, const model::Column& column, const DbmlToken& at) {
    expect(":");
    DbmlReference reference;
    reference.place = place_of(at);
    reference.at_column = true;
    reference.left = {place_of(at), table.table.name, {column.name}};
    reference.sign = reference_sign();
    reference.right = endpoint();
    tree_.references.push_back(std::move(reference));
  }

  /// As it is written: a word with its arguments and brackets, or anything between ".
  std::string type() {
    if (now().kind == DbmlTokenKind::quoted) {
      if (now().text.empty()) fail(now(), "the type is empty");
      std::string text = take().text;
      if (take_sign(".")) text = sql_spelling({text, name_part("the type's name")});
      return text;
    }
    const std::size_t begin = now().begin;
    std::size_t end = now().end;
    name_part("a type");
    while (now().is_sign(".")) {
      take();
      if (now().kind != DbmlTokenKind::word) {
        const Name name{std::string(text_.substr(begin, end - begin)), name_part("a type")};
        return sql_spelling(name);
      }
      end = take().end;
    }
    if (now().is_sign("(")) {
      const DbmlToken& open = now();
      while (!now().is_sign(")")) {
        if (now().kind == DbmlTokenKind::end || now().first_on_line)
          fail(open, "the type's arguments are not closed with )");
        take();
      }
      end = take().end;
    }
    while (now().is_sign("[") && now().begin == end) {
      const DbmlToken& inside = after();
      if (!inside.is_sign("]") && !is_dbml_number(inside.text)) break;
      take();
      if (!now().is_sign("]")) take();
      end = now().end;
      expect("]");
    }
    return std::string(text_.substr(begin, end - begin));
  }

  std::string expression() {
    if (now().kind != DbmlTokenKind::expression)
      fail(now(), "an expression between ` is missing before " + shown(now()));
    if (trim(now().text).empty()) fail(now(), "the expression is empty");
    return take().text;
  }

  model::Default default_value() {
    using Literal = model::Default::Literal;
    const DbmlToken& token = now();
    if (token.kind == DbmlTokenKind::expression) {
      std::string text = expression();
      if (equals_ignoring_case(trim(text), "now()"))
        return {model::Default::Kind::now, "", Literal::string};
      return {model::Default::Kind::expression, std::move(text), Literal::string};
    }
    if (token.kind == DbmlTokenKind::string)
      return {model::Default::Kind::literal, take().text, Literal::string};
    std::string sign;
    if (token.is_sign("-") || token.is_sign("+")) sign = take().text == "-" ? "-" : "";
    const std::string word = to_lower(now().text);
    if (now().kind == DbmlTokenKind::word && is_dbml_number(now().text))
      return {model::Default::Kind::literal, sign + take().text, Literal::number};
    if (now().kind == DbmlTokenKind::word && sign.empty()) {
      if (word == "null") {
        take();
        return {model::Default::Kind::literal, "", Literal::null};
      }
      if (word == "true" || word == "false") {
        take();
        return {model::Default::Kind::literal, word, Literal::boolean};
      }
    }
    fail(now(),
         "a default is a number, true, false, null, a text between ' or an expression "
         "between `, not " +
             shown(now()));
  }

  void index(DbmlTable& table) {
    model::Index index;
    const DbmlToken& first = now();
    if (take_sign("(")) {
      do {
        index.parts.push_back(index_part(table));
      } while (take_sign(","));
      expect(")");
    } else {
      index.parts.push_back(index_part(table));
    }
    bool key = false;
    settings([&](const DbmlToken& at, const std::string& word) {
      if (word == "unique") {
        index.unique = true;
      } else if (word == "pk" || word == "primary key") {
        key = true;
      } else if (word == "note") {
        index.comment = note_value();
      } else if (word == "name") {
        expect(":");
        index.name = now().is_name() ? take().text : string_value();
      } else if (word == "type") {
        expect(":");
        index.method = name_part("the index's type");
      } else {
        fail(at, "an index has no setting " + word, {"pk", "unique", "name", "type", "note"});
      }
    });
    end_of_line("an index");
    if (key)
      primary_key(table, index, first);
    else if (!as_unique(table, index))
      table.table.indexes.push_back(std::move(index));
  }

  model::IndexPart index_part(DbmlTable& table) {
    model::IndexPart part;
    if (now().kind == DbmlTokenKind::expression) {
      part.expression = expression();
      // `column DESC`, as the writer says it.
      const std::string_view text = part.expression;
      if (text.ends_with(" DESC") &&
          table.table.column(text.substr(0, text.size() - 5)) != nullptr) {
        part.column = text.substr(0, text.size() - 5);
        part.expression.clear();
        part.descending = true;
      }
      return part;
    }
    const DbmlToken& token = now();
    part.column = name_part("a column");
    table.uses.push_back({place_of(token), part.column});
    return part;
  }

  void primary_key(DbmlTable& table, const model::Index& index, const DbmlToken& at) {
    if (table.table.primary_key || !table.table.partition_key.empty())
      fail(at, "the primary key is described twice");
    for (const model::IndexPart& part : index.parts) {
      if (part.column.empty()) fail(at, "a primary key has columns, no expressions");
      if (model::Column* column = table.table.column(part.column)) column->nullable = false;
    }
    if (cql_key(table, index)) return;
    table.table.primary_key = model::PrimaryKey{index.name, index.parts};
  }

  /// "K: a, b; C: c": the two parts of a key of CQL, as the writer says them.
  static bool cql_key(DbmlTable& table, const model::Index& index) {
    if (!index.comment.starts_with("K: ")) return false;
    std::vector<std::string> partition, clustering;
    for (const std::string& part : split(index.comment, ';')) {
      const std::string_view text = trim(part);
      if (text.size() < 3) return false;
      auto& list = text.starts_with("C: ") ? clustering : partition;
      for (const std::string& name : split(text.substr(3), ',')) list.emplace_back(trim(name));
    }
    std::vector<std::string> named = partition, columns;
    named.insert(named.end(), clustering.begin(), clustering.end());
    for (const model::IndexPart& part : index.parts) columns.push_back(part.column);
    if (named != columns) return false;
    table.table.partition_key = std::move(partition);
    table.table.clustering_key = std::move(clustering);
    return true;
  }

  /// Unique columns are a constraint; expressions and a type make it an index.
  static bool as_unique(DbmlTable& table, const model::Index& index) {
    if (!index.unique || !index.method.empty() || !index.comment.empty()) return false;
    model::Unique unique{index.name, {}};
    for (const model::IndexPart& part : index.parts) {
      if (part.column.empty() || part.descending) return false;
      unique.columns.push_back(part.column);
    }
    table.table.uniques.push_back(std::move(unique));
    return true;
  }

  void check(DbmlTable& table) {
    model::Check check{"", expression()};
    settings([&](const DbmlToken& at, const std::string& word) {
      if (word != "name") fail(at, "a check has no setting " + word, {"name"});
      expect(":");
      check.name = now().is_name() ? take().text : string_value();
    });
    end_of_line("a check");
    table.table.checks.push_back(std::move(check));
  }

  void references() {
    std::string name;
    if (now().is_name()) name = name_part("the name");
    if (take_sign(":")) {
      reference(name);
      return;
    }
    block([&] { reference(name); });
  }

  void reference(const std::string& name) {
    DbmlReference reference;
    reference.place = place_of(now());
    reference.name = name;
    reference.left = endpoint();
    reference.sign = reference_sign();
    reference.right = endpoint();
    settings([&](const DbmlToken& at, const std::string& word) {
      if (word == "delete" || word == "update") {
        expect(":");
        (word == "delete" ? reference.on_delete : reference.on_update) = action();
      } else if (word == "color") {
        skip_value();
      } else {
        fail(at, "a reference has no setting " + word, {"delete", "update", "color"});
      }
    });
    end_of_line("a reference");
    tree_.references.push_back(std::move(reference));
  }

  std::string reference_sign() {
    for (const char* sign : {"<>", "<", ">", "-"}) {
      if (take_sign(sign)) return sign;
    }
    fail(now(), "one of < > - <> is missing before " + shown(now()));
  }

  model::ReferentialAction action() {
    const DbmlToken& first = now();
    std::string words = to_lower(name_part("an action"));
    while (now().kind == DbmlTokenKind::word && !now().first_on_line)
      words += " " + to_lower(take().text);
    if (words == "cascade") return model::ReferentialAction::cascade;
    if (words == "restrict") return model::ReferentialAction::restrict_;
    if (words == "set null") return model::ReferentialAction::set_null;
    if (words == "set default") return model::ReferentialAction::set_default;
    if (words == "no action") return model::ReferentialAction::no_action;
    fail(first, "“" + words + "” is no action",
         {"cascade", "restrict", "set null", "set default", "no action"});
  }

  /// [schema.]table.column or [schema.]table.(a, b)
  DbmlEndpoint endpoint() {
    DbmlEndpoint result;
    const DbmlToken& first = now();
    result.place = place_of(first);
    std::vector<std::string> parts = {name_part("a table")};
    while (take_sign(".")) {
      if (take_sign("(")) {
        do {
          result.columns.push_back(name_part("a column"));
        } while (take_sign(","));
        expect(")");
        break;
      }
      parts.push_back(name_part("a column"));
    }
    if (result.columns.empty()) {
      result.columns.push_back(parts.back());
      parts.pop_back();
    }
    if (parts.empty() || parts.size() > 2)
      fail(first, "a reference names table.column or schema.table.column");
    result.table = parts.size() == 2 ? Name{parts[0], parts[1]} : Name{std::string(), parts[0]};
    return result;
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<DbmlToken> tokens_;
  std::size_t at_ = 0;
  DbmlTree tree_;
};

}  // namespace

DbmlTree parse_dbml(std::string_view text, const std::string& file) {
  return DbmlParser(text, file).run();
}

}  // namespace sterna::diagram
