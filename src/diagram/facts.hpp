// What every picture and document of a schema needs to know beyond the model itself: the marks of a
// column, who refers to whom and how many times, the words of a default. Used by the writers of
// this room; looks at nothing but the model.
#pragma once

#include "model/model.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace sterna::diagram {

/// A type as its database spells it. Given by the caller: this room knows no database.
using TypeSpelling = std::function<std::string(const model::Type&)>;

struct ColumnMarks {
  bool primary = false, foreign = false, unique = false;
  bool partition = false, clustering = false;  ///< CQL
  bool any() const { return primary || foreign || unique || partition || clustering; }
  /// "PK", "FK", "UK", "K", "C", joined. A CQL key column is K (partition) or C (clustering), never
  /// PK as well.
  std::string text(const char* separator = " ") const;
};

/// A foreign key whose table is in the model. Indexes are into Model::tables and Table::columns.
struct Relationship {
  std::size_t child = 0, parent = 0;
  const model::ForeignKey* key = nullptr;
  std::vector<std::string> parent_columns;  ///< those of the primary key when the key names none
  bool at_most_one = false;                 ///< the child's columns are a key of the child
  bool optional = false;                    ///< a column of the key may be null
};

struct SchemaFacts {
  std::vector<std::vector<ColumnMarks>> marks;  ///< by table and column
  std::vector<Relationship> relationships;      ///< by table and key, in the model's order
  /// Foreign keys whose table is not in the model: "posts (author_id) → auth.users (id)".
  std::vector<std::string> dangling;
};

/// In linear time. The model must outlive the result.
SchemaFacts facts_of(const model::Model& model);

/// "(a, b)".
std::string in_parentheses(const std::vector<std::string>& columns);
/// "posts (author_id) → users (id)".
std::string reference_text(const model::Table& child, const model::ForeignKey& key);
/// "cascade", "set null", …; as every language here writes it.
const char* action_text(model::ReferentialAction action);
/// A default as SQL: 'text', 42, now().
std::string default_text(const model::Default& value);
/// "email", "lower(email) desc".
std::string part_text(const model::IndexPart& part);
std::string parts_text(const std::vector<model::IndexPart>& parts);
/// Further words about a column that no field of a diagram shows: "generated always as (…) stored",
/// "identity", "auto increment", "static". Empty when there is nothing.
std::string column_extras(const model::Column& column);

}  // namespace sterna::diagram
