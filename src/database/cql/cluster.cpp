#include "database/cql/cluster.hpp"

#include "base/text.hpp"
#include "database/cql/errors.hpp"

#include <set>
#include <thread>

namespace sterna::cql {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds look_timeout{3000};  // of one look at one other node

std::string text_of(const Row& row, std::string_view column) {
  if (!row.has(column) || row[column].is_null()) return {};
  return row.get<std::string>(column);
}

std::string listed(const std::vector<std::string>& names) { return join(names, ", "); }

}  // namespace

Rows Cluster::rows(Client& client, const std::string& query) {
  QueryParameters parameters;
  parameters.consistency = Consistency::one;  // what this node knows
  const Response response = client.request(Opcode::query, query_body(query, parameters),
                                           steady_clock::now() + options_.request_timeout);
  if (const auto* error = std::get_if<ServerError>(&response.body))
    throw error_of(*error, Statement{query, {}, {}, {}});
  Rows result;
  if (const auto* found = std::get_if<RowsResult>(&response.body))
    each_row(*found, [&](Row&& row) { result.push_back(std::move(row)); });
  return result;
}

/// system.peers_v2 came with Cassandra 4.0; ScyllaDB and older versions have system.peers, which
/// knows no ports.
std::vector<Node> Cluster::nodes() {
  std::vector<Node> result;
  for (const Row& row : rows(client_, "SELECT * FROM system.local")) {
    result.push_back({client_.host(), text_of(row, "data_center"), text_of(row, "schema_version"),
                      text_of(row, "release_version"), true});
  }
  Rows peers;
  try {
    peers = rows(client_, "SELECT * FROM system.peers_v2");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::schema) throw;
    peers = rows(client_, "SELECT * FROM system.peers");
  }
  for (const Row& row : peers) {
    Node node;
    node.host.name = text_of(row, row.has("native_address") ? "native_address" : "rpc_address");
    // A node that listens on every address tells none that leads to it.
    if (node.host.name.empty() || node.host.name == "0.0.0.0" || node.host.name == "::")
      node.host.name = text_of(row, "peer");
    node.host.port = client_.host().port;
    if (row.has("native_port") && !row["native_port"].is_null())
      node.host.port = row.get<int>("native_port");
    node.data_center = text_of(row, "data_center");
    node.schema_version = text_of(row, "schema_version");
    node.version = text_of(row, "release_version");
    node.complete = !node.schema_version.empty() && !text_of(row, "tokens").empty();
    result.push_back(std::move(node));
  }
  return result;
}

/// Who gives no answer is asked again: a node that collects garbage stands still for seconds. A
/// host that refuses the connection has no node that runs.
bool Cluster::reachable(const Url::Host& host) {
  constexpr int most_looks = 4;
  for (int look = 1;; ++look) {
    try {
      open_(host, steady_clock::now() + look_timeout);
      return true;
    } catch (const Error& error) {
      if (error.code() != "no answer" || look == most_looks) return false;
    }
  }
}

/// Those that this node believes to have another schema, asked themselves: what it knows of them
/// comes by gossip, seconds late.
std::vector<Cluster::Disagreeing> Cluster::disagreeing() {
  const std::vector<Node> all = nodes();
  std::vector<Disagreeing> result;
  for (const Node& node : all) {
    if (node.schema_version == all.front().schema_version) continue;
    // One that joins takes no sessions yet, and gets the schema as a part of joining.
    if (!node.complete && options_.moving_nodes) continue;
    std::string version;
    bool reached = true;
    try {
      const auto client = open_(node.host, steady_clock::now() + look_timeout);
      for (const Row& row : rows(*client, "SELECT schema_version FROM system.local"))
        version = text_of(row, "schema_version");
    } catch (const Error&) {
      reached = false;
    }
    if (version != all.front().schema_version) result.push_back({to_string(node.host), reached});
  }
  return result;
}

void Cluster::await_agreement() {
  const auto begun = steady_clock::now();
  milliseconds pause{10};
  std::set<std::string> told;
  for (;;) {
    std::vector<std::string> waiting;
    bool unreachable = false;
    for (const Disagreeing& node : disagreeing()) {
      if (!node.reachable && options_.agreement == AgreementPolicy::live) {
        if (told.insert(node.name).second)
          warn_("node " + node.name +
                " cannot be reached; it gets the new definitions when it is back");
        continue;
      }
      unreachable = unreachable || !node.reachable;
      waiting.push_back(node.name + (node.reachable ? "" : " (cannot be reached)"));
    }
    if (waiting.empty()) return;
    const auto waited = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    if (waited >= options_.agreement_timeout) {
      Error error(ErrorKind::timeout,
                  "the nodes do not agree on the schema after " +
                      format_duration(static_cast<double>(waited.count()) / 1000) +
                      "; others have: " + listed(waiting));
      error.with_code("no agreement");
      if (unreachable)
        error.suggest(
            "start the nodes that are down, or write agreement=live into the URL to go on without "
            "them");
      throw error.suggest("nodetool describecluster shows who has which schema")
          .suggest("wait longer with agreement-timeout=… in the URL");
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, milliseconds(500));
  }
}

/// Cassandra (since 4.1) and ScyllaDB tell in a virtual table what gossip says; otherwise a node
/// without tokens or schema is one that is on its way in.
std::vector<std::string> Cluster::moving(const std::vector<Node>& nodes, bool& told) {
  std::vector<std::string> result;
  for (const Node& node : nodes) {
    if (!node.complete) result.push_back(to_string(node.host) + " (joins)");
  }
  const auto status_of = [&](const char* query, const char* address) {
    try {
      for (const Row& row : rows(client_, query)) {
        // Since Cassandra 4.0 nodes tell each other the one with a port alone.
        std::string status = to_upper(text_of(row, "status_with_port"));
        if (status.empty()) status = to_upper(text_of(row, "status"));
        for (const std::string_view sign :
             {"BOOT", "LEAVING", "MOVING", "REMOVING", "JOIN", "UL", "UJ", "UM"}) {
          if (!status.starts_with(sign)) continue;
          const std::string word = to_lower(status.substr(0, status.find(',')));
          result.push_back(text_of(row, address) +
                           (word.starts_with("boot") ? " (joins)" : " (" + word + ")"));
          break;
        }
      }
      return true;
    } catch (const Error& error) {
      // This version has no such table, or the role may not read it.
      if (error.kind() != ErrorKind::schema && error.kind() != ErrorKind::permission) throw;
      return false;
    }
  };
  told = status_of("SELECT * FROM system_views.gossip_info", "address") ||
         status_of("SELECT peer, status FROM system.cluster_status", "peer");
  return result;
}

std::vector<std::string> Cluster::down(const std::vector<Node>& nodes) {
  std::vector<std::string> result;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (nodes[i].complete && !reachable(nodes[i].host)) result.push_back(to_string(nodes[i].host));
  }
  return result;
}

void Cluster::require_steady() {
  const std::vector<Node> all = nodes();
  const std::vector<std::string> lost = down(all);
  if (!lost.empty() && options_.agreement == AgreementPolicy::all) {
    throw Error(ErrorKind::refused, "not every node of the cluster can be reached: " + listed(lost))
        .with_state("nothing was run")
        .suggest("start them, or repair the network between here and them")
        .suggest(
            "or write agreement=live into the URL: they get the new definitions when they are "
            "back");
  }
  if (!lost.empty()) warn_("goes on without " + listed(lost) + ", which cannot be reached");
  if (options_.moving_nodes) return;
  bool told = false;
  if (const std::vector<std::string> names = moving(all, told); !names.empty()) {
    throw Error(ErrorKind::refused, "nodes of the cluster join, leave or move: " + listed(names))
        .with_state("nothing was run")
        .suggest(
            "wait until nodetool status shows UN for every node; a join that failed is remembered "
            "for a day, until nodetool assassinate HOST")
        .suggest("or write moving-nodes=allow into the URL");
  }
}

ClusterView Cluster::view() {
  ClusterView result;
  result.nodes = nodes();
  result.down = down(result.nodes);
  result.moving = moving(result.nodes, result.moving_told);
  for (const Disagreeing& node : disagreeing()) {
    if (node.reachable) result.disagreeing.push_back(node.name);
  }
  return result;
}

void Cluster::on_each(const std::function<void(Client&)>& ask) {
  const std::vector<Node> all = nodes();
  ask(client_);
  for (std::size_t i = 1; i < all.size(); ++i) {
    std::unique_ptr<Client> other;
    try {
      other = open_(all[i].host, steady_clock::now() + look_timeout);
    } catch (const Error&) {
      continue;  // require_steady() has spoken about it
    }
    ask(*other);
  }
}

/// now() is the clock of the node that answers; its milliseconds were in the middle between
/// question and answer. The first question is lost to warming up.
std::vector<NodeClock> Cluster::clocks() {
  using seconds = std::chrono::duration<double>;
  std::vector<NodeClock> result;
  on_each([&](Client& client) {
    NodeClock clock{to_string(client.host()), 0, 0};
    for (int i = 0; i < 2; ++i) {
      const seconds before = std::chrono::system_clock::now().time_since_epoch();
      const Rows found = rows(client, "SELECT toUnixTimestamp(now()) FROM system.local");
      const seconds after = std::chrono::system_clock::now().time_since_epoch();
      if (found.empty()) return;
      clock.doubt = (after - before).count() / 2;
      clock.ahead = static_cast<double>(found.front().get<std::int64_t>(0)) / 1000 -
                    (before.count() + clock.doubt);
    }
    result.push_back(std::move(clock));
  });
  return result;
}

std::vector<std::pair<std::string, std::string>> Cluster::ask_each(const std::string& query) {
  std::vector<std::pair<std::string, std::string>> result;
  on_each([&](Client& client) {
    const Rows found = rows(client, query);
    result.emplace_back(to_string(client.host()),
                        found.empty() ? "" : detail::to_text(found.front()[std::size_t{0}], {}));
  });
  return result;
}

}  // namespace sterna::cql
