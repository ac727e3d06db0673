#include "migration/compiler.hpp"
namespace sterna {
std::vector<RegisteredMigration> load_cpp_migrations(std::span<const std::filesystem::path>, const CompileOptions&) { throw Error(ErrorKind::internal, "placeholder"); }
}
