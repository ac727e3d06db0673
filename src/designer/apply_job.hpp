// A run of the pending migrations beside the requests: started, watched and cancelled through the
// API, where --allow-apply was given. One at a time. Used by the routes.
#pragma once

#include "migration/engine.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sterna::designer {

class ApplyJob {
 public:
  ApplyJob() = default;
  ~ApplyJob();  ///< cancels and waits
  ApplyJob(const ApplyJob&) = delete;
  ApplyJob& operator=(const ApplyJob&) = delete;

  /// False while another run goes on.
  bool start(std::unique_ptr<MigrationEngine> engine);
  /// Statements are stopped on the server, the transaction is rolled back.
  void cancel();
  /// {"state": "idle|running|done|failed", "events": […], "applied": […], "error": {…}}
  std::string json();

 private:
  void run();
  void note(const Event& event);

  std::mutex mutex_;
  std::unique_ptr<MigrationEngine> engine_;
  std::thread thread_;
  std::string state_ = "idle", error_;
  std::vector<std::string> events_, applied_;
};

}  // namespace sterna::designer
