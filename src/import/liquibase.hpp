// Liquibase's change logs as trees, and its changes as Sterna's. Used by the reader of Liquibase
// alone.
#pragma once

#include "change/change.hpp"
#include "import/foreign.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::detail {

/// A node of a change log, whether it is written in XML, YAML or JSON: what is an attribute in XML
/// is a scalar elsewhere.
struct LogNode {
  std::string name;
  std::string text;
  std::map<std::string, std::string, std::less<>> attributes;
  std::vector<LogNode> children;

  std::string get(std::string_view attribute, std::string_view fallback = {}) const;
  const LogNode* child(std::string_view child_name) const;
  bool flag(std::string_view attribute) const { return get(attribute) == "true"; }
};

/// @throws Error(validation) with file:line for text that is not well-formed.
LogNode parse_log(std::string_view text, std::string_view ending, const std::string& file);

/// One change as one of Sterna's, or as SQL; nothing when it is of a kind that is not known here.
struct LogChange {
  std::vector<Change> changes;
  std::string sql;
  bool reversible = true;  ///< by inverting it
};
std::optional<LogChange> log_change(const LogNode& node, const std::string& database,
                                    const std::filesystem::path& folder);

}  // namespace sterna::detail
