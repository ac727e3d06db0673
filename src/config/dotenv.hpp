// .env files: KEY=VALUE lines that stand in for environment variables in development.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sterna {

struct DotenvValue {
  std::string value;
  int line = 0;
};

/// `export` prefix, # comments, single quotes (as they are) and double quotes (\n, \t, \", \\) are
/// understood.
/// @throws Error(config) with file:line for a line that is neither.
std::map<std::string, DotenvValue, std::less<>> parse_dotenv(std::string_view text,
                                                             std::string_view file);

}  // namespace sterna
