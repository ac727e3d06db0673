// Keys, constraints and indexes as calls of TableBuilder. Used by the code of tables and actions.
#pragma once

#include <optional>
#include <string>

#include "codegen/column_code.hpp"

namespace sterna::codegen {

/// A column alone: no order, no prefix, nothing that needs a call.
bool is_plain(const model::IndexPart& part);

/// The calls that describe keys and indexes, whether a table is created or altered. Nothing where
/// the builder has no words.
class KeyCode {
 public:
  KeyCode(const model::Name& table, const TableContext& context)
      : table_(table), context_(context) {}

  std::optional<std::string> operator()(const model::PrimaryKey& key, int indent) const;
  std::optional<std::string> operator()(const model::Unique& unique, int indent) const;
  std::optional<std::string> operator()(const model::Index& index, int indent) const;
  std::optional<std::string> operator()(const model::ForeignKey& key, int indent) const;
  std::optional<std::string> operator()(const model::Check& check, int indent) const;
  std::optional<std::string> operator()(const model::Exclusion& exclusion, int indent) const;
  /// `head`: what the call begins with; empty: the method of the index's kind.
  std::optional<CallChain> index(const model::Index& index, const std::string& head) const;

  /// Another name than the database gives it.
  bool has_own_name(const model::PrimaryKey& key) const;
  template <class Key>
  std::string default_name(const Key& key) const {
    return model::default_name(table_, key, context_.capabilities.max_identifier_length);
  }

 private:
  const model::Name& table_;
  const TableContext& context_;
};

}  // namespace sterna::codegen
