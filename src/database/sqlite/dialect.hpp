// SQLite's words. Used by the registry (through engine.hpp) and by the rebuild, which writes its
// tables with them; never opens a database.
#pragma once

#include "database/sql_dialect.hpp"

namespace sterna::sqlite {

/// The same object as `dialect()`, with the words that render.hpp asks for.
const SqlDialect& sql_dialect();

class SqliteDialect final : public SqlDialect {
 public:
  std::string_view name() const override { return "sqlite"; }
  std::string_view title() const override { return "SQLite"; }
  Language language() const override { return Language::sqlite; }
  Capabilities capabilities(const ServerInfo& server) const override;
  std::string placeholder(std::size_t number) const override;
  std::string now() const override;
  std::string utc_now() const override;
  std::string truncate(const model::Name& table) const override {
    return "DELETE FROM " + quote(table);
  }
  Rendered render(const Change& change, const RenderContext& context) const override;
  std::vector<Statement> timeouts(double, double, bool) const override { return {}; }
  std::string_view client_head() const override { return ".bail on\n"; }
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
  std::string identity_words(const model::Column& column, const TableScope& scope) const override;
  bool identity_is_primary_key() const override { return true; }
  bool key_in_column(const model::Column& column, const TableScope& scope) const override;
  std::string nullability(const model::Column& column, const ServerInfo& server) const override;
  /// All that there are stand in other words of the column.
  std::string column_options(const model::Column&) const override { return {}; }
  std::string default_expression(const std::string& text) const override;
  std::string default_now(const model::Type& type) const override;
  std::string boolean_literal(bool value) const override { return value ? "1" : "0"; }
  std::string not_finite_literal(double value) const override {
    return value > 0 ? "9e999" : value < 0 ? "-9e999" : "NULL";  // it stores no other
  }
  Comments comments() const override { return Comments::none; }
  bool drops_checks_by_text() const override { return true; }
  bool joins_actions() const override { return false; }
  bool unique_is_index() const override { return true; }
  bool unique_is_index(const model::Unique& unique) const override {
    return unique.options.empty();
  }
  std::string table_suffix(const model::Table& table, const TableScope& scope) const override;
  std::string table_option_clause(const SetTableOption& option,
                                  const TableScope& scope) const override;
  std::string index_on(const std::string& index, const model::Name& table) const override;
  std::string referenced_table(const model::Name& table) const override;
  std::string index_method(const model::Index& index, const TableScope& scope) const override;
  Clauses modify_column(const ModifyColumn& change, const TableScope& scope) const override;
  std::vector<std::string> rename_index(const RenameIndex& change,
                                        const TableScope& scope) const override;
  bool replaces(std::string_view, const ServerInfo&) const override { return false; }
};

}  // namespace sterna::sqlite
