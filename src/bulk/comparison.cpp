#include "bulk/comparison.hpp"

#include <utility>

namespace sterna::bulk {
namespace {

/// A range that is read locks nothing; it only should not take long enough to keep old versions of
/// rows alive.
constexpr std::int64_t rows_at_once = 50'000;

Walk walk(Connection& connection, const BulkWords& words, const model::Name& table,
          const std::vector<std::string>& key, const std::vector<model::Type>& types) {
  const std::string text = connection.dialect().quote(table);
  return {connection, words, text, text, key, types};
}

std::vector<std::string> renamed(const std::vector<std::string>& key,
                                 const std::function<std::string(const std::string&)>& new_name) {
  std::vector<std::string> names;
  for (const std::string& column : key) names.push_back(new_name(column));
  return names;
}

}  // namespace

Comparison::Comparison(Connection& connection, const ShadowWords& shadow_words,
                       const BulkWords& bulk_words, const Shadow& shadow,
                       const std::function<std::string(const std::string&)>& new_name)
    : connection_(connection),
      words_(shadow_words),
      shadow_(shadow),
      table_(walk(connection, bulk_words, shadow.table, shadow.key, shadow.key_types)),
      copy_(walk(connection, bulk_words, shadow.fresh, renamed(shadow.key, new_name),
                 shadow.key_types)) {}

BothSums Comparison::sums(const KeyRange& range) {
  connection_.execute(words_.begin_snapshot());
  BothSums both{words_.sums(connection_, shadow_, false, of_table(range)),
                words_.sums(connection_, shadow_, true, of_copy(range))};
  connection_.rollback();
  return both;
}

void Comparison::rest(std::optional<Place> after,
                      const std::function<void(const KeyRange&)>& visit) {
  const std::optional<Place> last = table_.last();
  if (last && (!after || *after != *last)) until(std::move(after), *last, visit);
}

void Comparison::until(std::optional<Place> after, const Place& end,
                       const std::function<void(const KeyRange&)>& visit) {
  while (!after || *after != end) {
    const KeyRange range{after, table_.next(after, end, rows_at_once, {})};
    visit(range);
    after = range.to;
  }
}

ComparisonBeside::ComparisonBeside(std::unique_ptr<Connection> connection,
                                   const ShadowWords& shadow_words, const BulkWords& bulk_words,
                                   const Shadow& shadow,
                                   const std::function<std::string(const std::string&)>& new_name)
    : connection_(std::move(connection)),
      comparison_(*connection_, shadow_words, bulk_words, shadow, new_name),
      thread_([this] { work(); }) {}

ComparisonBeside::~ComparisonBeside() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ComparisonBeside::copied(Place to, std::int64_t rows) {
  {
    const std::lock_guard lock(mutex_);
    if (abandoned_) return;
    // Small batches are compared together.
    if (!waiting_.empty() && waiting_.back().rows + rows <= rows_at_once) {
      waiting_.back().to = std::move(to);
      waiting_.back().rows += rows;
    } else {
      waiting_.push_back({std::move(to), rows});
    }
  }
  changed_.notify_all();
}

std::vector<KeyRange> ComparisonBeside::differing() {
  const std::lock_guard lock(mutex_);
  return std::exchange(differing_, {});
}

std::optional<Place> ComparisonBeside::finish() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  return compared_;
}

/// Waits until there is enough for a range, or no more comes.
std::optional<ComparisonBeside::Copied> ComparisonBeside::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return abandoned_ || ended_ ||
           (!waiting_.empty() &&
            (waiting_.size() > 1 || waiting_.front().rows >= rows_at_once / 2));
  });
  if (abandoned_ || waiting_.empty()) return std::nullopt;
  Copied next = std::move(waiting_.front());
  waiting_.pop_front();
  return next;
}

// What fails here is not lost: the caller compares what lies behind `compared_` on its own session.
void ComparisonBeside::work() {
  try {
    while (std::optional<Copied> next = take()) {
      const auto look = [&](const KeyRange& range) {
        const bool same = comparison_.sums(range).same();
        const std::lock_guard lock(mutex_);
        if (!same) differing_.push_back(range);
        compared_ = range.to;
      };
      if (next->rows <= 2 * rows_at_once)
        look({compared_, next->to});
      else
        comparison_.until(compared_, next->to, look);
    }
  } catch (const std::exception&) {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
  }
}

}  // namespace sterna::bulk
