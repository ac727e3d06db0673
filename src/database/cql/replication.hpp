// Where a keyspace's rows lie, as system_schema.keyspaces tells it. Shown by inspect, judged by
// doctor; belongs to the operators, so that nothing here alters it.
#pragma once

#include <map>
#include <string>

namespace sterna::cql {

struct Replication {
  std::map<std::string, std::string> map;  ///< class, and replicas by data centre
  bool durable_writes = true;
  /// The class without the server's own package: "SimpleStrategy".
  std::string strategy() const;
  /// "NetworkTopologyStrategy, dc1: 3".
  std::string text() const;
};

}  // namespace sterna::cql
