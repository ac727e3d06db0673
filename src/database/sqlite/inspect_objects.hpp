// Views, triggers and virtual tables as objects with their definitions. Used by inspect.cpp.
#pragma once

#include "database/sqlite/tokens.hpp"
#include "model/model.hpp"

#include <string>
#include <unordered_map>

namespace sterna::sqlite {

/// Tables, views and virtual tables by their names in lower case, as key_of() writes them.
using Relations = std::unordered_map<std::string, std::string>;

/// `type`: "view", "trigger" or "virtual table"; `sql` as sqlite_schema has it. The name in the
/// definition is written anew, with its schema.
/// @throws Error(validation) for a text that is none.
model::Object read_object(std::string type, const model::Name& name, std::string_view sql,
                          const Relations& relations);
/// "fts5": what a virtual table is made by, in lower case.
std::string module_of(std::string_view sql);
bool is_virtual(std::string_view sql);

}  // namespace sterna::sqlite
