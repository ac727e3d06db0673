// Everything that alters a schema is a list of these values. Builders, diff and the designer make
// them; render, invert, lint and codegen read them. They say what, never how: no DDL text except
// where a person wrote it (RawSql, expressions).
#pragma once

#include "model/model.hpp"
#include "sql/statement.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sterna {

// ---- actions on one table: they nest in AlterTable ----

struct AddColumn {
  model::Column column;
  bool if_missing = false;
  bool first = false;
  std::string after;
  bool operator==(const AddColumn&) const = default;
};
/// `was` is the full column when known (model, or the same migration created it): what inversion
/// needs.
struct DropColumn {
  std::string name;
  bool if_exists = false;
  std::optional<model::Column> was;
  bool operator==(const DropColumn&) const = default;
};
struct RenameColumn {
  std::string from, to;
  /// As it was, where that is known: MySQL before 8.0 says all of it again. No part of what the
  /// change is.
  std::optional<model::Column> was = std::nullopt;
  bool operator==(const RenameColumn& other) const { return from == other.from && to == other.to; }
};
/// Existing column changed to `to`. What is set in `parts` changes; the rest of `to` is used where
/// a database needs the whole (MySQL MODIFY).
struct ModifyColumn {
  enum Part : unsigned {
    type = 1,
    nullability = 2,
    default_value = 4,
    comment = 8,
    generated = 16,
    identity = 32,
    collation = 64,
    position = 128,
    options = 256  ///< of Column::options, where ALTER can change them
  };
  model::Column to;
  unsigned parts = 0;
  std::optional<model::Column> was;
  std::string using_expression;  ///< PostgreSQL USING
  bool first = false;
  std::string after;
  bool operator==(const ModifyColumn&) const = default;

  /// The parts in which two columns differ.
  static unsigned parts_between(const model::Column& was, const model::Column& to);
};
/// With `using_index` the unique index of the key's name, which is there, becomes the key's
/// (PostgreSQL): nothing is built under a lock.
struct AddPrimaryKey {
  model::PrimaryKey key;
  bool using_index = false;
  bool keeps_nulls = false;  ///< columns that take NULL go on doing so (SQLite alone lets them)
  bool operator==(const AddPrimaryKey&) const = default;
};
struct DropPrimaryKey {
  std::string name;
  std::optional<model::PrimaryKey> was;
  bool operator==(const DropPrimaryKey&) const = default;
};
/// `using_index` as for a primary key.
struct AddUnique {
  model::Unique unique;
  bool using_index = false;
  bool operator==(const AddUnique&) const = default;
};
struct AddForeignKey {
  model::ForeignKey key;
  bool operator==(const AddForeignKey&) const = default;
};
struct AddCheck {
  model::Check check;
  bool operator==(const AddCheck&) const = default;
};
struct AddExclusion {
  model::Exclusion exclusion;
  bool operator==(const AddExclusion&) const = default;
};
/// Drops a constraint by its name. Names by columns were resolved to default names by the builder.
struct DropConstraint {
  enum class Kind { unique, foreign_key, check, exclusion };
  Kind kind = Kind::unique;
  std::string name;
  bool if_exists = false;
  std::optional<std::variant<model::Unique, model::ForeignKey, model::Check, model::Exclusion>> was;
  bool operator==(const DropConstraint&) const = default;
};
/// Only where Capabilities::renames_constraints.
struct RenameConstraint {
  std::string from, to;
  bool operator==(const RenameConstraint&) const = default;
};
/// PostgreSQL VALIDATE CONSTRAINT.
struct ValidateConstraint {
  std::string name;
  bool operator==(const ValidateConstraint&) const = default;
};
struct AddIndex {
  model::Index index;
  bool if_missing = false;
  bool concurrently = false;
  bool operator==(const AddIndex&) const = default;
};
struct DropIndex {
  std::string name;
  bool if_exists = false;
  bool concurrently = false;
  std::optional<model::Index> was;
  bool operator==(const DropIndex&) const = default;
};
struct RenameIndex {
  std::string from, to;
  bool operator==(const RenameIndex&) const = default;
};
struct SetTableComment {
  std::string comment;
  std::optional<std::string> was;
  bool operator==(const SetTableComment&) const = default;
};
/// engine, charset, collation, storage parameters, CQL options: key as the database spells it,
/// lower case.
struct SetTableOption {
  std::string key, value;
  std::optional<std::string> was;
  bool operator==(const SetTableOption&) const = default;
};

using TableAction = std::variant<AddColumn, DropColumn, RenameColumn, ModifyColumn, AddPrimaryKey,
                                 DropPrimaryKey, AddUnique, AddForeignKey, AddCheck, AddExclusion,
                                 DropConstraint, ValidateConstraint, AddIndex, DropIndex,
                                 RenameIndex, SetTableComment, SetTableOption, RenameConstraint>;

// ---- changes ----

struct CreateTable {
  model::Table table;
  bool if_missing = false;
  bool operator==(const CreateTable&) const = default;
};
struct DropTable {
  model::Name name;
  bool if_exists = false;
  bool cascade = false;
  std::optional<model::Table> was;
  bool operator==(const DropTable&) const = default;
};
struct RenameTable {
  model::Name from;
  std::string to;
  bool operator==(const RenameTable&) const = default;
};
/// What a server that can do it in several ways is held to: it refuses rather than copies the table
/// or keeps writers waiting (MySQL: ALGORITHM, LOCK).
enum class Online { as_it_comes, instant, in_place };
struct AlterTable {
  model::Name name;
  std::vector<TableAction> actions;
  Online online = Online::as_it_comes;
  bool operator==(const AlterTable&) const = default;
};
/// Any object kept as text (view, function, trigger, enum type, …).
struct CreateObject {
  model::Object object;
  bool or_replace = false;
  bool operator==(const CreateObject&) const = default;
};
struct DropObject {
  std::string kind;
  model::Name name;
  bool if_exists = false;
  bool cascade = false;
  std::optional<model::Object> was;
  bool operator==(const DropObject&) const = default;
};
/// PostgreSQL enum type as an object of its own (columns of TypeKind::enumeration get theirs from
/// the renderer).
struct CreateEnum {
  model::Name name;
  std::vector<std::string> values;
  std::string comment = {};
  bool operator==(const CreateEnum&) const = default;
};
struct AddEnumValue {
  model::Name name;
  std::string value;
  std::string before, after;
  bool operator==(const AddEnumValue&) const = default;
};
/// A structured type with fields (CQL's user-defined type, PostgreSQL's composite type).
struct CreateType {
  model::UserType type;
  bool if_missing = false;
  bool operator==(const CreateType&) const = default;
};
struct AddTypeField {
  model::TypeField field;
  bool operator==(const AddTypeField&) const = default;
};
struct RenameTypeField {
  std::string from, to;
  bool operator==(const RenameTypeField&) const = default;
};
using TypeAction = std::variant<AddTypeField, RenameTypeField>;
struct AlterType {
  model::Name name;
  std::vector<TypeAction> actions;
  bool operator==(const AlterType&) const = default;
};
struct DropType {
  model::Name name;
  bool if_exists = false;
  std::optional<model::UserType> was;
  bool operator==(const DropType&) const = default;
};
struct RenameEnumValue {
  model::Name name;
  std::string from, to;
  bool operator==(const RenameEnumValue&) const = default;
};
/// A column of an enum type, with its default before and after.
struct EnumColumn {
  model::Name table;
  model::Column from, to;
  bool operator==(const EnumColumn&) const = default;
};
/// Values taken away or put into another order, which no database does in place: a new type takes
/// the place of the old one, and the columns are converted by the values' names. Rows with a value
/// that goes make it fail. What else reads the type (views, checks, …) stepped aside before.
struct ReplaceEnum {
  model::EnumType from, to;
  std::vector<EnumColumn> columns;
  bool operator==(const ReplaceEnum&) const = default;
};
/// An object of its own under a new name, with what it holds and what refers to it. `kind` as in
/// model::Object, or "enum".
struct RenameObject {
  std::string kind;
  model::Name from;
  std::string to;
  bool operator==(const RenameObject&) const = default;
};
/// Gives `expression` to the rows whose column is NULL, in portions where the database can commit
/// between them.
struct FillColumn {
  model::Name table;
  std::string column, expression;
  bool operator==(const FillColumn&) const = default;
};
/// SQL that a person wrote; `undo` when they gave the way back.
struct RawSql {
  Statement statement;
  std::optional<Statement> undo;
  bool operator==(const RawSql&) const = default;
};

using Change = std::variant<CreateTable, DropTable, RenameTable, AlterTable, CreateObject,
                            DropObject, CreateEnum, AddEnumValue, RenameEnumValue, ReplaceEnum,
                            CreateType, AlterType, DropType, RenameObject, FillColumn, RawSql>;

/// One line for a person: "create table posts (8 columns)", "posts: add column slug, add index
/// posts_slug_index".
std::string describe(const Change& change);
/// What it is about: its table or object (without argument types); that of a trigger or a policy is
/// its table. Empty for raw SQL.
model::Name subject_of(const Change& change);

/// The changes that undo `change`, in the order to run them.
struct Inverse {
  std::vector<Change> changes;
  std::string obstacle;     ///< why it cannot be inverted, naming the object; empty when it can
  bool loses_rows = false;  ///< running the inverse drops a column or table
};
Inverse invert(const Change& change);
/// Inverts a list backwards; stops at the first obstacle. Drops of what the same list created
/// before are known and invertible.
Inverse invert(const std::vector<Change>& changes);

}  // namespace sterna
