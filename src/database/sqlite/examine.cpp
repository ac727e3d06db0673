// What doctor asks an SQLite file.
#include "database/sqlite/connection.hpp"

namespace sterna::sqlite {

std::vector<ServerFinding> SqliteConnection::examine() {
  using Result = ServerFinding::Result;
  const auto mode = query("PRAGMA journal_mode").front().get<std::string>(0);
  const bool risky = mode == "off" || mode == "memory";
  const Rows orphans = query("PRAGMA foreign_key_check");
  return {
      {"journal", mode + (risky ? ": a crash in the middle of a migration can ruin the file" : ""),
       risky && !url().database.empty() ? Result::warning : Result::good},
      {"rows without their parent",
       orphans.empty() ? "none"
                       : std::to_string(orphans.size()) +
                             ": a migration that ends with a check of foreign keys fails (PRAGMA "
                             "foreign_key_check)",
       orphans.empty() ? Result::good : Result::warning}};
}

}  // namespace sterna::sqlite
