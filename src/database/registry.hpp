// From a URL to a connection. The one list of databases that Sterna speaks; adding one is one line
// in registry.cpp.
#pragma once

#include "database/connection.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace sterna {

class BulkWords;
class ShadowWords;

struct Engine {
  std::string_view scheme;  ///< "postgres"
  const Dialect& (*dialect)();
  std::unique_ptr<Connection> (*connect)(const Url& url, const ConnectOptions& options);
  bool (*would_create)(const Url& url);  ///< nullptr: never
  const BulkWords& (*bulk)();            ///< nullptr: no batches by key
  const ShadowWords& (*shadow)();        ///< nullptr: no tables changed on a copy
};

std::span<const Engine> engines();
/// @throws Error(config) that lists the schemes there are, with "did you mean".
const Engine& engine_for(const Url& url);
/// True when connecting would make the database (an SQLite file that is not there yet).
bool would_create(const Url& url);
/// @throws Error(connection) naming host and port.
std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options = {});
/// By the dialect's name ("postgres", "mysql", "sqlite"). @throws Error(config).
const Dialect& dialect_named(std::string_view name);
/// By the dialect's name; nullptr: no batches by key.
const BulkWords* bulk_words(std::string_view name);

}  // namespace sterna
