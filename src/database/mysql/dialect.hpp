// The words of MySQL and MariaDB, which differ from each other by product and version. Used by the
// registry through engine.hpp; reads the live table only to rename a column on servers that want
// its definition.
#pragma once

#include "database/sql_dialect.hpp"

namespace sterna::mysql {

class MysqlDialect final : public SqlDialect {
 public:
  std::string_view name() const override { return "mysql"; }
  std::string_view title() const override { return "MySQL"; }
  Language language() const override { return Language::mysql; }
  Capabilities capabilities(const ServerInfo& server) const override;
  std::string placeholder(std::size_t /*number*/) const override { return "?"; }
  std::string now() const override;
  std::string utc_now() const override;
  std::string elapsed_microseconds() const override;
  std::vector<SafeStep> safe_form(const Change& change, const model::Model& from,
                                  const ServerInfo& server) const override;
  std::vector<std::string> online_clauses(Online online, const ServerInfo& server) const override;
  std::vector<Statement> timeouts(double statement_timeout, double lock_timeout,
                                  bool in_transaction) const override;
  std::optional<std::string> client_assertion(std::string_view query,
                                              std::string_view place) const override;
  bool needs_fingerprint(const Statement& statement) const override;
  std::string fingerprint(Connection& connection, const Statement& statement) const override;
  EffectReport effect(Connection& connection, const Statement& statement,
                      std::string_view fingerprint_before) const override;
  void explain(Error& error, Connection& connection) const noexcept override;

  std::string_view lacks(Feature feature, const ServerInfo& server) const override;
  std::string spell(const model::Type& type, const ServerInfo& server) const override;
  bool converts(const model::Type& from, const model::Type& to) const override;
  std::string identity_words(const model::Column& column, const TableScope& scope) const override;
  std::string nullability(const model::Column& column, const ServerInfo& server) const override;
  std::string default_literal(const model::Column& column, const std::string& text,
                              const ServerInfo& server) const override;
  std::string default_expression(const std::string& text) const override;
  std::string default_now(const model::Type& type) const override;
  char quote_character() const override { return '`'; }
  std::string string_literal(std::string_view text) const override;
  std::string boolean_literal(bool value) const override { return value ? "1" : "0"; }
  Comments comments() const override { return Comments::in_definition; }
  bool index_is_clause() const override { return true; }
  std::string column_type(const model::Column& column, const TableScope& scope) const override;
  std::string column_options(const model::Column& column) const override;
  std::vector<std::string> table_clauses(const model::Table& table) const override;
  bool stands_alone(const SetTableOption& option) const override;
  bool has_index_option(const std::string& key, const ServerInfo& server) const override;
  std::string index_last_part(const model::Index& index) const override;
  std::string table_suffix(const model::Table& table, const TableScope& scope) const override;
  std::string table_option_clause(const SetTableOption& option,
                                  const TableScope& scope) const override;
  std::string_view drop_constraint_words(DropConstraint::Kind kind,
                                         const ServerInfo& server) const override;
  std::string index_method(const model::Index& index, const TableScope& scope) const override;
  std::string_view index_kind(model::IndexKind kind) const override;
  std::string index_suffix(const model::Index& index) const override;
  Clauses modify_column(const ModifyColumn& change, const TableScope& scope) const override;
  std::vector<std::string> rename_column(const RenameColumn& change,
                                         const TableScope& scope) const override;
  std::vector<std::string> rename_index(const RenameIndex& change,
                                        const TableScope& scope) const override;
  std::string rename_table(const RenameTable& change) const override;
  bool replaces(std::string_view kind, const ServerInfo& server) const override;
  std::string or_replace(const std::string& definition) const override;

 private:
  void check_version(const model::Column& column, const TableScope& scope) const;
};

/// Whether the word of a type is one of the shapes (manual, "Spatial Data Types").
bool is_spatial(std::string_view word);

}  // namespace sterna::mysql
