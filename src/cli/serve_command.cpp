// serve: health, readiness and metrics over HTTP, for probes and monitors.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
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
  Session session(invocation);
  const EngineOptions options = session.engine().options();
  HealthPageOptions pages;
  // Each look has a session and a reading of its own: files that were added since are seen, and a
  // server that was restarted is found again.
  pages.check = [options] {
    MigrationEngine engine(options);
    return check_health(engine);
  };
  if (const auto interval = invocation.value("drift")) {
    pages.drift_interval =
        std::chrono::milliseconds(static_cast<std::int64_t>(parse_duration(*interval) * 1000));
    if (pages.drift_interval < std::chrono::seconds(1))
      throw Error(ErrorKind::config,
                  "--drift takes a time of at least a second: every look replays the migrations");
    pages.check_drift = [options] { return find_drift(options); };
  }
  HealthPages answers(std::move(pages));
  HttpServerOptions listen;
  listen.host = invocation.value("host").value_or("127.0.0.1");
  listen.port = invocation.number("port", 0).value_or(default_port);
  listen.allowed_hosts = invocation.all("allow-host");
  HttpServer server(std::move(listen),
                    [&answers](const HttpRequest& request) { return answers.answer(request); });
  say(fmt::format("serving {} on {}: /health /livez /readyz /metrics", options.run.name,
                  server.address()));
  server.run(session.engine().stop());
  return 0;
}

}  // namespace sterna::cli
