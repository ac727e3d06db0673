// Whether the copy of a table holds what the table does, range by range, both seen in one moment:
// what triggers bring is in both. Beside the copying, on a session and a thread of its own, or
// behind it.
#pragma once

#include "bulk/walk.hpp"
#include "database/shadow.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sterna::bulk {

struct KeyRange {
  std::optional<Place> after;
  Place to;
};

/// What each side holds of a range.
struct BothSums {
  RangeSums table, copy;
  bool same() const { return table == copy; }
};

class Comparison {
 public:
  Comparison(Connection& connection, const ShadowWords& shadow_words, const BulkWords& bulk_words,
             const Shadow& shadow, const std::function<std::string(const std::string&)>& new_name);

  BothSums sums(const KeyRange& range);
  /// From behind `after` to the last row there is now; `visit` sees each range.
  void rest(std::optional<Place> after, const std::function<void(const KeyRange&)>& visit);
  /// The same up to `end`.
  void until(std::optional<Place> after, const Place& end,
             const std::function<void(const KeyRange&)>& visit);
  /// The condition for a range of the table, and of the copy.
  std::string of_table(const KeyRange& range) const { return table_.range(range.after, range.to); }
  std::string of_copy(const KeyRange& range) const { return copy_.range(range.after, range.to); }

 private:
  Connection& connection_;
  const ShadowWords& words_;
  const Shadow& shadow_;
  Walk table_, copy_;
};

/// Compares what has been copied while the copying goes on.
class ComparisonBeside {
 public:
  /// `connection` belongs to the thread from now on; the rest must outlive it.
  ComparisonBeside(std::unique_ptr<Connection> connection, const ShadowWords& shadow_words,
                   const BulkWords& bulk_words, const Shadow& shadow,
                   const std::function<std::string(const std::string&)>& new_name);
  ~ComparisonBeside();
  ComparisonBeside(const ComparisonBeside&) = delete;
  ComparisonBeside& operator=(const ComparisonBeside&) = delete;

  /// Everything up to `to` is in the copy, about `rows` more than before. Nothing of the table is
  /// said when it waits too long: it goes on where it is.
  void copied(Place to, std::int64_t rows);
  /// Ranges that differ, of those compared since the last call.
  std::vector<KeyRange> differing();
  /// Waits for the end. How far it came; what lies behind is to be compared by the caller.
  std::optional<Place> finish();

 private:
  struct Copied {
    Place to;
    std::int64_t rows;
  };
  void work();
  std::optional<Copied> take();

  std::unique_ptr<Connection> connection_;
  Comparison comparison_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Copied> waiting_;
  std::vector<KeyRange> differing_;
  std::optional<Place> compared_;
  bool ended_ = false, abandoned_ = false;
  std::thread thread_;
};

}  // namespace sterna::bulk
