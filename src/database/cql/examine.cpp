#include "database/cql/examine.hpp"

#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/inspect_reading.hpp"
#include "database/cql/scratch.hpp"
#include "database/scratch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace sterna::cql {
namespace {

using Result = ServerFinding::Result;

/// "3", and "3/1" of which one is transient.
int replicas(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string listed(const std::set<std::string>& names) {
  return join(std::vector<std::string>(names.begin(), names.end()), ", ");
}

std::map<std::string, int> by_data_center(const std::vector<Node>& nodes) {
  std::map<std::string, int> result;
  for (const Node& node : nodes) ++result[node.data_center];
  return result;
}

struct Troubles {
  std::vector<std::string> texts;
  Result worst = Result::good;
  void add(Result result, std::string text) {
    worst = std::max(worst, result);
    texts.push_back(std::move(text));
  }
};

/// What `count` replicas on `nodes` nodes mean for runs.
void look_at_replicas(Troubles& troubles, const std::string& where, int count, int nodes) {
  const int quorum = count / 2 + 1;
  if (nodes < quorum) {
    troubles.add(Result::bad, fmt::format("{} has {} node(s) for {} replicas: no quorum can be "
                                          "reached, and no run can write its history",
                                          where, nodes, count));
  } else if (nodes < count) {
    troubles.add(Result::warning,
                 fmt::format("{} has {} node(s) for {} replicas", where, nodes, count));
  } else if (nodes > 1 && count - quorum == 0) {
    troubles.add(Result::warning,
                 fmt::format("with {} replica(s) in {} a node that is down takes rows and history "
                             "away; 3 survive one",
                             count, where));
  }
}

/// The rights that a run may need on its keyspace.
constexpr std::string_view needed_rights[] = {"CREATE", "ALTER", "DROP", "SELECT", "MODIFY"};

ServerFinding rights_finding(CqlConnection& connection) {
  const std::string& user = connection.url().user;
  const std::string role = connection.dialect().literal(Value(user));
  if (user.empty()) return {"rights", "no user in the URL"};
  try {
    for (const Row& row : connection.query("LIST ROLES OF " + role)) {
      if (row.get<bool>("super")) return {"rights", "all: " + user + " is a superuser"};
    }
    std::set<std::string> missing(std::begin(needed_rights), std::end(needed_rights));
    const std::string own = "<keyspace " + connection.keyspace() + ">";
    for (const Row& row : connection.query("LIST ALL PERMISSIONS OF " + role)) {
      const auto resource = row.get<std::string>("resource");
      if (resource == own || resource == "<all keyspaces>")
        missing.erase(row.get<std::string>("permission"));
    }
    if (missing.empty()) return {"rights", "all that runs need on " + connection.keyspace()};
    const std::string lacking = listed(missing);
    return {"rights",
            fmt::format("{} lacks {} on keyspace {}: what others made there cannot be changed",
                        user, lacking, connection.keyspace()),
            Result::warning};
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::connection) throw;
    return {"rights", "not told by this server: " + std::string(error.what())};
  }
}

/// An index that was not built to its end finds some rows only. Cassandra notes those that were, on
/// each node for itself.
std::vector<std::string> unbuilt_indexes(CqlConnection& connection) {
  if (is_scylla(connection.server())) return {};
  const std::string keyspace = connection.dialect().literal(Value(connection.keyspace()));
  std::set<std::string> built;
  try {
    for (const Row& row : connection.query(
             "SELECT index_name FROM system.\"IndexInfo\" WHERE table_name = " + keyspace))
      built.insert(row.get<std::string>(0));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::permission) throw;
    return {};  // this role may not see it
  }
  std::vector<std::string> result;
  for (const Row& row : connection.query(
           "SELECT table_name, index_name FROM system_schema.indexes WHERE keyspace_name = " +
           keyspace)) {
    const auto index = row.get<std::string>(1);
    if (!built.contains(index))
      result.push_back(fmt::format("index {} of {} is not built on {} (nodetool rebuild_index)",
                                   index, row.get<std::string>(0), to_string(connection.host())));
  }
  return result;
}

}  // namespace

ServerFinding nodes_finding(const ClusterView& view, const UrlOptions& options) {
  const auto plural = [](std::size_t count) { return count == 1 ? " node" : " nodes"; };
  std::vector<std::string> centers;
  for (const auto& [name, count] : by_data_center(view.nodes))
    centers.push_back(fmt::format("{} in {}", count, name.empty() ? "no data centre" : name));
  Troubles troubles;
  if (!view.down.empty()) {
    const bool refused = options.agreement == AgreementPolicy::all;
    troubles.add(refused ? Result::bad : Result::warning,
                 join(view.down, ", ") + " cannot be reached" +
                     (refused ? ": runs refuse to begin (agreement=live goes on without)" : ""));
  }
  if (!view.moving.empty())
    troubles.add(options.moving_nodes ? Result::warning : Result::bad,
                 join(view.moving, ", ") +
                     (options.moving_nodes ? "" : ": runs refuse to begin until that is over"));
  if (!view.moving_told && view.nodes.size() > 1)
    troubles.add(Result::warning,
                 "whether nodes join or leave is not told to this role or by this "
                 "version: have a look at nodetool status before a run");
  std::string text = std::to_string(view.nodes.size()) + plural(view.nodes.size()) + " (" +
                     join(centers, ", ") + ")";
  text += troubles.texts.empty() ? ", all reachable" : "; " + join(troubles.texts, "; ");
  return {"nodes", text, troubles.worst};
}

ServerFinding versions_finding(const ClusterView& view) {
  std::set<std::string> versions;
  for (const Node& node : view.nodes) {
    if (!node.version.empty()) versions.insert(node.version);
  }
  const std::string text = listed(versions);
  if (versions.size() < 2) return {"versions of the nodes", text};
  return {"versions of the nodes",
          text + ": while a cluster is being upgraded, definitions may not reach all of it",
          Result::warning};
}

ServerFinding agreement_finding(const ClusterView& view) {
  if (view.disagreeing.empty()) return {"schema agreement", "all nodes have the same schema"};
  return {"schema agreement",
          join(view.disagreeing, ", ") + " has another schema than " +
              to_string(view.nodes.front().host) + " (nodetool describecluster)",
          Result::bad};
}

ServerFinding clocks_finding(const std::vector<NodeClock>& clocks) {
  constexpr double tolerated = 0.5;  // seconds; NTP keeps to some milliseconds
  if (clocks.empty()) return {"clocks", "not told"};
  const auto [slowest, fastest] =
      std::minmax_element(clocks.begin(), clocks.end(),
                          [](const NodeClock& a, const NodeClock& b) { return a.ahead < b.ahead; });
  Troubles troubles;
  const double apart = fastest->ahead - slowest->ahead;
  const double doubt = fastest->doubt + slowest->doubt;
  if (apart - doubt > tolerated)
    troubles.add(Result::warning,
                 fmt::format("{} is {:.1f} s ahead of {}: of two writes the later one can lose",
                             fastest->node, apart, slowest->node));
  const double here =
      std::fabs(slowest->ahead) > std::fabs(fastest->ahead) ? slowest->ahead : fastest->ahead;
  constexpr double tolerated_here = 2;  // as on the other databases
  if (std::fabs(here) > tolerated_here)
    troubles.add(Result::warning, fmt::format("up to {:.0f} s {} this machine's", std::fabs(here),
                                              here > 0 ? "ahead of" : "behind"));
  if (!troubles.texts.empty()) return {"clocks", join(troubles.texts, "; "), troubles.worst};
  return {"clocks", clocks.size() == 1 ? "as here" : "the same on all nodes, and as here"};
}

ServerFinding replication_finding(const std::string& keyspace, const Replication& replication,
                                  const std::vector<Node>& nodes) {
  const std::map<std::string, int> centers = by_data_center(nodes);
  Troubles troubles;
  if (replication.strategy() == "SimpleStrategy") {
    const auto factor = replication.map.find("replication_factor");
    if (factor != replication.map.end())
      look_at_replicas(troubles, "the cluster", replicas(factor->second),
                       static_cast<int>(nodes.size()));
    if (centers.size() > 1)
      troubles.add(Result::warning, "SimpleStrategy knows no data centres, and there are " +
                                        std::to_string(centers.size()));
  } else if (replication.strategy() == "NetworkTopologyStrategy") {
    for (const auto& [name, count] : replication.map) {
      if (name == "class") continue;
      const auto there = centers.find(name);
      if (there == centers.end())
        troubles.add(Result::warning, "there is no node in the data centre " + name);
      else
        look_at_replicas(troubles, name, replicas(count), there->second);
    }
    const std::string& own = nodes.front().data_center;
    if (!replication.map.contains(own))
      troubles.add(Result::bad, own +
                                    ", which the URL leads to, has no replicas: local_quorum "
                                    "cannot be reached there");
  }
  if (!replication.durable_writes)
    troubles.add(Result::warning,
                 "without durable_writes a crash loses what was not flushed, the "
                 "history included");
  const std::string name = "replication of " + keyspace;
  return {name,
          replication.text() + (troubles.texts.empty() ? "" : "; " + join(troubles.texts, "; ")),
          troubles.worst};
}

std::vector<ServerFinding> CqlConnection::examine() {
  Cluster seen = cluster();
  const ClusterView view = seen.view();
  std::vector<ServerFinding> findings{nodes_finding(view, settings_), versions_finding(view),
                                      agreement_finding(view), clocks_finding(seen.clocks())};
  if (keyspace().empty()) return findings;
  const KeyspaceReading reading{*this, {}, {}, {}, {}};
  for (const SystemRow& row : reading.all_rows("system_schema.keyspaces")) {
    if (row.text("keyspace_name") != keyspace()) continue;
    findings.push_back(replication_finding(
        keyspace(), {row.map("replication"), row.flag("durable_writes")}, view.nodes));
  }
  findings.push_back(rights_finding(*this));
  return findings;
}

std::vector<std::string> CqlConnection::leftovers() {
  std::vector<std::string> result;
  const KeyspaceReading reading{*this, {}, {}, {}, {}};
  for (const SystemRow& row : reading.all_rows("system_schema.keyspaces")) {
    const std::string name = row.text("keyspace_name");
    if (is_orphaned_scratch(name))
      result.push_back("keyspace " + name +
                       " of a run that died (the next one that needs a "
                       "scratch keyspace drops it)");
  }
  if (keyspace().empty()) return result;
  for (const Row& row : query("SELECT table_name FROM system_schema.tables WHERE keyspace_name = " +
                              dialect().literal(Value(keyspace())))) {
    const auto table = row.get<std::string>(0);
    if (table.starts_with(copy_prefix))
      result.push_back("table " + table +
                       ": a table that was being made anew; the same `schema apply` goes on there");
  }
  for (std::string& index : unbuilt_indexes(*this)) result.push_back(std::move(index));
  return result;
}

}  // namespace sterna::cql
