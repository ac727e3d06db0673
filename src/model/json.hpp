// The JSON form of a model: what snapshots hold, what programs with entities print and what the
// designer sends. Used wherever a model is kept or sent; knows no database and reads no file.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>

namespace sterna::model {

/// The version that to_json writes, as member "sterna_model". Members may be added to a version,
/// never renamed.
inline constexpr int json_version = 1;

/// Pretty-printed, members in the order of the structs, those at their default left out, a line
/// end at the end: equal models give equal texts. A Name is a string, or {"schema", "name"} when it
/// has a schema.
/// @throws Error(validation) for a text that is not UTF-8, which JSON cannot hold.
std::string to_json(const Model& model);

/// The model in the order of the text: sort() one that people wrote. Every member that is missing
/// has its default.
/// @throws Error(validation) with the path ("tables[3].columns[0].type: …") and what is wrong
/// there; unknown and repeated members are refused, and so is a newer version.
Model from_json(std::string_view text);

}  // namespace sterna::model
