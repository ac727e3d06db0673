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
std::optional<LogChange> log_change(const LogNode& node, const std::filesystem::path& folder);

// Parts of changes.
/// "varchar(40)", "java.sql.Types.DECIMAL(10, 2)".
model::Type type_of(const std::string& given);
std::optional<model::Default> default_of(const LogNode& node);
/// "a, b"
std::vector<std::string> names(const std::string& list);
std::vector<model::IndexPart> parts(const std::vector<std::string>& columns);
/// A column with its constraints; those that are the table's are put into `table`.
model::Column column_of(const LogNode& node, model::Table& table);

// What a change set says of itself, in whatever format.
/// Whether a list of databases ("postgresql, !h2") holds one; an empty one holds all.
bool is_for(std::string_view dbms, const std::string& database);
ForeignMigration change_set(const std::string& log, const std::string& author,
                            const std::string& id);
void tell_conditions(ForeignProject& project, const std::string& context, const std::string& labels,
                     const std::string& file);
inline constexpr std::string_view preconditions_note =
    " has preconditions: they are not carried over";

/// A change log in formatted SQL, whose properties are added to `properties`.
void read_formatted_log(std::string_view text, const std::string& shown,
                        const std::string& database, std::map<std::string, std::string>& properties,
                        ForeignProject& project);

}  // namespace sterna::detail
