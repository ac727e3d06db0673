#include "database/cql/workers.hpp"

#include "database/cql/connection.hpp"
#include "database/cql/errors.hpp"

#include <algorithm>

namespace sterna::cql {

RangeWorkers::RangeWorkers(CqlConnection& connection, int sessions, std::size_t ranges, Work work)
    : connection_(connection),
      hosts_(connection.hosts()),
      ranges_(ranges),
      work_(std::move(work)),
      cancellations_(connection.cancellations()) {
  const std::size_t count = std::min(ranges, static_cast<std::size_t>(std::clamp(sessions, 1, 64)));
  clients_.resize(count);
  working_ = count;
  for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this, i] { work_through(i); });
}

RangeWorkers::~RangeWorkers() {
  stop();
  for (std::thread& thread : threads_) thread.join();
}

void RangeWorkers::stop() noexcept {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  for (const auto& client : clients_)
    if (client) client->interrupt();
}

bool RangeWorkers::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, most, [&] { return working_ == 0 || failure_; });
  return working_ > 0;
}

void RangeWorkers::check() {
  if (connection_.cancellations() != cancellations_) {
    stop();
    throw Error(ErrorKind::timeout, "the work was interrupted").with_code("interrupted");
  }
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
}

/// Called by the thread of this number alone; the others only interrupt.
void RangeWorkers::open(std::size_t number, int attempt) {
  std::unique_ptr<Client> client = connection_.session_with(
      hosts_[(number + static_cast<std::size_t>(attempt)) % hosts_.size()]);
  const std::lock_guard lock(mutex_);
  clients_[number] = std::move(client);
  if (stopping_) clients_[number]->interrupt();
}

void RangeWorkers::work_through(std::size_t number) {
  try {
    for (;;) {
      const std::size_t range = next_++;
      if (range >= ranges_ || stopping_) break;
      for (int attempt = 0; once_more(number, range, attempt); ++attempt) {
      }
    }
  } catch (...) {
    {
      const std::lock_guard lock(mutex_);
      if (!failure_ && !stopping_) failure_ = std::current_exception();
    }
    stop();
  }
  const std::lock_guard lock(mutex_);
  --working_;
  ended_.notify_all();
}

/// False when the range is done.
bool RangeWorkers::once_more(std::size_t number, std::size_t range, int attempt) {
  constexpr int most_tries = 10;
  try {
    if (!clients_[number] || !clients_[number]->open()) open(number, attempt);
    work_({*clients_[number], range, attempt, stopping_, connection_.settings().request_timeout});
    return false;
  } catch (const Error& error) {
    if (stopping_ || !passes(error) || attempt + 1 >= most_tries) throw;
  }
  {
    const std::lock_guard lock(mutex_);
    clients_[number].reset();  // answers may still be due
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50 << std::min(attempt, 5)));
  return true;
}

}  // namespace sterna::cql
