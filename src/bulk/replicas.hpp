// Replicas that somebody named, because their primary does not know how far they are behind. Asked
// between batches.
#pragma once

#include "bulk/host.hpp"
#include "database/bulk.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sterna::bulk {

class Replicas {
 public:
  Replicas(const std::vector<std::string>& urls, const BulkWords& words);

  bool any() const noexcept { return !sessions_.empty(); }
  /// Why to wait: one is more than `most` seconds behind, has stopped, or does not answer. Empty:
  /// there is no reason.
  /// @throws Error before the first answer of all of them: when one cannot be reached or is none.
  std::string behind(double most);

 private:
  struct Session {
    Url url;
    std::unique_ptr<Connection> connection;
    bool known = false;  ///< it has answered once
  };
  std::string ask(Session& session, double most);

  const BulkWords& words_;
  std::vector<Session> sessions_;
};

}  // namespace sterna::bulk
