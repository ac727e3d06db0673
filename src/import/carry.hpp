// From another tool's project to a folder of Sterna's migrations: versions, texts, what stands for
// code. Pure until write_carried(), which refuses a folder that holds migrations already.
#pragma once

#include "import/foreign.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sterna {

struct CarriedFile {
  std::string name;  ///< "0001_create_users.sql", "repeatable/people.sql"
  std::string text;
  std::string source;  ///< the tool's file
  std::string id;      ///< as the history is to call it
  bool applied = false;
};

struct Carried {
  std::vector<CarriedFile> files;
  std::vector<std::string> left_out;  ///< "FILE: Python, and not applied"
  std::vector<std::string> notes;
  bool schema_stands_for_code = false;  ///< the newest applied migration holds the schema as it is
};

/// True when the schema is needed: an applied migration is code.
bool needs_schema(const ForeignProject& project);
/// `schema`: the statements that make the database as it is, with their directives; empty when it
/// is not to be had.
/// @throws Error with file and line for a script that cannot be read.
Carried carry_over(ForeignProject project, const ForeignRequest& request,
                   const std::string& schema);
/// @throws Error(refused) when the folder holds migrations already; then nothing was written.
void write_carried(const Carried& carried, const std::filesystem::path& folder);

}  // namespace sterna
