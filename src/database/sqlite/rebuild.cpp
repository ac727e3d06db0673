#include "database/sqlite/rebuild.hpp"
namespace sterna::sqlite { Rendered rebuild(const AlterTable&, const RenderContext&) { throw Error(ErrorKind::internal, "placeholder"); } }
