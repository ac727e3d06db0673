// What doctor says of a cluster, as pure functions of what was seen there.
#pragma once

#include "database/connection.hpp"
#include "database/cql/cluster.hpp"
#include "database/cql/replication.hpp"
#include "database/cql/url_options.hpp"

#include <string>
#include <vector>

namespace sterna::cql {

ServerFinding nodes_finding(const ClusterView& view, const UrlOptions& options);
ServerFinding versions_finding(const ClusterView& view);
ServerFinding agreement_finding(const ClusterView& view);
/// Whose clock is off decides which of two writes wins (every cell has a timestamp).
ServerFinding clocks_finding(const std::vector<NodeClock>& clocks);
/// Whether the keyspace has as many replicas as its data centres have nodes for, and what happens
/// when one is lost.
ServerFinding replication_finding(const std::string& keyspace, const Replication& replication,
                                  const std::vector<Node>& nodes);

}  // namespace sterna::cql
