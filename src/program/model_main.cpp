// The program that sterna_add_model() builds.
#include <sterna/error.hpp>
#include <sterna/model.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>

#include "base/file.hpp"
#include "builder/models.hpp"
#include "database/registry.hpp"
#include "program/entity_document.hpp"

namespace sterna {
namespace {

constexpr int usage_error = 64;

int usage(const char* program) {
  std::fprintf(stderr,
               "usage: %s --dialect postgres|mysql|sqlite|cql [--server-version N] [--product "
               "NAME] [--output FILE]\n"
               "prints the entities that are registered with STERNA_MODEL as JSON\n",
               program);
  return usage_error;
}

void print_entities(std::map<std::string, std::string>& options) {
  const Dialect& dialect = dialect_named(options["--dialect"]);
  ServerInfo server;
  server.product = options["--product"];
  server.version = std::atoi(options["--server-version"].c_str());
  const auto entities = registered_entities(dialect.name());
  if (entities.empty()) {
    throw Error(ErrorKind::validation, "this program registers no entities")
        .suggest("add STERNA_MODEL(…) to one of its source files");
  }
  const std::string text = to_json(entity_model(entities, dialect, server));
  if (options["--output"].empty())
    std::fwrite(text.data(), 1, text.size(), stdout);
  else
    write_file_atomically(options["--output"], text);
}

}  // namespace

int model_main(int argc, char** argv) noexcept {
  try {
    std::map<std::string, std::string> options{
        {"--dialect", ""}, {"--server-version", "0"}, {"--product", ""}, {"--output", ""}};
    for (int i = 1; i < argc; i += 2) {
      const auto found = options.find(argv[i]);
      if (found == options.end() || i + 1 == argc) return usage(argv[0]);
      found->second = argv[i + 1];
    }
    if (options["--dialect"].empty()) return usage(argv[0]);
    print_entities(options);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    if (!error.position().file.empty())
      std::fprintf(stderr, "  at %s:%d\n", error.position().file.c_str(), error.position().line);
    for (const std::string& suggestion : error.suggestions())
      std::fprintf(stderr, "  try %s\n", suggestion.c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
  }
  return 1;
}

}  // namespace sterna
