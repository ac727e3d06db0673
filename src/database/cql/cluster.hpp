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
  std::string data_center, schema_version;
  bool complete = false;  ///< it owns tokens and has told its schema: not one that is about to join
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
  /// The value of a query with one column and one row on each node that can be reached, with the
  /// node's name; empty where there is no row.
  std::vector<std::pair<std::string, std::string>> ask_each(const std::string& query);

 private:
  struct Disagreeing {
    std::string name;
    bool reachable = true;
  };
  std::vector<Disagreeing> disagreeing();
  std::vector<std::string> moving(const std::vector<Node>& nodes);
  Rows rows(Client& client, const std::string& query);
  bool reachable(const Url::Host& host);

  Client& client_;
  const UrlOptions& options_;
  Open open_;
  Warn warn_;
};

}  // namespace sterna::cql
