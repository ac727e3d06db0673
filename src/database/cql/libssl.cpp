#include "database/cql/libssl.hpp"

#include "base/dynamic_library.hpp"

namespace sterna::cql {

const LibSsl& libssl() {
  static const LibSsl functions = [] {
    const DynamicLibrary library("libssl.so.3", "install the package libssl3");
    LibSsl loaded;
#define STERNA_LOAD(name) library.load(loaded.name, #name);
    STERNA_LIBSSL_FUNCTIONS(STERNA_LOAD)
#undef STERNA_LOAD
    return loaded;
  }();
  return functions;
}

}  // namespace sterna::cql
