// The visual designer's server side: from a request to its answer. Used by `sterna design`, which
// gives it a socket; everything here works without one. It writes the working copy and new
// migrations, and a database only where that was allowed.
#pragma once

#include "config/config.hpp"
#include "http/server.hpp"
#include "migration/engine.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sterna {

struct DesignerOptions {
  Config config;
  std::string connection;  ///< the one that is opened first; empty: the default one
  std::string token;       ///< the page sends it with each request
  bool allow_apply = false;
  /// What lies under the drawing: a state as DesignProject::state() takes it. Migrations are
  /// derived from it.
  std::string base = "migrations";
  /// Of a named connection.
  std::function<EngineOptions(std::string_view name)> engine_options;
};

class Designer {
 public:
  /// @throws Error(validation) when `base` names no state.
  explicit Designer(DesignerOptions options);
  ~Designer();
  Designer(const Designer&) = delete;
  Designer& operator=(const Designer&) = delete;

  /// Safe to call from several threads. Never throws: failures are answers.
  HttpResponse handle(const HttpRequest& request);

 private:
  class Api;
  std::unique_ptr<Api> api_;
};

}  // namespace sterna
