// What one node knows of the others, and what they say themselves: who is there, who joins or
// leaves, and whether all have the same schema. Used by the connection after each definition and by
// the lock before a run.
#pragma once

#include "database/cql/client.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sterna::cql {

struct Node {
  Url::Host host;
  std::string data_center, schema_version, version;
  bool complete = false;  ///< it owns tokens and has told its schema: not one that is about to join
};

/// What doctor looks at: names of nodes that cannot be reached, that join, leave or move ("HOST
/// (joins)"), and that have another schema than the first of `nodes`.
struct ClusterView {
  std::vector<Node> nodes;
  std::vector<std::string> down, moving, disagreeing;
  bool moving_told = true;
};

struct NodeClock {
  std::string node;
  double ahead = 0;  ///< of this machine's, seconds
  double doubt = 0;  ///< half of what the question took on its way
};

/// The cluster as seen through one node, and ways to the others.
class Cluster {
 public:
  using Open = std::function<std::unique_ptr<Client>(const Url::Host&, Deadline)>;
  using Warn = std::function<void(std::string_view)>;
  Cluster(Client& client, const UrlOptions& options, Open open, Warn warn)
      : client_(client), options_(options), open_(std::move(open)), warn_(std::move(warn)) {}

  /// The node that is spoken to comes first.
  std::vector<Node> nodes();
  /// Waits until every node, or every one that can be reached, has the same schema. @throws
  /// Error(timeout) that names those that have not; Error(timeout) when interrupted.
  void await_agreement();
  /// @throws Error(refused) that names nodes that cannot be reached, join, leave or move, unless
  /// the URL allows them.
  void require_steady();
  /// Waits for nothing and refuses nothing.
  ClusterView view();
  /// Of each node that can be reached.
  std::vector<NodeClock> clocks();
  /// The value of a query with one column and one row on each node that can be reached, with the
  /// node's name; empty where there is no row.
  std::vector<std::pair<std::string, std::string>> ask_each(const std::string& query);

 private:
  struct Disagreeing {
    std::string name;
    bool reachable = true;
  };
  std::vector<Disagreeing> disagreeing();
  std::vector<std::string> down(const std::vector<Node>& nodes);
  /// `told`: whether the server says of each node what it is about.
  std::vector<std::string> moving(const std::vector<Node>& nodes, bool& told);
  /// On the node that is spoken to, then on each other that can be reached.
  void on_each(const std::function<void(Client&)>& ask);
  Rows rows(Client& client, const std::string& query);
  bool reachable(const Url::Host& host);

  Client& client_;
  const UrlOptions& options_;
  Open open_;
  Warn warn_;
};

}  // namespace sterna::cql
