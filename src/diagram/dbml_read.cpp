#include "diagram/dbml_read.hpp"

#include "base/text.hpp"
#include "diagram/dbml_parse.hpp"
#include "diagram/dbml_words.hpp"

#include <sterna/error.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace sterna::diagram {
namespace {

using model::Name;
using model::Table;

class DbmlModelMaker {
 public:
  DbmlModelMaker(DbmlTree tree, const DbmlOptions& options)
      : tree_(std::move(tree)), options_(options) {}

  DbmlDocument run() {
    document_.model.dialect = options_.dialect;
    document_.model.default_schema = options_.default_schema;
    document_.project = std::move(tree_.project);
    document_.note = std::move(tree_.note);
    document_.notes = std::move(tree_.notes);
    document_.not_kept = std::move(tree_.not_kept);
    enter_enums();
    enter_tables();
    for (const DbmlReference& each : tree_.references) refer(each);
    finish();
    return std::move(document_);
  }

 private:
  [[noreturn]] void fail(const DbmlPlace& place, const std::string& message) const {
    throw Error(ErrorKind::validation, message).at({options_.file, place.line, place.column});
  }

  void make_local(Name& name) const {
    if (name.schema == options_.default_schema) name.schema.clear();
  }

  void enter_enums() {
    for (DbmlEnum& each : tree_.enums) {
      make_local(each.type.name);
      if (!enum_at_.emplace(each.type.name.text(), enum_at_.size()).second)
        fail(each.place, "the enum " + each.type.name.text() + " is there twice");
    }
  }

  void enter_tables() {
    for (std::size_t t = 0; t < tree_.tables.size(); ++t) {
      DbmlTable& each = tree_.tables[t];
      make_local(each.table.name);
      if (!table_at_.emplace(each.table.name.text(), t).second)
        fail(each.place, "the table " + each.table.name.text() + " is there twice");
      for (model::Column& column : each.table.columns) resolve_type(column.type);
      for (const DbmlColumnUse& use : each.uses) {
        model::Column* column = each.table.column(use.column);
        if (column == nullptr)
          fail(use.place, "the table " + each.table.name.text() + " has no column " + use.column);
      }
      if (!each.table.primary_key) continue;
      // The key may stand before the columns that it names.
      const bool several = each.table.primary_key->parts.size() > 1;
      for (const model::IndexPart& part : each.table.primary_key->parts) {
        if (model::Column* column = each.table.column(part.column); several && column != nullptr)
          column->nullable = false;
      }
    }
    for (std::size_t t = 0; t < tree_.tables.size(); ++t) {
      const DbmlTable& each = tree_.tables[t];
      if (each.alias.empty()) continue;
      if (!table_at_.emplace(each.alias, t).second)
        fail(each.place, "the alias " + each.alias + " is the name of another table");
    }
  }

  /// A column's type may be an enum, under any spelling of its name.
  void resolve_type(model::Type& type) {
    Name wanted = type.name;
    if (const auto found = sql_names().find(type.name); found != sql_names().end())
      wanted = found->second;
    make_local(wanted);
    const auto found = enum_at_.find(wanted.text());
    if (found == enum_at_.end()) return;
    const model::EnumType& each = tree_.enums[found->second].type;
    if (options_.named_enums) {
      type.name = sql_spelling(each.name);
      return;
    }
    type = {};
    type.kind = model::TypeKind::enumeration;
    type.values = each.values;
  }

  const std::map<std::string, Name>& sql_names() {
    if (sql_names_.empty()) {
      for (const DbmlEnum& each : tree_.enums)
        sql_names_.emplace(sql_spelling(each.type.name), each.type.name);
    }
    return sql_names_;
  }

  std::size_t find_table(const Name& name, const DbmlPlace& place) const {
    Name local = name;
    make_local(local);
    const auto found = table_at_.find(local.text());
    if (found == table_at_.end()) {
      std::vector<std::string> names;
      for (const auto& [each, at] : table_at_) names.push_back(each);
      Error error(ErrorKind::validation, "there is no table " + name.text());
      error.at({options_.file, place.line, place.column});
      for (const std::string& near : near_misses(local.text(), names, 1))
        error.suggest("did you mean " + near + "?");
      throw error;
    }
    return found->second;
  }

  std::size_t find_table(const DbmlEndpoint& endpoint) const {
    const std::size_t at = find_table(endpoint.table, endpoint.place);
    for (const std::string& column : endpoint.columns) {
      if (tree_.tables[at].table.column(column) == nullptr)
        fail(endpoint.place,
             "the table " + tree_.tables[at].table.name.text() + " has no column " + column);
    }
    return at;
  }

  void refer(const DbmlReference& reference) {
    const std::size_t left = find_table(reference.left), right = find_table(reference.right);
    if (reference.left.columns.size() != reference.right.columns.size())
      fail(reference.place, "a reference has as many columns on both sides");
    if (reference.sign == "<>") {
      join_table(reference, left, right);
      return;
    }
    // Of `a - b` the second refers to the first; at a column, the column itself does.
    const bool left_refers =
        reference.sign == ">" || (reference.sign == "-" && reference.at_column);
    const DbmlEndpoint& child = left_refers ? reference.left : reference.right;
    const DbmlEndpoint& parent = left_refers ? reference.right : reference.left;
    add_key(tree_.tables[left_refers ? left : right].table, child.columns,
            tree_.tables[left_refers ? right : left].table, parent.columns, reference);
  }

  static void add_key(Table& child, const std::vector<std::string>& columns, const Table& parent,
                      const std::vector<std::string>& parent_columns,
                      const DbmlReference& reference) {
    model::ForeignKey key;
    key.name = reference.name;
    key.columns = columns;
    key.referenced_table = parent.name;
    key.referenced_columns = parent_columns;
    key.on_delete = reference.on_delete;
    key.on_update = reference.on_update;
    child.foreign_keys.push_back(std::move(key));
  }

  /// Many to many: a table of pairs, with the columns of both sides as its key.
  void join_table(const DbmlReference& reference, std::size_t left, std::size_t right) {
    const Table& a = tree_.tables[left].table;
    const Table& b = tree_.tables[right].table;
    Table table;
    table.name = {a.name.schema, a.name.name + "_" + b.name.name};
    table.primary_key.emplace();
    std::vector<std::string> columns[2];
    const auto add = [&](const Table& side, const DbmlEndpoint& endpoint, std::size_t number) {
      for (const std::string& each : endpoint.columns) {
        model::Column column;
        column.name = side.name.name + "_" + each;
        if (table.column(column.name) != nullptr) column.name += "_2";
        if (table.column(column.name) != nullptr)
          fail(reference.place, "the columns of the table between would bear one name");
        column.type = side.column(each)->type;
        columns[number].push_back(column.name);
        table.primary_key->parts.push_back({.column = column.name});
        table.columns.push_back(std::move(column));
      }
    };
    add(a, reference.left, 0);
    add(b, reference.right, 1);
    DbmlReference unnamed = reference;
    unnamed.name.clear();
    add_key(table, columns[0], a, reference.left.columns, unnamed);
    add_key(table, columns[1], b, reference.right.columns, unnamed);
    if (!table_at_.emplace(table.name.text(), tree_.tables.size()).second)
      fail(reference.place,
           "the table between would be called " + table.name.text() + ", which is there already");
    DbmlTable made;
    made.place = reference.place;
    made.table = std::move(table);
    tree_.tables.push_back(std::move(made));
  }

  void finish() {
    std::set<std::string> schemas;
    const auto note_schema = [&](const Name& name) {
      if (!name.schema.empty()) schemas.insert(name.schema);
    };
    for (DbmlGroupText& each : tree_.groups) {
      for (std::size_t t = 0; t < each.group.tables.size(); ++t)
        each.group.tables[t] =
            tree_.tables[find_table(each.group.tables[t], each.places[t])].table.name;
      document_.groups.push_back(std::move(each.group));
    }
    for (DbmlTable& each : tree_.tables) {
      note_schema(each.table.name);
      document_.model.tables.push_back(std::move(each.table));
    }
    for (DbmlEnum& each : tree_.enums) {
      if (!options_.named_enums) break;
      note_schema(each.type.name);
      document_.model.enums.push_back(std::move(each.type));
    }
    document_.model.schemas.assign(schemas.begin(), schemas.end());
    model::sort(document_.model);
  }

  DbmlTree tree_;
  const DbmlOptions& options_;
  DbmlDocument document_;
  std::map<std::string, std::size_t> enum_at_, table_at_;
  std::map<std::string, Name> sql_names_;
};

}  // namespace

DbmlDocument read_dbml(std::string_view text, const DbmlOptions& options) {
  return DbmlModelMaker(parse_dbml(text, options.file), options).run();
}

}  // namespace sterna::diagram
