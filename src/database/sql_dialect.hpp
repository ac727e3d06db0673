// What the three SQL databases have in common, with the words in which they differ. render.cpp
// walks over a change once and asks these words; the dialects in postgres/, mysql/ and sqlite/
// answer them. Internal to src/database: everybody else sees Dialect, and nothing here asks which
// database it is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "database/dialect.hpp"

namespace sterna {

/// What a change may ask for and not every database has. Each dialect answers with nothing, or with
/// why not and the alternative: the one place where that refusal is written.
enum class Feature {
  // columns
  charset,
  on_update,
  column_position,
  virtual_column,
  identity_always,
  using_expression,
  add_column_if_missing,
  drop_column_if_exists,
  // tables
  table_engine,
  table_charset,
  table_options,
  strict,
  without_rowid,
  drop_cascade,
  // constraints
  check,
  deferrable_key,
  deferrable_unique,
  not_valid,
  not_enforced,
  match,
  set_default_action,
  exclusion,
  validate_constraint,
  drop_constraint_if_exists,
  // indexes
  partial_index,
  index_include,
  expression_index,
  nulls_not_distinct,
  nulls_order,
  operator_class,
  index_collation,
  prefix_length,
  full_text,
  full_text_parser,
  spatial,
  index_options,
  add_index_if_missing,
  drop_index_if_exists,
  rename_constraint,
  using_index,
  // objects
  enum_type,
  structured_type,
};

/// The table around what is being written, and for which server.
struct TableScope {
  model::Name table;
  const RenderContext& context;
  bool strict = false;      ///< SQLite STRICT
  bool if_missing = false;  ///< CREATE TABLE IF NOT EXISTS: what goes with it must bear repetition
  const model::PrimaryKey* primary_key = nullptr;  ///< of a table that is written as a whole
  Online online = Online::as_it_comes;

  const ServerInfo& server() const { return context.server; }
  /// "posts.slug", for messages.
  std::string object(std::string_view part) const { return table.text() + "." + std::string(part); }
};

/// Whole statements and clauses of ALTER TABLE that one action becomes.
struct Clauses {
  std::vector<std::string> before;   ///< statements
  std::vector<std::string> clauses;  ///< of ALTER TABLE
  std::vector<std::string> after;    ///< statements
};

class SqlDialect : public Dialect {
 public:
  // ---- what Dialect asks and all three answer alike ----
  std::string quote(std::string_view identifier) const final;
  using Dialect::quote;
  using Dialect::replaces_object;
  std::string literal(const Value& value) const final;
  std::string type_name(const model::Type& type, const ServerInfo& server) const final;
  Rendered render(const Change& change, const RenderContext& context) const override;
  /// Views are replaced only when their columns stay as they are: not to be told from their text.
  bool replaces_object(std::string_view kind, const ServerInfo& server) const override {
    return kind != "view" && replaces(kind, server);
  }

  // ---- verdicts ----

  /// Empty when the database has it; else the rest of a sentence after its name, with the
  /// alternative: "has no partial indexes; leave out .where() …".
  virtual std::string_view lacks(Feature feature, const ServerInfo& server) const = 0;
  /// @throws Error(validation) "OBJECT: MySQL has no …; use …" when the database lacks the feature.
  void require(Feature feature, const std::string& object, const ServerInfo& server) const;
  /// @throws Error(validation) "OBJECT: MySQL REASON".
  [[noreturn]] void refuse(const std::string& object, std::string_view reason,
                           const ServerInfo& server) const;

  // ---- words of a column ----

  /// The product, for messages written before a server is known: "PostgreSQL".
  virtual std::string_view title() const = 0;
  /// The type's spelling, or empty when the database has none like it (the alternatives stand in
  /// sql_dialect.cpp).
  virtual std::string spell(const model::Type& type, const ServerInfo& server) const = 0;
  /// The type as a column's definition has it.
  virtual std::string column_type(const model::Column& column, const TableScope& scope) const;
  /// A condition that the column's type implies and does not enforce here (unsigned, enumeration),
  /// as a constraint with a leading space; or empty.
  virtual std::string implied_check(const model::Column&, const TableScope&) const { return {}; }
  /// What makes the database number the rows, with a leading space. Asked for numbered columns
  /// only.
  virtual std::string identity_words(const model::Column& column,
                                     const TableScope& scope) const = 0;
  /// `identity_words` hold the column's own PRIMARY KEY (SQLite).
  virtual bool identity_is_primary_key() const { return false; }
  /// This column is not numbered, and yet `identity_words` must hold the table's primary key.
  virtual bool key_in_column(const model::Column&, const TableScope&) const { return false; }
  virtual std::string nullability(const model::Column& column, const ServerInfo&) const {
    return column.nullable ? "" : " NOT NULL";
  }
  /// What stands after DEFAULT, for `column.default_value`.
  std::string default_value(const model::Column& column, const ServerInfo& server) const;
  virtual std::string default_literal(const model::Column& column, const std::string& text,
                                      const ServerInfo& server) const;
  virtual std::string default_expression(const std::string& text) const { return text; }
  virtual std::string default_now(const model::Type& type) const;

  /// What stands at the end of a column's definition for `column.options`, with a leading space.
  virtual std::string column_options(const model::Column& column) const;
  /// The column stands in its table's definition; else it comes from elsewhere (a parent) and only
  /// `after_column` changes it.
  virtual bool writes_column(const model::Column&) const { return true; }
  /// Statements for what a column's definition cannot say.
  virtual std::vector<std::string> after_column(const model::Column&, const TableScope&) const {
    return {};
  }

  /// What stands after COLLATE.
  virtual std::string collation(const std::string& name) const { return quote(name); }

  virtual char quote_character() const { return '"'; }
  /// 'text' so that the database reads back the same bytes.
  virtual std::string string_literal(std::string_view text) const;
  virtual std::string blob_literal(std::string_view bytes) const;
  /// Of an infinity, or what is no number.
  virtual std::string not_finite_literal(double value) const;
  virtual std::string boolean_literal(bool value) const { return value ? "true" : "false"; }

  /// How comments are written. SQLite has none: a comment is for people, so it is left out, not
  /// refused.
  enum class Comments { in_definition, by_statement, none };
  virtual Comments comments() const = 0;

  // ---- words of tables, keys and indexes ----

  /// Several actions go into one ALTER TABLE, joined by commas.
  virtual bool joins_actions() const { return true; }
  /// Indexes are clauses of CREATE TABLE and ALTER TABLE (MySQL) rather than statements of their
  /// own.
  virtual bool index_is_clause() const { return false; }
  /// A UNIQUE of the model is written as a unique index (SQLite), which needs no rebuild to come or
  /// go.
  virtual bool unique_is_index() const { return false; }
  /// The same of one that may say what an index cannot.
  virtual bool unique_is_index(const model::Unique&) const { return unique_is_index(); }
  /// The check stands in its table's definition; else it is added behind it (PostgreSQL takes NOT
  /// VALID for valid in a new table).
  virtual bool writes_check(const model::Check&) const { return true; }
  /// The same for a UNIQUE (PostgreSQL makes one of those that a new table has twice).
  virtual bool writes_unique(const model::Table&, const model::Unique&) const { return true; }
  /// The same for keys that one ALTER TABLE adds: each has to be a statement of its own.
  virtual bool merges_added_keys(const ServerInfo&) const { return false; }
  virtual std::string create_table_words(const model::Table& table) const;
  /// Statements for what the definition of a table cannot say, behind its indexes.
  virtual std::vector<std::string> after_table(const model::Table&, const TableScope&) const {
    return {};
  }
  /// The same for an index.
  virtual std::vector<std::string> after_index(const model::Index&, const TableScope&) const {
    return {};
  }
  /// Statements for the options of a key or constraint that its definition cannot say.
  virtual std::vector<std::string> after_constraint(const std::string& /*name*/,
                                                    const std::map<std::string, std::string>&,
                                                    const TableScope&) const {
    return {};
  }
  /// More lines within the parentheses of CREATE TABLE (periods), without commas.
  virtual std::vector<std::string> table_clauses(const model::Table&) const { return {}; }
  /// What follows the closing parenthesis of CREATE TABLE, with a leading space.
  virtual std::string table_suffix(const model::Table& table, const TableScope& scope) const = 0;
  virtual std::string table_option_clause(const SetTableOption& option,
                                          const TableScope&) const = 0;
  /// The statements of an option that no clause of the table's own ALTER TABLE can change; empty:
  /// the clause does.
  virtual std::vector<std::string> table_option_statements(const SetTableOption&,
                                                           const TableScope&) const {
    return {};
  }
  /// The clause of an option that must be the only one of its ALTER TABLE (partitions).
  virtual bool stands_alone(const SetTableOption&) const { return false; }
  /// A check without a name can be dropped: it is found by its expression.
  virtual bool drops_checks_by_text() const { return false; }
  virtual std::string_view drop_constraint_words(DropConstraint::Kind, const ServerInfo&) const {
    return "DROP CONSTRAINT";
  }
  virtual std::string drop_primary_key(const model::Name& table, const std::string& name) const;
  virtual std::string_view add_column_words() const { return "ADD COLUMN "; }
  virtual std::string_view drop_column_words() const { return "DROP COLUMN "; }
  virtual std::string_view create_index_words(const model::Index& index) const {
    return index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  }
  /// One part of an index, as it stands within the parentheses. `object`: for messages.
  virtual std::string index_part(const model::IndexPart& part, const std::string& object,
                                 const ServerInfo& server) const;
  /// "name ON table" of CREATE INDEX.
  virtual std::string index_on(const std::string& index, const model::Name& table) const;
  /// What stands after REFERENCES.
  virtual std::string referenced_table(const model::Name& table) const { return quote(table); }
  /// " USING btree", or empty. @throws Error(validation) naming the methods there are.
  virtual std::string index_method(const model::Index& index, const TableScope& scope) const;
  /// "FULLTEXT " or "SPATIAL " before INDEX; PostgreSQL says it by the method instead.
  virtual std::string_view index_kind(model::IndexKind) const { return {}; }
  /// The parts of a full-text index, without parentheses.
  virtual std::string full_text_parts(const model::Index& index) const;
  /// An option of an index that index_last_part or index_suffix writes; the others are refused
  /// where Feature::index_options is lacking.
  virtual bool has_index_option(const std::string& /*key*/, const ServerInfo&) const {
    return false;
  }
  /// What stands behind the last part of an index, within the parentheses, with a leading comma.
  virtual std::string index_last_part(const model::Index&) const { return {}; }
  /// What follows the parts of an index, WHERE and INCLUDE aside.
  virtual std::string index_suffix(const model::Index&) const { return {}; }

  virtual Clauses modify_column(const ModifyColumn& change, const TableScope& scope) const = 0;
  virtual std::vector<std::string> rename_column(const RenameColumn& change,
                                                 const TableScope& scope) const;
  virtual std::vector<std::string> rename_index(const RenameIndex& change,
                                                const TableScope& scope) const;
  virtual std::string rename_constraint(const RenameConstraint& change) const;  ///< a clause
  virtual std::string rename_table(const RenameTable& change) const;
  virtual std::string rename_object(const RenameObject& change) const;
  /// Clauses of every ALTER TABLE that is held to it.
  virtual std::vector<std::string> online_clauses(Online, const ServerInfo&) const { return {}; }
  virtual std::string fill_column(const FillColumn& change) const;
  /// Asked only where Feature::enum_type is not lacking.
  virtual std::vector<std::string> replace_enum(const ReplaceEnum&, const ServerInfo&) const {
    return {};
  }

  // ---- what goes with a column or an object ----

  /// Statements that must run before a column of this type can exist (CREATE TYPE).
  virtual std::vector<std::string> before_column(const model::Column&, const TableScope&) const {
    return {};
  }
  /// Statements that clear away what a dropped column, or all columns of a dropped table (`column`
  /// empty), leave behind. `was`: the columns, as far as known.
  virtual std::vector<std::string> after_drop(const TableScope&, std::string_view /*column*/,
                                              const std::vector<model::Column>& /*was*/) const {
    return {};
  }
  /// CREATE OR REPLACE exists for this kind of object (lower case); otherwise it is dropped and
  /// created.
  virtual bool replaces(std::string_view kind, const ServerInfo& server) const = 0;
  /// The definition of an object of such a kind as CREATE OR REPLACE.
  virtual std::string or_replace(const std::string& definition) const;
  /// What stands around the fields of a structured type.
  struct TypeWords {
    std::string_view create;  ///< between its name and the parenthesis: " AS"
    std::string_view field;   ///< behind ADD and RENAME: " ATTRIBUTE"
  };
  virtual TypeWords type_words() const { return {" AS", " ATTRIBUTE"}; }
  /// A trigger's name is local to its table: DROP TRIGGER t ON posts.
  virtual bool triggers_belong_to_tables() const { return false; }
};

}  // namespace sterna
