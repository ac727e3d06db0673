#include "database/postgres/libpq.hpp"

#include "base/dynamic_library.hpp"

namespace sterna::postgres {

const LibPq& libpq() {
  static const LibPq functions = [] {
    const DynamicLibrary library("libpq.so.5", "install the package libpq5");
    LibPq loaded;
#define STERNA_LOAD(name) library.load(loaded.name, #name);
    STERNA_LIBPQ_FUNCTIONS(STERNA_LOAD)
#undef STERNA_LOAD
    return loaded;
  }();
  return functions;
}

}  // namespace sterna::postgres
