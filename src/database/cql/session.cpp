// Which node the connection speaks to: opening, the next one when a node is lost, and what the
// cluster tells of the others.
#include "base/system.hpp"
#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/engine.hpp"
#include "database/cql/errors.hpp"
#include "database/cql/values.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::cql {
namespace {

using std::chrono::steady_clock;

int version_number(std::string_view text) {
  int parts[3] = {0, 0, 0};
  for (int& part : parts) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
    if (error != std::errc()) break;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with('.')) break;
    text.remove_prefix(1);
  }
  return parts[0] * 10000 + parts[1] * 100 + parts[2];
}

std::string quoted_keyspace(const std::string& name) { return cql_dialect().quote(name); }

}  // namespace

std::unique_ptr<Client> CqlConnection::open_host(const Url::Host& host, Deadline deadline) const {
  const std::string application = options_.application_name.empty()
                                      ? "sterna/" + std::string(version())
                                      : options_.application_name;
  return std::make_unique<Client>(
      host, Client::Login{url_.user, url_.password.reveal(), application}, settings_, deadline);
}

/// What the node says of itself. @throws Error(config) when it is in another data centre.
void CqlConnection::read_server(Client& client, Deadline deadline) {
  const auto rows = [&](const char* query) {
    QueryParameters parameters;
    parameters.consistency = Consistency::one;
    const Response response =
        client.request(Opcode::query, query_body(query, parameters), deadline);
    if (const auto* error = std::get_if<ServerError>(&response.body))
      throw error_of(*error, Statement{query, {}, {}, {}});
    Rows result;
    if (const auto* found = std::get_if<RowsResult>(&response.body))
      each_row(*found, [&](Row&& row) { result.push_back(std::move(row)); });
    return result;
  };
  const Rows local =
      rows("SELECT release_version, data_center FROM system.local WHERE key = 'local'");
  if (local.empty()) malformed("it does not know itself");
  const auto center = local.front().get<std::string>("data_center");
  if (!settings_.data_center.empty() && center != settings_.data_center)
    throw Error(ErrorKind::connection,
                "it is in the data centre " + center + ", not in " + settings_.data_center)
        .with_code("data centre")
        .suggest("name hosts of " + settings_.data_center + ", or write dc=" + center);
  const auto& options = client.supported().options;
  const bool scylla = std::any_of(options.begin(), options.end(), [](const auto& option) {
    return option.first.starts_with("SCYLLA_");
  });
  std::string text = local.front().get<std::string>("release_version");
  if (scylla) {
    const Rows versions = rows("SELECT version FROM system.versions WHERE key = 'local'");
    if (!versions.empty()) text = versions.front().get<std::string>(0);
  }
  const std::string product = scylla ? "ScyllaDB" : "Cassandra";
  server_ = {product, product + " " + text, version_number(text)};
}

void CqlConnection::use_keyspace(Client& client, Deadline deadline) const {
  if (keyspace().empty()) return;
  const Statement use{"USE " + quoted_keyspace(keyspace()), {}, {}, {}};
  const Response response = client.request(Opcode::query, query_body(use.sql, {}), deadline);
  const auto* error = std::get_if<ServerError>(&response.body);
  if (error == nullptr) return;
  throw error_of(*error, {})
      .suggest("CREATE KEYSPACE " + quoted_keyspace(keyspace()) +
               " WITH replication = {'class': 'NetworkTopologyStrategy', '" +
               (settings_.data_center.empty() ? "DATA_CENTRE" : settings_.data_center) + "': 3}");
}

/// The hosts in their order, those of the URL first. Another one is tried when a host cannot be
/// reached or is in another data centre, not when it refuses user, password or keyspace.
void CqlConnection::open() {
  std::string failures;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    const Url::Host host = hosts_[i];
    const Deadline until = steady_clock::now() + options_.connect_timeout;
    try {
      std::unique_ptr<Client> client = open_host(host, until);
      read_server(*client, until);
      use_keyspace(*client, until);
      if (watching_) client->watch_nodes(until);
      // The next time begins with the one that works.
      std::rotate(hosts_.begin(), hosts_.begin() + static_cast<std::ptrdiff_t>(i), hosts_.end());
      const std::lock_guard lock(mutex_);
      client_ = std::move(client);
      return;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::config) throw;
      std::string what = error.what();
      const std::string prefix = "cannot connect to " + to_string(host) + ": ";
      if (what.starts_with(prefix)) what.erase(0, prefix.size());
      failures += (failures.empty() ? "" : "; ") + to_string(host) + ": " + what;
      if (tries_next_host(error) && i + 1 < hosts_.size()) continue;
      Error shown(ErrorKind::connection, "cannot connect to Cassandra at " + failures);
      shown.with_code(error.code());
      for (const std::string& suggestion : error.suggestions()) shown.suggest(suggestion);
      throw shown;
    }
  }
}

/// The node that was spoken to comes last: it may still take connections without answering.
void CqlConnection::reopen(const Error& cause) {
  std::rotate(hosts_.begin(), hosts_.begin() + 1, hosts_.end());
  try {
    open();
  } catch (const Error&) {
    lost_ = true;
    throw;
  }
  notify(std::string(cause.what()) + "; goes on with " + to_string(host()));
}

std::unique_ptr<Client> CqlConnection::session_with(const Url::Host& host) const {
  const Deadline until = steady_clock::now() + options_.connect_timeout;
  std::unique_ptr<Client> client = open_host(host, until);
  use_keyspace(*client, until);
  return client;
}

Cluster CqlConnection::cluster() {
  return {*client_, settings_,
          [this](const Url::Host& host, Deadline deadline) { return open_host(host, deadline); },
          [this](std::string_view text) { notify(text); }};
}

void CqlConnection::know_nodes() {
  for (const Node& node : cluster().nodes()) {
    const bool foreign =
        !settings_.data_center.empty() && node.data_center != settings_.data_center;
    const bool known = std::any_of(hosts_.begin(), hosts_.end(), [&](const Url::Host& host) {
      return to_string(host) == to_string(node.host);
    });
    if (!foreign && !known) hosts_.push_back(node.host);
  }
  if (!watching_) client_->watch_nodes(deadline());
  watching_ = true;
}

}  // namespace sterna::cql
