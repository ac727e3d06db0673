// The primary key of a CQL table: which columns make the partition key, which the clustering key,
// and in which order rows lie. One reading of the three fields of model::Table that say it; used by
// rendering, refusals and diff. Knows no server.
#pragma once

#include <string>
#include <vector>

#include "model/model.hpp"

namespace sterna::cql {

struct Keys {
  std::vector<std::string> partition;
  struct Clustering {
    std::string column;
    bool descending = false;
    bool operator==(const Clustering&) const = default;
  };
  std::vector<Clustering> clustering;

  bool holds(const std::string& column) const;
  /// `PRIMARY KEY (("a", "b"), "c")`, each name quoted by CQL's rules.
  std::string text() const;
  /// `CLUSTERING ORDER BY ("c" DESC)`; empty when all ascend.
  std::string order() const;
  bool operator==(const Keys&) const = default;
};

/// From `partition_key` and `clustering_key` where they are given; else from `primary_key` as CQL
/// reads PRIMARY KEY (a, b, c): the first column is the partition key, the others cluster.
Keys keys_of(const model::Table& table);
/// Writes them back: all three fields as an inspector gives them.
void set_keys(model::Table& table, const Keys& keys);

}  // namespace sterna::cql
