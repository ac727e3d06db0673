// Which of the two servers it is, and since when each has something. Used by this folder alone.
#pragma once

#include "database/dialect.hpp"

namespace sterna::mysql {

inline bool is_mariadb(const ServerInfo& server) { return server.product == "MariaDB"; }

/// From these versions on; offline (version 0) the newest server is assumed. 0: never.
inline bool since(const ServerInfo& server, int mysql, int mariadb) {
  const int first = is_mariadb(server) ? mariadb : mysql;
  return first != 0 && (server.version == 0 || server.version >= first);
}

}  // namespace sterna::mysql
