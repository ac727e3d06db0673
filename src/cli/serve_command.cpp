// serve: health, readiness and metrics over HTTP, for probes and monitors.
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/schema.hpp"
#include "cli/session.hpp"
#include "http/server.hpp"
#include "migration/health.hpp"
#include "ops/drift.hpp"
#include "ops/health_page.hpp"

#include <fmt/format.h>

namespace sterna::cli {
namespace {

constexpr int default_port = 4000;

}  // namespace

int run_serve(Invocation& invocation) {
  HttpServerOptions listen;
  listen.host = invocation.value("host").value_or("127.0.0.1");
  listen.port = invocation.port().value_or(default_port);
  listen.allowed_hosts = invocation.all("allow-host");
  const std::optional<double> interval = invocation.duration("drift");
  Session session(invocation);
  const EngineOptions options = session.engine().options();
  HealthPageOptions pages;
  pages.connection = options.run.name;
  // Each look has a session and a reading of its own: files that were added since are seen, and a
  // server that was restarted is found again.
  pages.check = [options] {
    MigrationEngine engine(options);
    return check_health(engine);
  };
  if (interval) {
    pages.drift_interval = std::chrono::milliseconds(static_cast<std::int64_t>(*interval * 1000));
    if (pages.drift_interval < std::chrono::seconds(1))
      throw Error(ErrorKind::config,
                  "--drift takes a time of at least a second: every look replays the migrations");
    pages.check_drift = [options, filter = filter_of(session.connection_config(), invocation)] {
      return find_drift(options, filter);
    };
  }
  HealthPages answers(std::move(pages));
  HttpServer server(std::move(listen),
                    [&answers](const HttpRequest& request) { return answers.answer(request); });
  say(fmt::format("serving {} on {}: /health /livez /readyz /metrics", options.run.name,
                  server.address()));
  server.run(session.engine().stop());
  return 0;
}

}  // namespace sterna::cli
