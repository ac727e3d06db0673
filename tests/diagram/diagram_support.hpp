// What the tests of the diagrams share: the schemas of the golden folders, types as their databases
// spell them, and a look at whether a text is XML.
#pragma once

#include "diagram/facts.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::test {

std::filesystem::path golden_folder();
/// The folders there, sorted: each holds a schema.json and what is made from it.
std::vector<std::string> golden_names();
model::Model golden_model(const std::string& name);
/// As the model's dialect spells types; the names alone where no such database is built in.
diagram::TypeSpelling spelling_for(const model::Model& model);

/// Empty when the text is one well-formed XML element (no DTD, no processing instructions), else
/// what is wrong and at which byte.
std::string what_is_wrong_with_xml(std::string_view text);

}  // namespace sterna::test
