// Brings its database up to date at the start, with the migrations that are baked into it, then
// with a list made in code.
#include <sterna/runner.hpp>

#include <iostream>

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "sqlite:embedded.db";
  try {
    sterna::Runner baked_in{url};
    for (const sterna::AppliedMigration& applied : baked_in.up().applied)
      std::cout << "applied " << applied.id() << "\n";

    // A list of its own, with a history of its own.
    sterna::RunnerOptions options;
    options.history_table = "plugin_migrations";
    sterna::Runner plugin{url,
                          {sterna::make_migration(
                              "001_create_plugins",
                              [](sterna::Schema& schema) {
                                schema.create_table(
                                    "plugins", [](sterna::TableBuilder& table) { table.id(); });
                              },
                              [](sterna::Schema& schema) { schema.drop_table("plugins"); })},
                          options};
    for (const sterna::AppliedMigration& applied : plugin.up().applied)
      std::cout << "applied " << applied.id() << "\n";
    std::cout << "up to date\n";
  } catch (const sterna::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
