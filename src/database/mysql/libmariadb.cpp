#include "database/mysql/libmariadb.hpp"

#include "base/dynamic_library.hpp"

namespace sterna::mysql {

const LibMariadb& libmariadb() {
  static const LibMariadb functions = [] {
    const DynamicLibrary library("libmariadb.so.3", "install the package libmariadb3");
    LibMariadb loaded;
#define STERNA_LOAD(name) library.load(loaded.name, #name);
    STERNA_LIBMARIADB_FUNCTIONS(STERNA_LOAD)
#undef STERNA_LOAD
    return loaded;
  }();
  return functions;
}

}  // namespace sterna::mysql
