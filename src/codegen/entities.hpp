// A model as entities in C++: a header that compiles, and that as a state makes the same tables.
// Used by `schema inspect --format cpp`; runs nothing, reads no database.
#pragma once

#include <functional>
#include <string>

#include "database/dialect.hpp"
#include "model/model.hpp"

namespace sterna {

struct CppEntities {
  const model::Model& model;
  Capabilities capabilities;  ///< of the database it is for: default names are left out
  /// The database's spelling of a type that the API has no word for; may be null.
  std::function<std::string(const model::Type&)> type_name = nullptr;
  std::string name_space = "models";
};

/// The whole header. What entities do not say (views, functions, …) stands in a comment at its end.
std::string cpp_entities(const CppEntities& entities);

}  // namespace sterna
