// Describing a table: what the function given to Schema::create_table and alter_table is handed.
// The builders are handles to a draft that lives as long as that call; they make changes, never
// SQL.
//
// Columns are NOT NULL unless .nullable(). What cannot be (no name, two columns of one name, a
// scale larger than the precision, a foreign key without a table) is Error(validation) naming table
// and column, before anything is applied; what one database does not have is refused by its
// dialect, naming the alternative.
#pragma once

#include <sterna/export.hpp>
#include <sterna/expression.hpp>
#include <sterna/types.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

/// What happens to the referencing row when the referenced one goes or changes its key.
enum ReferentialAction { NoAction, Restrict, Cascade, SetNull, SetDefault };
/// GENERATED ALWAYS AS IDENTITY refuses values given by hand; BY DEFAULT takes them.
enum IdentityKind { ByDefault, Always };
/// A generated column is stored with the row, or computed when it is read.
enum GeneratedKind { Stored, Virtual };

/// Options of a CQL table under short names; whatever is not set stays as the server has it. An
/// option of `others` bears the server's own name and is written as CQL writes it:
/// {"crc_check_chance", "0.5"}. Names that the server does not have are refused by its list.
struct STERNA_API StorageOptions {
  /// The clustering key with its order, instead of clustering_key({…}); in create_table.
  std::vector<IndexColumn> clustering_order = {};
  std::map<std::string, std::string> compaction = {}, compression = {}, caching = {};
  std::optional<std::int64_t> gc_grace = {};     ///< seconds
  std::optional<std::int64_t> default_ttl = {};  ///< seconds
  std::optional<double> bloom_filter_fp_chance = {};
  std::optional<std::string> comment = {};
  std::string speculative_retry = {}, read_repair = {}, additional_write_policy = {};
  std::optional<bool> cdc = {};
  std::map<std::string, std::string> others = {};
};

class TableBuilder;

namespace detail {
struct TableDraft;
struct ColumnDraft;
struct KeyDraft;
struct ForeignDraft;
struct CheckDraft;
struct PrimaryDraft;
struct ExclusionDraft;
/// "postgres", "mysql", …: the database that a builder writes for.
STERNA_API std::string_view dialect_of(const TableBuilder& builder);
}  // namespace detail

class STERNA_API ForeignBuilder {
 public:
  ForeignBuilder& references(Names columns);
  ForeignBuilder& on(std::string_view table);
  ForeignBuilder& name(std::string_view name);
  ForeignBuilder& on_delete(ReferentialAction action);
  ForeignBuilder& on_update(ReferentialAction action);
  ForeignBuilder& cascade_on_delete() { return on_delete(Cascade); }
  ForeignBuilder& cascade_on_update() { return on_update(Cascade); }
  ForeignBuilder& null_on_delete() { return on_delete(SetNull); }
  ForeignBuilder& restrict_on_delete() { return on_delete(Restrict); }
  /// Checked at COMMIT when `initially_deferred` (or SET CONSTRAINTS says so).
  ForeignBuilder& deferrable(bool initially_deferred = false);
  /// PostgreSQL: rows that exist are not looked at; validate_constraint() does so later, without a
  /// long lock.
  ForeignBuilder& not_valid();
  /// "full" or "partial".
  ForeignBuilder& match(std::string_view kind);
  /// Whatever else the database knows of a foreign key ("comment").
  ForeignBuilder& option(std::string_view key, std::string_view value);

 private:
  friend class TableBuilder;
  friend class ColumnBuilder;
  explicit ForeignBuilder(detail::ForeignDraft* draft) : draft_(draft) {}
  detail::ForeignDraft* draft_;
};

/// An index or a unique key. A unique key becomes a constraint, unless it has what only an index
/// can have (expressions, order, where, include, method): then it becomes a unique index.
class STERNA_API IndexBuilder {
 public:
  IndexBuilder& name(std::string_view name);
  IndexBuilder& unique();
  /// btree, hash, gin, gist, brin, … ; CQL: "sai", "sasi" or the class of a custom index (USING).
  IndexBuilder& method(std::string_view name);
  /// Partial index.
  IndexBuilder& where(std::string_view expression);
  IndexBuilder& include(Names columns);
  /// PostgreSQL: without blocking writers. The migration must be marked `transaction none`.
  IndexBuilder& concurrently();
  IndexBuilder& if_missing();
  IndexBuilder& nulls_not_distinct();
  /// Of a unique constraint.
  IndexBuilder& deferrable(bool initially_deferred = false);
  /// Full text on PostgreSQL: the text search configuration ("english"); default "simple".
  IndexBuilder& language(std::string_view name);
  /// Full text on MySQL: "ngram".
  IndexBuilder& parser(std::string_view name);
  IndexBuilder& comment(std::string_view text);
  IndexBuilder& option(std::string_view key, std::string_view value);
  /// The same of a unique constraint, which stays one.
  IndexBuilder& constraint_option(std::string_view key, std::string_view value);
  /// ScyllaDB: an index within each partition, for queries that give the partition key too.
  IndexBuilder& local(Names partition_key);

 protected:
  friend class TableBuilder;
  explicit IndexBuilder(detail::KeyDraft* draft) : draft_(draft) {}
  detail::KeyDraft* draft_;
};

class STERNA_API CheckBuilder {
 public:
  CheckBuilder& name(std::string_view name);
  /// PostgreSQL: rows that exist are not looked at until validate_constraint().
  CheckBuilder& not_valid();
  /// MySQL 8: kept, not enforced.
  CheckBuilder& not_enforced();
  /// SQLite: without a name, where others get the default name.
  CheckBuilder& unnamed();
  CheckBuilder& option(std::string_view key, std::string_view value);

 private:
  friend class TableBuilder;
  explicit CheckBuilder(detail::CheckDraft* draft) : draft_(draft) {}
  detail::CheckDraft* draft_;
};

/// PostgreSQL EXCLUDE.
class STERNA_API ExclusionBuilder {
 public:
  ExclusionBuilder& name(std::string_view name);
  /// Default gist.
  ExclusionBuilder& method(std::string_view name);
  ExclusionBuilder& where(std::string_view expression);
  ExclusionBuilder& deferrable(bool initially_deferred = false);
  ExclusionBuilder& option(std::string_view key, std::string_view value);

 private:
  friend class TableBuilder;
  explicit ExclusionBuilder(detail::ExclusionDraft* draft) : draft_(draft) {}
  detail::ExclusionDraft* draft_;
};

class STERNA_API PrimaryBuilder {
 public:
  PrimaryBuilder& option(std::string_view key, std::string_view value);

 private:
  friend class TableBuilder;
  explicit PrimaryBuilder(detail::PrimaryDraft* draft) : draft_(draft) {}
  detail::PrimaryDraft* draft_;
};

class STERNA_API ColumnBuilder {
 public:
  ColumnBuilder& primary();
  ColumnBuilder& nullable(bool yes = true);
  ColumnBuilder& not_null() { return nullable(false); }
  /// A value, an expression, or sterna::now().
  ColumnBuilder& default_to(Operand value);
  /// In alter_table: takes an existing default away.
  ColumnBuilder& no_default();
  ColumnBuilder& unique(std::string_view name = {});
  ColumnBuilder& index(std::string_view name = {});
  ColumnBuilder& comment(std::string_view text);
  ColumnBuilder& auto_increment();
  ColumnBuilder& identity(IdentityKind kind = ByDefault);
  ColumnBuilder& unsigned_();
  ColumnBuilder& with_time_zone(bool yes = true);
  ColumnBuilder& charset(std::string_view name);
  ColumnBuilder& collate(std::string_view name);
  /// In alter_table: rows are no longer numbered by the database.
  ColumnBuilder& no_identity();
  /// In alter_table: an ordinary column from now on.
  ColumnBuilder& not_generated();
  ColumnBuilder& generated(std::string_view expression, GeneratedKind kind = Stored);
  ColumnBuilder& check(std::string_view expression, std::string_view name = {});
  /// MySQL ON UPDATE CURRENT_TIMESTAMP.
  ColumnBuilder& on_update_now();
  /// MySQL, in alter_table: where the column goes.
  ColumnBuilder& after(std::string_view column);
  ColumnBuilder& first();
  /// In alter_table: add the column unless it is there.
  ColumnBuilder& if_missing();
  /// CQL.
  ColumnBuilder& static_();
  ColumnBuilder& option(std::string_view key, std::string_view value);
  /// Begins a foreign key of this column: references("id").on("users").
  ForeignBuilder references(std::string_view column);

  /// In alter_table: changes the existing column to this type, and to whatever else was called on
  /// it (null, default, comment, …); what was not called stays. With `former`, which describes the
  /// column as it was, nothing is changed that was so before, and the change can be inverted by
  /// change().
  ColumnBuilder& alter(const std::function<void(TableBuilder&)>& former = nullptr);
  ColumnBuilder& change(const std::function<void(TableBuilder&)>& former = nullptr) {
    return alter(former);
  }
  /// PostgreSQL: how existing values become the new type ("age::integer").
  ColumnBuilder& using_(std::string_view expression);

 private:
  friend class TableBuilder;
  ColumnBuilder(detail::TableDraft* table, detail::ColumnDraft* draft)
      : table_(table), draft_(draft) {}
  detail::TableDraft* table_;
  detail::ColumnDraft* draft_;
};

class STERNA_API TableBuilder {
 public:
  using Definition = std::function<void(TableBuilder&)>;

  explicit TableBuilder(detail::TableDraft& draft) : draft_(&draft) {}
  TableBuilder(const TableBuilder&) = delete;
  TableBuilder& operator=(const TableBuilder&) = delete;

  // ---- columns ----
  ColumnBuilder column(std::string_view name, const ColumnType& type);
  /// Any type by the database's own name: type("email", "citext"), type("place",
  /// "geometry(Point,4326)").
  ColumnBuilder type(std::string_view name, std::string_view native);

  /// big_increments("id").
  ColumnBuilder id(std::string_view name = "id");
  /// Auto-incremented primary key.
  ColumnBuilder increments(std::string_view name = "id");
  ColumnBuilder big_increments(std::string_view name = "id");

  ColumnBuilder string(std::string_view name, int length = 255);
  ColumnBuilder char_(std::string_view name, int length);
  ColumnBuilder text(std::string_view name);
  ColumnBuilder tiny_text(std::string_view name);
  ColumnBuilder medium_text(std::string_view name);
  ColumnBuilder long_text(std::string_view name);
  ColumnBuilder tiny_integer(std::string_view name);
  ColumnBuilder small_integer(std::string_view name);
  ColumnBuilder medium_integer(std::string_view name);
  ColumnBuilder integer(std::string_view name);
  ColumnBuilder big_integer(std::string_view name);
  ColumnBuilder unsigned_integer(std::string_view name);
  ColumnBuilder unsigned_big_integer(std::string_view name);
  ColumnBuilder decimal(std::string_view name, int precision = 10, int scale = 2);
  ColumnBuilder float_(std::string_view name);
  ColumnBuilder double_(std::string_view name);
  ColumnBuilder boolean(std::string_view name);
  ColumnBuilder date(std::string_view name);
  ColumnBuilder time(std::string_view name, std::optional<int> precision = std::nullopt,
                     bool with_time_zone = false);
  ColumnBuilder timestamp(std::string_view name, std::optional<int> precision = std::nullopt,
                          bool with_time_zone = false);
  ColumnBuilder timestamp_tz(std::string_view name, std::optional<int> precision = std::nullopt);
  ColumnBuilder datetime(std::string_view name, std::optional<int> precision = std::nullopt);
  /// created_at and updated_at, not null, the current time by default.
  void timestamps(std::optional<int> precision = std::nullopt);
  /// A nullable timestamp.
  ColumnBuilder soft_deletes(std::string_view name = "deleted_at",
                             std::optional<int> precision = std::nullopt);
  ColumnBuilder json(std::string_view name);
  ColumnBuilder jsonb(std::string_view name);
  ColumnBuilder binary(std::string_view name, int length = 0);
  ColumnBuilder uuid(std::string_view name);
  ColumnBuilder enum_(std::string_view name, std::vector<std::string> values,
                      std::string_view type_name = {});
  ColumnBuilder inet(std::string_view name);
  ColumnBuilder cidr(std::string_view name);
  ColumnBuilder mac_address(std::string_view name);
  ColumnBuilder array_of(std::string_view name, const ColumnType& element);
  ColumnBuilder range(std::string_view name, std::string_view range_type);
  ColumnBuilder interval(std::string_view name, std::optional<int> precision = std::nullopt);
  ColumnBuilder year(std::string_view name);
  /// MySQL SET.
  ColumnBuilder set(std::string_view name, std::vector<std::string> values);
  // CQL
  ColumnBuilder timeuuid(std::string_view name);
  ColumnBuilder counter(std::string_view name);
  ColumnBuilder list(std::string_view name, const ColumnType& element);
  ColumnBuilder set_of(std::string_view name, const ColumnType& element);
  ColumnBuilder map(std::string_view name, const ColumnType& key, const ColumnType& value);
  ColumnBuilder tuple(std::string_view name, std::initializer_list<ColumnType> elements);
  ColumnBuilder frozen(std::string_view name, const ColumnType& type);
  ColumnBuilder user_type(std::string_view name, std::string_view type_name);
  ColumnBuilder vector(std::string_view name, const ColumnType& element, int dimension);
  ColumnBuilder varint(std::string_view name);
  ColumnBuilder duration(std::string_view name);
  ColumnBuilder ascii(std::string_view name);

  // ---- keys, indexes, constraints ----
  PrimaryBuilder primary(IndexColumns columns, std::string_view name = {});
  IndexBuilder unique(IndexColumns columns, std::string_view name = {});
  IndexBuilder index(IndexColumns columns, std::string_view name = {});
  /// MySQL FULLTEXT; PostgreSQL GIN over to_tsvector.
  IndexBuilder full_text(Names columns, std::string_view name = {});
  IndexBuilder spatial(Names columns, std::string_view name = {});
  ForeignBuilder foreign(Names columns, std::string_view name = {});
  CheckBuilder check(std::string_view expression, std::string_view name = {});
  struct Exclude {
    std::string column_or_expression, with_operator;
  };
  /// exclude({{"room", "="}, {"during", "&&"}}).
  ExclusionBuilder exclude(std::vector<Exclude> elements, std::string_view name = {});
  /// PostgreSQL: looks at the rows that a not_valid() constraint passed over.
  void validate_constraint(std::string_view name);

  // ---- the table itself ----
  void comment(std::string_view text);
  void engine(std::string_view name);     ///< MySQL
  void charset(std::string_view name);    ///< MySQL
  void collation(std::string_view name);  ///< MySQL
  void strict();                          ///< SQLite; in create_table
  void without_rowid();                   ///< SQLite; in create_table
  void temporary();                       ///< in create_table
  /// In alter_table, `former` is what it was: some databases need it (INHERITS), and so does
  /// change().
  void option(std::string_view key, std::string_view value,
              std::optional<std::string_view> former = std::nullopt);
  /// CQL; in create_table. Other databases read both together as the primary key.
  void partition_key(Names columns);
  /// {"day", sterna::desc("at")}: the columns by which the rows of a partition lie, in that order.
  void clustering_key(IndexColumns columns);
  /// CQL: with_options({.compaction = {{"class", "LeveledCompactionStrategy"}}, .gc_grace = 3600}).
  void with_options(const StorageOptions& options);

  // ---- in alter_table: taking away and renaming ----
  // With a definition, which describes what is dropped as it would be created, the drop can be
  // inverted by change().
  void drop_column(std::string_view name, const Definition& definition = nullptr);
  void drop_column_if_exists(std::string_view name, const Definition& definition = nullptr);
  void drop_columns(Names names);
  void rename_column(std::string_view from, std::string_view to);
  void drop_timestamps();
  void drop_soft_deletes(std::string_view name = "deleted_at");
  void drop_primary(std::string_view name = {}, const Definition& definition = nullptr);
  // A string is the name; a list holds the columns whose default name it bears.
  void drop_unique(std::string_view name, const Definition& definition = nullptr);
  void drop_unique(std::initializer_list<std::string_view> columns,
                   const Definition& definition = nullptr);
  void drop_unique(const std::vector<std::string>& columns, const Definition& definition = nullptr);
  void drop_index(std::string_view name, const Definition& definition = nullptr);
  void drop_index(std::initializer_list<std::string_view> columns,
                  const Definition& definition = nullptr);
  void drop_index(const std::vector<std::string>& columns, const Definition& definition = nullptr);
  void drop_foreign(std::string_view name, const Definition& definition = nullptr);
  void drop_foreign(std::initializer_list<std::string_view> columns,
                    const Definition& definition = nullptr);
  void drop_foreign(const std::vector<std::string>& columns,
                    const Definition& definition = nullptr);
  void drop_check(std::string_view name, const Definition& definition = nullptr);
  void drop_check(std::initializer_list<std::string_view> columns,
                  const Definition& definition = nullptr);
  void drop_check(const std::vector<std::string>& columns, const Definition& definition = nullptr);
  void drop_exclusion(std::string_view name, const Definition& definition = nullptr);
  void rename_index(std::string_view from, std::string_view to);

 private:
  friend std::string_view detail::dialect_of(const TableBuilder& builder);
  detail::TableDraft* draft_;
};

}  // namespace sterna
