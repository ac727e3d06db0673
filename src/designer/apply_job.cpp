#include "designer/apply_job.hpp"

#include "base/text.hpp"
#include "designer/answer.hpp"

namespace sterna::designer {
namespace {

constexpr std::size_t most_events = 2000;

std::string list_of(const std::vector<std::string>& items) { return "[" + join(items, ",") + "]"; }

}  // namespace

ApplyJob::~ApplyJob() {
  cancel();
  if (thread_.joinable()) thread_.join();
}

bool ApplyJob::start(std::unique_ptr<MigrationEngine> engine) {
  const std::lock_guard lock(mutex_);
  if (state_ == "running") return false;
  if (thread_.joinable()) thread_.join();
  engine_ = std::move(engine);
  state_ = "running";
  error_.clear();
  events_.clear();
  applied_.clear();
  engine_->on_event([this](const Event& event) { note(event); });
  thread_ = std::thread([this] { run(); });
  return true;
}

void ApplyJob::cancel() {
  const std::lock_guard lock(mutex_);
  if (state_ == "running") engine_->stop().request();
}

void ApplyJob::run() {
  std::string state = "done", error;
  std::vector<std::string> applied;
  try {
    for (const AppliedMigration& migration : engine_->up({}).applied)
      applied.push_back(json_text(migration.id()));
  } catch (const Error& failed) {
    state = "failed";
    error = error_json(failed);
  } catch (const std::exception& failed) {
    state = "failed";
    error = error_json(Error(ErrorKind::internal, failed.what()));
  }
  const std::lock_guard lock(mutex_);
  state_ = std::move(state);
  error_ = std::move(error);
  applied_ = std::move(applied);
}

void ApplyJob::note(const Event& event) {
  const std::lock_guard lock(mutex_);
  if (events_.size() >= most_events) return;
  std::string json =
      "{\"kind\":" + json_text(to_string(event.kind)) +
      ",\"migration\":" + json_text(event.migration) + ",\"index\":" + std::to_string(event.index) +
      ",\"count\":" + std::to_string(event.count) + ",\"text\":" + json_text(event.text) +
      ",\"microseconds\":" + std::to_string(event.duration.count()) + "}";
  events_.push_back(std::move(json));
}

std::string ApplyJob::json() {
  const std::lock_guard lock(mutex_);
  return "{\"state\":" + json_text(state_) + ",\"events\":" + list_of(events_) +
         ",\"applied\":" + list_of(applied_) +
         (error_.empty() ? std::string() : ",\"error\":" + error_) + "}";
}

}  // namespace sterna::designer
