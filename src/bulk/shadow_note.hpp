// What a table changed on a copy has around it (foreign keys, triggers), as text in the journal:
// the names that are given back at the end are in the database no more when a run dies in between.
#pragma once

#include "database/shadow.hpp"

#include <string>

namespace sterna::bulk {

std::string write_note(const Shadow& shadow);
/// Fills in references, triggers and `referred`. @throws Error(validation) for a text that is none.
void read_note(const std::string& text, Shadow& shadow);

}  // namespace sterna::bulk
