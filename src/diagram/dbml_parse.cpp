#include "diagram/dbml_parse.hpp"

#include "base/text.hpp"
#include "diagram/dbml_cursor.hpp"
#include "diagram/dbml_values.hpp"

namespace sterna::diagram {
namespace {

class DbmlParser : private DbmlCursor {
 public:
  using DbmlCursor::DbmlCursor;

  DbmlTree run() {
    while (!at_end()) top_level();
    return std::move(tree_);
  }

 private:
  void not_kept(const DbmlToken& at, const std::string& what) {
    tree_.not_kept.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
                             what);
  }

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
    column.type.name = read_dbml_type(*this);
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
      column.default_value = read_dbml_default(*this);
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
    reference.sign = read_dbml_reference_sign(*this);
    reference.right = read_dbml_endpoint(*this);
    tree_.references.push_back(std::move(reference));
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
    reference.left = read_dbml_endpoint(*this);
    reference.sign = read_dbml_reference_sign(*this);
    reference.right = read_dbml_endpoint(*this);
    settings([&](const DbmlToken& at, const std::string& word) {
      if (word == "delete" || word == "update") {
        expect(":");
        (word == "delete" ? reference.on_delete : reference.on_update) = read_dbml_action(*this);
      } else if (word == "color") {
        skip_value();
      } else {
        fail(at, "a reference has no setting " + word, {"delete", "update", "color"});
      }
    });
    end_of_line("a reference");
    tree_.references.push_back(std::move(reference));
  }

  DbmlTree tree_;
};

}  // namespace

DbmlTree parse_dbml(std::string_view text, const std::string& file) {
  return DbmlParser(text, file).run();
}

}  // namespace sterna::diagram
