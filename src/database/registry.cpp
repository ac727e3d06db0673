#include "database/registry.hpp"

#include "base/text.hpp"
#include "database/confine.hpp"
#include "database/cql/engine.hpp"
#include "database/mysql/engine.hpp"
#include "database/postgres/engine.hpp"
#include "database/scratch.hpp"
#include "database/sqlite/engine.hpp"

#include <array>

namespace sterna {

std::span<const Engine> engines() {
  static constexpr std::array<Engine, 8> all{{
      {"sqlite", sqlite::dialect, sqlite::connect, sqlite::would_create, sqlite::bulk, nullptr},
      {"sqlite3", sqlite::dialect, sqlite::connect, sqlite::would_create, sqlite::bulk, nullptr},
      {"postgres", postgres::dialect, postgres::connect, nullptr, postgres::bulk, nullptr},
      {"postgresql", postgres::dialect, postgres::connect, nullptr, postgres::bulk, nullptr},
      {"mysql", mysql::dialect, mysql::connect, nullptr, mysql::bulk, mysql::shadow},
      {"mariadb", mysql::dialect, mysql::connect, nullptr, mysql::bulk, mysql::shadow},
      {"cassandra", cql::cql_dialect, cql::connect, nullptr, nullptr, nullptr},
      {"scylla", cql::cql_dialect, cql::connect, nullptr, nullptr, nullptr},
  }};
  return all;
}

namespace {
/// By its scheme, or its dialect's name; nullptr when there is none.
const Engine* engine_named(std::string_view name) {
  for (const Engine& engine : engines()) {
    if (engine.scheme == name || engine.dialect().name() == name) return &engine;
  }
  return nullptr;
}
}  // namespace

const Engine& engine_for(const Url& url) {
  std::vector<std::string> schemes;
  for (const Engine& engine : engines()) {
    if (engine.scheme == url.scheme) return engine;
    schemes.emplace_back(engine.scheme);
  }
  Error error(ErrorKind::config,
              "unknown database scheme '" + url.scheme + "'; known are " + join(schemes, ", "));
  for (const std::string& near : near_misses(url.scheme, schemes, 1))
    error.suggest("did you mean " + near + "://…?");
  throw error;
}

bool would_create(const Url& url) {
  const Engine& engine = engine_for(url);
  return engine.would_create != nullptr && engine.would_create(url);
}

std::unique_ptr<Connection> connect(const Url& url, const ConnectOptions& options) {
  const Engine& engine = engine_for(url);
  std::unique_ptr<Connection> connection = engine.connect(url, options);
  // By its URL alone, as programs open one: what it stands for is not known.
  const Language language = engine.dialect().language();
  if ((language == Language::mysql || language == Language::cql) &&
      url.database.starts_with(scratch_prefix)) {
    connection->confine(std::make_shared<Confinement>(
        Confinement::Bounds{language, Confinement::Scope::server, url.database, {}}));
  }
  return connection;
}

const Dialect& dialect_named(std::string_view name) {
  if (const Engine* engine = engine_named(name)) return engine->dialect();
  throw Error(ErrorKind::config, "unknown dialect '" + std::string(name) +
                                     "'; known are postgres, mysql, mariadb, sqlite, cql");
}

const BulkWords* bulk_words(std::string_view name) {
  const Engine* engine = engine_named(name);
  return engine == nullptr || engine->bulk == nullptr ? nullptr : &engine->bulk();
}

}  // namespace sterna
