// A schema as DBML (dbml.dbdiagram.io/docs), the other way of dbml_read.hpp. Used by `schema
// inspect` and the designer's export. What DBML has no words for stands in comments, never left out
// in silence.
#pragma once

#include "diagram/facts.hpp"

#include <string>

namespace sterna::diagram {

/// Tables, columns, keys, indexes, checks, foreign keys, enums and comments. Keys of CQL are
/// primary keys with a note "K: a, b; C: c", which the reader knows. Kept loosely: unique indexes
/// of plain columns read back as constraints, names of keys over one column and identities as what
/// they do.
std::string to_dbml(const model::Model& model, const TypeSpelling& type);

}  // namespace sterna::diagram
