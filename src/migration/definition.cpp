#include <sterna/migration.hpp>

#include "migration/version.hpp"

#include <sterna/error.hpp>

namespace sterna {
namespace {

/// A migration made of functions.
class FunctionMigration final : public Migration {
 public:
  using Function = std::function<void(Schema&)>;
  FunctionMigration(Function up, Function down, Function change)
      : up_(std::move(up)), down_(std::move(down)), change_(std::move(change)) {}
  void up(Schema& schema) override { call(up_, schema); }
  void down(Schema& schema) override { call(down_, schema); }
  void change(Schema& schema) override { call(change_, schema); }

 private:
  static void call(const Function& function, Schema& schema) {
    if (!function) throw NotDefined{};
    function(schema);
  }
  Function up_, down_, change_;
};

MigrationDefinition define(std::string_view id, std::function<void(Schema&)> up,
                           std::function<void(Schema&)> down, std::function<void(Schema&)> change,
                           Meta meta) {
  MigrationId parsed;
  if (!parse_migration_id(id, parsed)) {
    throw Error(ErrorKind::validation, "'" + std::string(id) + "' does not begin with a version")
        .suggest("name it like 001_create_users");
  }
  MigrationDefinition definition;
  definition.version = std::move(parsed.version);
  definition.name = std::move(parsed.name);
  definition.meta = std::move(meta);
  definition.make = [up = std::move(up), down = std::move(down),
                     change = std::move(change)]() -> std::unique_ptr<Migration> {
    return std::make_unique<FunctionMigration>(up, down, change);
  };
  return definition;
}

}  // namespace

Migration::~Migration() = default;
void Migration::up(Schema&) { throw NotDefined{}; }
void Migration::down(Schema&) { throw NotDefined{}; }
void Migration::change(Schema&) { throw NotDefined{}; }

MigrationDefinition make_migration(std::string_view id, std::function<void(Schema&)> up,
                                   std::function<void(Schema&)> down, Meta meta) {
  const bool one_way = !down;
  if (one_way && meta.irreversible.empty()) meta.irreversible = "no function for it was given";
  return define(id, std::move(up), std::move(down), nullptr, std::move(meta));
}

MigrationDefinition make_reversible_migration(std::string_view id,
                                              std::function<void(Schema&)> change, Meta meta) {
  return define(id, nullptr, nullptr, std::move(change), std::move(meta));
}

}  // namespace sterna
