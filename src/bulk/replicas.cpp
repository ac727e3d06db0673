#include "bulk/replicas.hpp"

#include "base/text.hpp"
#include "database/registry.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sterna::bulk {

Replicas::Replicas(const std::vector<std::string>& urls, const BulkWords& words) : words_(words) {
  for (const std::string& url : urls) sessions_.push_back({parse_url(url), nullptr});
}

std::string Replicas::behind(double most) {
  for (Session& session : sessions_) {
    if (std::string reason = ask(session, most); !reason.empty()) return reason;
  }
  return {};
}

// One that went away while the work goes on is waited for: what it misses it will have to catch up
// with.
std::string Replicas::ask(Session& session, double most) {
  double lag = 0;
  try {
    if (session.connection == nullptr || !session.connection->alive())
      session.connection = connect(session.url);
    lag = words_.replica_lag(*session.connection);
  } catch (Error& error) {
    session.connection.reset();
    if (session.known) return "replica " + session.url.masked() + " does not answer";
    error.suggest("replica " + session.url.masked() + " is named by `replicas` in sterna.toml");
    throw;
  }
  if (lag < 0 && !session.known) {
    throw Error(ErrorKind::config, "server " + session.url.masked() +
                                       " is named as a replica, "
                                       "but copies from no other")
        .with_state("nothing was run")
        .suggest("take it out of `replicas` in sterna.toml, or start its replication");
  }
  session.known = true;
  if (std::isinf(lag)) return "replica " + session.url.masked() + " has stopped to copy";
  if (lag <= most) return {};
  return fmt::format("replica {} is {} behind", session.url.masked(), format_duration(lag));
}

}  // namespace sterna::bulk
