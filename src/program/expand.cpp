#include "program/expand.hpp"

#include "base/hash.hpp"
#include "base/text.hpp"
#include "bulk/shape.hpp"
#include "program/author.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {
namespace {

using model::Column;
using model::Index;
using model::Table;

[[noreturn]] void refuse(const ColumnExpansion& wanted, const std::string& reason,
                         const std::string& advice) {
  throw Error(ErrorKind::validation, "column " + wanted.table.text() + "." + wanted.column +
                                         " cannot be changed by expanding it: " + reason)
      .with_object(wanted.table.text() + "." + wanted.column)
      .with_state("nothing was written")
      .suggest(advice);
}

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool holds(const std::vector<model::IndexPart>& parts, const std::string& column) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const model::IndexPart& part) { return part.column == column; });
}

void check_column(const model::Model& schema, const Table& table, const Column& column,
                  const ColumnExpansion& wanted) {
  if (column.generated)
    refuse(wanted, "it is generated", "add a new generated column and drop this one later");
  if (column.identity != model::Identity::none || column.auto_increment)
    refuse(wanted, "it counts by itself", "make a new table and move the rows by a backfill");
  if (table.primary_key && holds(table.primary_key->parts, column.name))
    refuse(wanted, "it is part of the primary key",
           "make a new table and move the rows by a backfill");
  for (const model::Unique& unique : table.uniques) {
    if (holds(unique.columns, column.name))
      refuse(wanted, "it is part of the unique constraint " + unique.name,
             "put a unique index in the place of the constraint first");
  }
  for (const model::ForeignKey& key : table.foreign_keys) {
    if (holds(key.columns, column.name))
      refuse(wanted, "it is part of the foreign key " + key.name,
             "drop the foreign key first and add it again behind, NOT VALID");
  }
  for (const Table& other : schema.tables) {
    for (const model::ForeignKey& key : other.foreign_keys) {
      if (key.referenced_table == table.name && holds(key.referenced_columns, column.name))
        refuse(wanted, "foreign key " + key.name + " of " + other.name.text() + " refers to it",
               "drop the foreign key first and add it again behind, NOT VALID");
    }
  }
}

/// One expansion, with its names.
class Writer {
 public:
  Writer(const model::Model& schema, const Table& table, const Column& column,
         const ColumnExpansion& wanted, Connection& like)
      : schema_(schema),
        table_(table),
        column_(column),
        wanted_(wanted),
        like_(like),
        dialect_(like.dialect()) {
    old_type_ = dialect_.type_name(column.type, like.server());
    new_type_ = wanted.type.empty() ? old_type_ : wanted.type;
    renamed_ = !wanted.name.empty() && wanted.name != column.name;
    beside_ = renamed_ ? wanted.name : column.name + "_new";
    if (table.column(beside_) != nullptr)
      refuse(wanted, "the table has a column " + beside_ + " already", "rename or drop that first");
    function_ = shortened("sterna_expand_" + table.name.name + "_" + column.name);
    not_null_ = shortened(table.name.name + "_" + beside_ + "_not_null");
    find_indexes();
    find_readers();
  }

  ExpandedColumn write() { return {expand(), contract(), std::move(notes_)}; }

 private:
  std::string shortened(const std::string& name) const {
    constexpr std::size_t most = 63;
    return name.size() <= most ? name
                               : name.substr(0, most - 9) + "_" + sha256_hex(name).substr(0, 8);
  }
  std::string q(const std::string& name) const { return dialect_.quote(name); }
  std::string table_text() const { return dialect_.quote(table_.name); }

  /// The new value; with `prefix`, of the row that a trigger sees.
  std::string value(const std::string& prefix) const {
    std::vector<std::string> columns;
    for (const Column& one : table_.columns) columns.push_back(one.name);
    const std::string given = wanted_.value.empty() ? q(column_.name) : wanted_.value;
    const std::string text = prefix.empty() ? given
                                            : bulk::with_prefix(given, dialect_.language(), prefix,
                                                                columns, table_.name.name);
    return new_type_ == old_type_ && wanted_.value.empty()
               ? text
               : "CAST(" + text + " AS " + new_type_ + ")";
  }

  void find_indexes() {
    for (const Index& index : table_.indexes) {
      if (holds(index.parts, column_.name) && index.where.empty()) {
        indexes_.push_back(&index);
        continue;
      }
      const bool reads =
          holds_word(index.where, column_.name) || holds(index.include, column_.name) ||
          std::any_of(index.parts.begin(), index.parts.end(),
                      [&](const auto& part) { return holds_word(part.expression, column_.name); });
      if (reads)
        notes_.push_back("index " + index.name + " reads " + column_.name +
                         " in an expression: make one over the new column");
    }
  }

  void find_readers() {
    for (const model::Check& check : table_.checks) {
      if (holds_word(check.expression, column_.name))
        notes_.push_back("check " + check.name + " goes with the old column: " + check.expression);
    }
    for (const Column& other : table_.columns) {
      if (other.generated && holds_word(other.generated->expression, column_.name))
        notes_.push_back("generated column " + other.name + " reads it, and has to be made anew");
    }
    for (const model::Object& object : schema_.objects) {
      if (object.kind.find("view") != std::string::npos &&
          holds_word(object.definition, table_.name.name) &&
          holds_word(object.definition, column_.name))
        notes_.push_back(object.kind + " " + object.name.text() +
                         " reads it: the second migration fails until it is made anew");
    }
  }

  Index beside(const Index& index) const {
    Index copy = index;
    copy.name = shortened(index.name + "_new");
    for (model::IndexPart& part : copy.parts) {
      if (part.column == column_.name) part.column = beside_;
    }
    return copy;
  }

  std::string rendered(const Index& index) const {
    AlterTable change{table_.name, {AddIndex{index, false, true}}};
    return sql_text(dialect_.render(change, {like_.server(), nullptr}).statements);
  }

  std::string trigger_body() const {
    const std::string fresh = "NEW." + q(beside_), old = "NEW." + q(column_.name);
    const std::string forwards = fresh + " := " + value("NEW.") + ";";
    if (!renamed_) return "  " + forwards + "\n";
    const std::string back =
        old +
        " := " + (new_type_ == old_type_ ? fresh : "CAST(" + fresh + " AS " + old_type_ + ")") +
        ";";
    // Programs of both versions write; who sets the new column means it.
    return "  IF TG_OP = 'INSERT' THEN\n    IF " + fresh + " IS NULL THEN " + forwards +
           "\n    ELSE " + back + "\n    END IF;\n  ELSIF " + fresh + " IS DISTINCT FROM OLD." +
           q(beside_) + " THEN " + back + "\n  ELSE " + forwards + "\n  END IF;\n";
  }

  std::string what() const {
    std::string text = table_.name.text() + "." + column_.name;
    if (renamed_) text += " becomes " + wanted_.name;
    if (!wanted_.type.empty()) text += (renamed_ ? ", as " : " becomes ") + new_type_;
    return text;
  }

  std::string notes_text() const {
    std::string text;
    for (const std::string& note : notes_) text += "-- to do by hand: " + note + "\n";
    return text;
  }

  std::string drop_trigger() const {
    return "DROP TRIGGER " + q(function_) + " ON " + table_text() + ";\nDROP FUNCTION " +
           q(function_) + "();\n";
  }

  std::string expand() const {
    const std::string alter = "ALTER TABLE " + table_text() + " ";
    std::string text = "-- sterna:description " + what() +
                       ": the new column beside it, kept the same by a trigger\n"
                       "-- sterna:transaction none\n-- sterna:up\n" +
                       notes_text() + alter + "ADD COLUMN " + q(beside_) + " " + new_type_ +
                       ";\n\n";
    text += "CREATE FUNCTION " + q(function_) +
            "() RETURNS trigger LANGUAGE plpgsql AS $sterna$\nBEGIN\n" + trigger_body() +
            "  RETURN NEW;\nEND\n$sterna$;\n\n";
    text += "CREATE TRIGGER " + q(function_) + " BEFORE INSERT OR UPDATE ON " + table_text() +
            "\n  FOR EACH ROW EXECUTE FUNCTION " + q(function_) + "();\n\n";
    text += "-- sterna:backfill table=" + table_.name.text() + "\nUPDATE " + table_text() +
            " SET " + q(beside_) + " = " + value({}) + "\nWHERE " + q(beside_) +
            " IS DISTINCT FROM " + value({}) + ";\n";
    if (!column_.nullable) {
      text +=
          "\n-- Checked without a lock that keeps others waiting; the second migration needs no "
          "scan then.\n" +
          alter + "ADD CONSTRAINT " + q(not_null_) + " CHECK (" + q(beside_) +
          " IS NOT NULL) NOT VALID;\n" + alter + "VALIDATE CONSTRAINT " + q(not_null_) + ";\n";
    }
    for (const Index* index : indexes_) text += "\n" + rendered(beside(*index));
    return text + "\n-- sterna:down\n" + drop_trigger() + alter + "DROP COLUMN " + q(beside_) +
           ";\n";
  }

  std::string default_text() const {
    const model::Default& given = *column_.default_value;
    if (given.kind == model::Default::Kind::now) return dialect_.now();
    const bool quoted = given.kind == model::Default::Kind::literal &&
                        given.literal == model::Default::Literal::string;
    return quoted ? dialect_.literal(Value(given.text)) : given.text;
  }

  std::string contract() const {
    const std::string alter = "ALTER TABLE " + table_text() + " ";
    const std::string last = renamed_ ? wanted_.name : column_.name;
    std::string text = "-- sterna:description " + what() +
                       ": the old column goes\n-- sterna:breaking true\n"
                       "-- sterna:reversible never the old column is gone; expand the new one the "
                       "other way\n-- sterna:up\n"
                       "-- Run this when no program reads or writes the old column any more.\n" +
                       notes_text() + drop_trigger();
    if (column_.default_value)
      text += alter + "ALTER COLUMN " + q(beside_) + " SET DEFAULT " + default_text() + ";\n";
    if (!column_.nullable) {
      text += alter + "ALTER COLUMN " + q(beside_) + " SET NOT NULL;\n" + alter +
              "DROP CONSTRAINT " + q(not_null_) + ";\n";
    }
    text += alter + "DROP COLUMN " + q(column_.name) + ";\n";
    if (!renamed_) text += alter + "RENAME COLUMN " + q(beside_) + " TO " + q(last) + ";\n";
    for (const Index* index : indexes_) {
      text += "ALTER INDEX " +
              dialect_.quote(model::Name(table_.name.schema, beside(*index).name)) + " RENAME TO " +
              q(index->name) + ";\n";
    }
    return text;
  }

  const model::Model& schema_;
  const Table& table_;
  const Column& column_;
  const ColumnExpansion& wanted_;
  Connection& like_;
  const Dialect& dialect_;
  std::string old_type_, new_type_, beside_, function_, not_null_;
  bool renamed_ = false;
  std::vector<const Index*> indexes_;
  std::vector<std::string> notes_;
};

}  // namespace

ColumnExpansion parse_expansion(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size())
    throw Error(ErrorKind::config, "'" + std::string(text) + "' names no column of a table")
        .suggest("write TABLE.COLUMN, such as users.age");
  ColumnExpansion wanted;
  wanted.table = model::Name(text.substr(0, dot));
  wanted.column = text.substr(dot + 1);
  return wanted;
}

ExpandedColumn expand_column(const model::Model& schema, const ColumnExpansion& wanted,
                             Connection& like) {
  if (!like.capabilities().concurrent_indexes)
    refuse(wanted, like.server().product + " changes columns in another way",
           "on MySQL and MariaDB put `-- sterna:online` above the ALTER TABLE; on SQLite the table "
           "is made anew in one transaction");
  if (wanted.type.empty() && (wanted.name.empty() || wanted.name == wanted.column))
    refuse(wanted, "neither a new type nor a new name is given", "add --type TYPE or --name NAME");
  const Table* table = schema.table(wanted.table);
  const Column* column = table == nullptr ? nullptr : table->column(wanted.column);
  if (column == nullptr)
    refuse(wanted, "there is no such column", "`sterna schema inspect` shows what there is");
  check_column(schema, *table, *column, wanted);
  return Writer(schema, *table, *column, wanted, like).write();
}

}  // namespace sterna
