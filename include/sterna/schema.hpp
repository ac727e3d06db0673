// What a migration is handed: the schema, to be changed. Every call is one change or one statement,
// in the order written; whether it is executed, planned or inverted is up to whoever runs the
// migration.
#pragma once

#include <sterna/backfill.hpp>
#include <sterna/export.hpp>
#include <sterna/query.hpp>
#include <sterna/table.hpp>

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

class SchemaTarget;

/// SQL that changes the schema, applied at the end of the full expression:
/// `schema.raw("…").undo("…");`.
class STERNA_API RawStatement {
 public:
  RawStatement(const RawStatement&) = delete;
  RawStatement& operator=(const RawStatement&) = delete;
  /// Applies the statement, unless the expression it stands in failed. @throws what applying
  /// throws.
  ~RawStatement() noexcept(false);
  /// The way back, for change().
  template <class... Parameters>
  RawStatement& undo(std::string_view sql, Parameters&&... parameters) {
    undo_.emplace(expression(sql, std::forward<Parameters>(parameters)...));
    return *this;
  }

 private:
  friend class Schema;
  RawStatement(SchemaTarget& target, Expression sql);

  SchemaTarget& target_;
  Expression sql_;
  std::optional<Expression> undo_;
  int exceptions_;
};

/// An index being described, applied at the end of the full expression:
/// `schema.create_index("posts", {"slug"}).unique();`.
class STERNA_API IndexStatement : public IndexBuilder {
 public:
  IndexStatement(const IndexStatement&) = delete;
  IndexStatement& operator=(const IndexStatement&) = delete;
  /// Applies the index, unless the expression it stands in failed. @throws what applying throws.
  ~IndexStatement() noexcept(false);

 private:
  friend class Schema;
  IndexStatement(SchemaTarget& target, std::unique_ptr<detail::TableDraft> draft,
                 detail::KeyDraft* key);

  SchemaTarget& target_;
  std::unique_ptr<detail::TableDraft> table_;
  int exceptions_;
};

namespace detail {
struct TypeDraft;
}

/// Describing a structured type: what the function given to create_type and alter_type is handed.
class STERNA_API TypeBuilder {
 public:
  explicit TypeBuilder(detail::TypeDraft& draft) : draft_(&draft) {}
  TypeBuilder(const TypeBuilder&) = delete;
  TypeBuilder& operator=(const TypeBuilder&) = delete;

  /// In create_type: one of its fields. In alter_type: a field that is added behind the others.
  TypeBuilder& field(std::string_view name, const ColumnType& type);
  /// In alter_type.
  TypeBuilder& rename_field(std::string_view from, std::string_view to);

 private:
  detail::TypeDraft* draft_;
};

/// A CQL keyspace. `replication` holds the strategy and its factors, by data centre:
/// {{"class", "NetworkTopologyStrategy"}, {"dc1", "3"}}.
struct STERNA_API KeyspaceOptions {
  std::map<std::string, std::string> replication = {};
  bool durable_writes = true;
  /// ScyllaDB: tablets on or off; not set: as the server decides.
  std::optional<bool> tablets = {};
};

class STERNA_API Schema : public DataAccess {
 public:
  using Definition = TableBuilder::Definition;
  using TypeDefinition = std::function<void(TypeBuilder&)>;

  explicit Schema(SchemaTarget& target);
  ~Schema();

  // ---- tables ("users", or "schema.users") ----
  void create_table(std::string_view name, const Definition& definition);
  /// From an entity description: needs <sterna/entity.hpp>.
  template <class Entity>
  void create_table();
  void create_table_if_missing(std::string_view name, const Definition& definition);
  void alter_table(std::string_view name, const Definition& definition);
  /// MySQL and MariaDB: the same, keeping nobody waiting; on a copy of the table where the server
  /// cannot do it in place (docs/online-changes.md). For migrations with TransactionMode::none.
  void alter_table_online(std::string_view name, const Definition& definition);
  void rename_table(std::string_view from, std::string_view to);
  /// With a definition, which describes the table as it would be created, the drop can be inverted
  /// by change().
  void drop_table(std::string_view name, const Definition& definition = nullptr);
  void drop_table_if_exists(std::string_view name, const Definition& definition = nullptr);
  /// With everything that depends on it (PostgreSQL).
  void drop_table_cascade(std::string_view name);
  /// Takes all rows out of a table at once. Cannot be undone.
  void truncate(std::string_view table);
  /// All rows of one table into another, column by column of the same name (CQL: COPY ROWS, with
  /// the times at which they were written and at which they expire; an interrupted run goes on
  /// where it ended, and at the end rows and checksums of both are compared). Columns that the
  /// other table has not must be named in `without`.
  void copy_rows(std::string_view from, std::string_view to,
                 const std::vector<std::string>& without = {});

  // ---- indexes beside a table ----
  IndexStatement create_index(std::string_view table, IndexColumns columns,
                              std::string_view name = {});
  /// A string is the name; a list holds the columns whose default name it bears.
  void drop_index(std::string_view table, std::string_view name);
  void drop_index(std::string_view table, std::initializer_list<std::string_view> columns);
  void drop_index(std::string_view table, const std::vector<std::string>& columns);
  /// PostgreSQL: without blocking writers.
  void drop_index_concurrently(std::string_view table, std::string_view name);

  // ---- data steps at size ----
  /// An UPDATE of a whole table in short transactions, range by range of its key.
  Backfill backfill(std::string_view table);

  // ---- questions, answered as if everything before had been done ----
  bool has_table(std::string_view name) const;
  bool has_column(std::string_view table, std::string_view column) const;
  bool has_columns(std::string_view table, Names columns) const;
  bool has_index(std::string_view table, std::string_view name) const;
  /// By the columns whose default name it bears.
  bool has_index(std::string_view table, std::initializer_list<std::string_view> columns) const;
  /// A structured type or an enumeration.
  bool has_type(std::string_view name) const;

  // ---- objects that are kept as text ----
  void create_view(std::string_view name, std::string_view select_sql);
  void create_or_replace_view(std::string_view name, std::string_view select_sql);
  void drop_view(std::string_view name);
  void drop_view_if_exists(std::string_view name);
  /// `kind`: "function", "procedure", "trigger", "sequence", "aggregate", "role", …; `definition`:
  /// the complete CREATE statement; `table`: that it belongs to, for triggers.
  void create_object(std::string_view kind, std::string_view name, std::string_view definition,
                     std::string_view table = {});
  void drop_object(std::string_view kind, std::string_view name, std::string_view definition = {},
                   std::string_view table = {});

  /// `select_sql`: what stands behind AS; in CQL with its PRIMARY KEY.
  void create_materialized_view(std::string_view name, std::string_view select_sql);
  void drop_materialized_view(std::string_view name);

  // ---- structured types (CQL's user types, PostgreSQL's composite types) ----
  void create_type(std::string_view name, const TypeDefinition& definition);
  void alter_type(std::string_view name, const TypeDefinition& definition);
  /// With a definition, which describes the type as it would be created, the drop can be inverted
  /// by change().
  void drop_type(std::string_view name, const TypeDefinition& definition = nullptr);
  void drop_type_if_exists(std::string_view name);

  // ---- CQL keyspaces ----
  void create_keyspace(std::string_view name, const KeyspaceOptions& options);
  void alter_keyspace(std::string_view name, const KeyspaceOptions& options);
  void drop_keyspace(std::string_view name);
  void drop_keyspace_if_exists(std::string_view name);

  // ---- privileges: grant("SELECT", "TABLE posts", "reader") ----
  void grant(std::string_view privileges, std::string_view on, std::string_view role);
  void revoke(std::string_view privileges, std::string_view on, std::string_view role);

  // ---- PostgreSQL enum types ----
  void create_enum(std::string_view name, std::vector<std::string> values);
  /// At the end, or before or after another value.
  void add_enum_value(std::string_view name, std::string_view value);
  void add_enum_value_before(std::string_view name, std::string_view value,
                             std::string_view before);
  void add_enum_value_after(std::string_view name, std::string_view value, std::string_view after);
  void drop_enum(std::string_view name);
  void drop_enum_if_exists(std::string_view name);

  /// SQL that the builder has no word for. Several statements may be given where there are neither
  /// values nor an undo().
  template <class... Parameters>
  RawStatement raw(std::string_view sql, Parameters&&... parameters) {
    return RawStatement(target_, expression(sql, std::forward<Parameters>(parameters)...));
  }

  // ---- where it runs ----
  /// "development", "production", …
  std::string environment() const;
  std::string connection_name() const;

 private:
  SchemaTarget& target_;
};

}  // namespace sterna
