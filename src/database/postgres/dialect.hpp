// PostgreSQL's words. Used by the registry through engine.hpp; reads the live catalog (for the enum
// types that belong to a column) only when the context has a connection.
#pragma once

#include "database/sql_dialect.hpp"

namespace sterna::postgres {

class PostgresDialect final : public SqlDialect {
 public:
  std::string_view name() const override { return "postgres"; }
  std::string_view title() const override { return "PostgreSQL"; }
  Language language() const override { return Language::postgres; }
  Capabilities capabilities(const ServerInfo& server) const override;
  std::string placeholder(std::size_t number) const override;
  std::string now() const override;
  std::string utc_now() const override;
  std::string elapsed_microseconds() const override;
  int creation_rank(std::string_view kind) const override;
  Frame script_frame(const std::vector<Change>& changes) const override;
  std::string_view identity_override(const model::Table& table) const override;
  std::vector<Statement> advance_keys(const model::Table& table) const override;
  std::vector<SafeStep> safe_form(const Change& change, const model::Model& from,
                                  const ServerInfo& server) const override;
  std::string use_schema(const std::string& name) const override {
    return "SET search_path TO " + quote(name);
  }
  model::Type base_of_domain(const model::Object& domain) const override;
  std::vector<std::string> alter_object(const model::Object& from,
                                        const model::Object& to) const override;
  using SqlDialect::replaces_object;
  bool replaces_object(const model::Object& from, const model::Object& to,
                       const ServerInfo& server) const override;
  std::vector<SetTableOption> option_changes(const model::Table& from,
                                             const model::Table& to) const override;
  std::string parent_of(const model::Table& table) const override;
  bool follows_parent(const model::Table& from, const model::Table& to,
                      std::string_view column) const override;
  bool follows_table(std::string_view option) const override;
  std::vector<std::string> table_option_statements(const SetTableOption& option,
                                                   const TableScope& scope) const override;
  std::string fill_column(const FillColumn& change) const override;
  std::vector<std::string> replace_enum(const ReplaceEnum& change,
                                        const ServerInfo& server) const override;
  std::vector<Statement> wait_patiently(const Statement& statement) const override;
  std::vector<Statement> timeouts(double statement_timeout, double lock_timeout,
                                  bool in_transaction) const override;
  std::string_view client_head() const override {
    return "\\set ON_ERROR_STOP on\n\\encoding UTF8\n";
  }
  std::optional<std::string> client_assertion(std::string_view query,
                                              std::string_view place) const override;
  bool needs_fingerprint(const Statement& statement) const override;
  std::string fingerprint(Connection& connection, const Statement& statement) const override;
  EffectReport effect(Connection& connection, const Statement& statement,
                      std::string_view fingerprint_before) const override;
  void explain(Error& error, Connection& connection) const noexcept override;

  std::string_view lacks(Feature feature, const ServerInfo& server) const override;
  std::string spell(const model::Type& type, const ServerInfo& server) const override;
  std::string column_type(const model::Column& column, const TableScope& scope) const override;
  std::string implied_check(const model::Column& column, const TableScope& scope) const override;
  std::string nullability(const model::Column& column, const ServerInfo& server) const override;
  std::string column_options(const model::Column& column) const override;
  bool writes_column(const model::Column& column) const override;
  std::vector<std::string> after_column(const model::Column& column,
                                        const TableScope& scope) const override;
  std::string collation(const std::string& name) const override;
  std::string identity_words(const model::Column& column, const TableScope& scope) const override;
  std::string string_literal(std::string_view text) const override;
  std::string blob_literal(std::string_view bytes) const override;
  Comments comments() const override { return Comments::by_statement; }
  bool writes_check(const model::Check& check) const override { return !check.not_valid; }
  bool writes_unique(const model::Table& table, const model::Unique& unique) const override;
  bool merges_added_keys(const ServerInfo& server) const override {
    return server.version < 130000;
  }
  std::string create_table_words(const model::Table& table) const override;
  std::vector<std::string> after_table(const model::Table& table,
                                       const TableScope& scope) const override;
  std::vector<std::string> after_index(const model::Index& index,
                                       const TableScope& scope) const override;
  std::vector<std::string> after_constraint(const std::string& name,
                                            const std::map<std::string, std::string>& options,
                                            const TableScope& scope) const override;
  std::string table_suffix(const model::Table& table, const TableScope& scope) const override;
  std::string table_option_clause(const SetTableOption& option,
                                  const TableScope& scope) const override;
  std::string drop_primary_key(const model::Name& table, const std::string& name) const override;
  std::string index_method(const model::Index& index, const TableScope& scope) const override;
  std::string full_text_parts(const model::Index& index) const override;
  std::string index_suffix(const model::Index& index) const override;
  Clauses modify_column(const ModifyColumn& change, const TableScope& scope) const override;
  std::vector<std::string> rename_index(const RenameIndex& change,
                                        const TableScope& scope) const override;
  std::vector<std::string> before_column(const model::Column& column,
                                         const TableScope& scope) const override;
  std::vector<std::string> after_drop(const TableScope& scope, std::string_view column,
                                      const std::vector<model::Column>& was) const override;
  bool replaces(std::string_view kind, const ServerInfo& server) const override;
  std::vector<Change> rename_along(const model::Table& was, const model::Table& now,
                                   const ServerInfo& server) const override;
  bool triggers_belong_to_tables() const override { return true; }
};

}  // namespace sterna::postgres
