// The words of Cassandra and ScyllaDB (CQL 3), which differ by product and version. Used by the
// registry, and by whoever reads or writes CQL here; opens no connection. Asks a live server only
// for what a change alone cannot tell (whether a column belongs to the key, what was dropped).
#pragma once

#include "database/sql_dialect.hpp"

namespace sterna::cql {

class CqlDialect final : public SqlDialect {
 public:
  std::string_view name() const override { return "cql"; }
  std::string_view title() const override { return "Cassandra"; }
  Language language() const override { return Language::cql; }
  Capabilities capabilities(const ServerInfo& server) const override;
  std::string placeholder(std::size_t /*number*/) const override { return "?"; }
  std::string now() const override { return "toTimestamp(now())"; }
  std::string utc_now() const override { return now(); }
  // Sterna's own table is one partition (own_table.hpp).
  /// Rows of the partition come by their key: the history sorts them.
  std::string own_column(std::string_view column) const override { return quote(column); }
  std::string own_select(const std::vector<std::string_view>& columns, std::string_view table,
                         std::string_view order) const override;
  /// An UPDATE makes the row that is missing, and takes the condition on the lock, which an INSERT
  /// does not.
  std::string own_insert(std::string_view table, const OwnFields& fields,
                         const OwnFields& key) const override;
  std::string own_update(std::string_view table, const OwnFields& fields,
                         const OwnFields& key) const override;
  std::string own_delete(std::string_view table, const OwnFields& key) const override;
  /// Taking out the partition would take the lock out with it.
  std::optional<std::string> own_clear(std::string_view /*table*/) const override {
    return std::nullopt;
  }
  Rendered render(const Change& change, const RenderContext& context) const override;
  int creation_rank(std::string_view kind) const override;
  std::optional<std::string> cannot_alter(const model::Table& from,
                                          const model::Table& to) const override;
  std::optional<Remake> remake(const model::Table* old, const model::Table& to,
                               const model::Table* interim) const override;
  model::Name interim_of(const model::Name& table) const override;
  std::string copy_rows(const model::Name& from, const model::Name& to,
                        const std::vector<std::string>& without) const override;
  bool renames_column(const model::Table& table, std::string_view column) const override;
  std::vector<Statement> timeouts(double, double, bool) const override { return {}; }
  EffectReport effect(Connection& connection, const Statement& statement,
                      std::string_view fingerprint_before) const override;
  void explain(Error& error, Connection& connection) const noexcept override;

  std::string_view lacks(Feature feature, const ServerInfo& server) const override;
  std::string spell(const model::Type& type, const ServerInfo& server) const override;
  std::string column_type(const model::Column& column, const TableScope& scope) const override;
  std::string blob_literal(std::string_view bytes) const override;
  /// Numbered columns are refused before.
  std::string identity_words(const model::Column&, const TableScope&) const override { return {}; }
  /// Every column may be without a value.
  std::string nullability(const model::Column&, const ServerInfo&) const override { return {}; }
  std::string column_options(const model::Column& column) const override;
  Comments comments() const override { return Comments::none; }
  bool joins_actions() const override { return false; }
  std::string_view add_column_words() const override { return "ADD "; }
  std::string_view drop_column_words() const override { return "DROP "; }
  std::string table_suffix(const model::Table& table, const TableScope& scope) const override;
  std::string table_option_clause(const SetTableOption& option,
                                  const TableScope& scope) const override;
  std::string_view create_index_words(const model::Index& index) const override;
  std::string index_part(const model::IndexPart& part, const std::string& object,
                         const ServerInfo& server) const override;
  /// USING stands behind the parts: index_suffix.
  std::string index_method(const model::Index&, const TableScope&) const override { return {}; }
  bool has_index_option(const std::string&, const ServerInfo&) const override { return true; }
  std::string index_suffix(const model::Index& index) const override;
  /// Refused before.
  Clauses modify_column(const ModifyColumn&, const TableScope&) const override { return {}; }
  std::vector<std::string> rename_column(const RenameColumn& change,
                                         const TableScope& scope) const override;
  bool replaces(std::string_view kind, const ServerInfo& server) const override;
  std::string or_replace(const std::string& definition) const override;
  TypeWords type_words() const override { return {"", ""}; }
  /// Behind a SELECT of rows that nobody will ask for soon again (ScyllaDB documentation, "BYPASS
  /// CACHE").
  std::string_view read_once(const ServerInfo& server) const;
};

const Dialect& cql_dialect();
/// The same object, with the words that render.hpp asks for.
const CqlDialect& words();

/// Version 0 (offline) is the newest Cassandra.
inline bool is_scylla(const ServerInfo& server) { return server.product == "ScyllaDB"; }
/// `cassandra`: the first version of Cassandra that has something; `scylla`: the same of ScyllaDB,
/// 0: none has it.
bool since(const ServerInfo& server, int cassandra, int scylla);

}  // namespace sterna::cql
