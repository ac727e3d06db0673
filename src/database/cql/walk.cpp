// A table read by ranges of tokens, several at once (Connection::walk).
#include <algorithm>
#include <deque>
#include <limits>

#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/range_reader.hpp"
#include "database/cql/values.hpp"
#include "database/cql/workers.hpp"

#include <fmt/format.h>

namespace sterna::cql {
namespace {

constexpr std::size_t parts_of_a_walk = 64;
constexpr std::string_view end_of_walk = "end";

/// What a session has read: rows of one range, and up to which token its partitions are whole.
struct Portion {
  std::size_t range = 0;
  Rows rows;
  std::int64_t whole_up_to = 0;
  bool last = false;
};

/// Portions between the sessions that read and the one thread that visits them.
class Portions {
 public:
  explicit Portions(std::size_t most) : most_(most) {}
  void put(Portion&& portion, const std::atomic<bool>& stopping) {
    std::unique_lock lock(mutex_);
    while (waiting_.size() >= most_ && !stopping)
      changed_.wait_for(lock, std::chrono::milliseconds(50));
    waiting_.push_back(std::move(portion));
    changed_.notify_all();
  }
  std::optional<Portion> take(std::chrono::milliseconds most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [&] { return !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    Portion portion = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return portion;
  }

 private:
  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Portion> waiting_;
};

/// The rows without their token, which comes first. `last`, `before`: the token of the last row,
/// and the one before it that is another.
Rows rows_of(const RowsResult& page, std::int64_t& before, std::int64_t& last) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (std::size_t i = 1; i < page.columns.size(); ++i) names->push_back(page.columns[i].name);
  Rows rows;
  each_cells(page, [&](const std::vector<Cell>& cells) {
    const std::int64_t token = number_in(cells[0]);
    if (token != last) before = std::exchange(last, token);
    std::vector<Value> values;
    for (std::size_t i = 1; i < cells.size(); ++i)
      values.push_back(read_value(page.columns[i].type, cells[i]));
    rows.push_back(Row(names, std::move(values)));
  });
  return rows;
}

/// One range, by one session after the other if need be.
class RangeWalk {
 public:
  void go_on(const RangeWorkers::Turn& turn, const RangeReader& reader, const TokenRange& range,
             std::size_t size, Portions& portions) {
    if (before_ < range.after) before_ = last_ = range.after;
    while (!ended_ && !turn.stopping) {
      const RowsResult page = reader.read(turn.client, range, paging_state_,
                                          static_cast<std::int32_t>(size), turn.deadline());
      Portion portion{turn.range, rows_of(page, before_, last_), 0, page.paging_state.empty()};
      portion.whole_up_to = portion.last ? range.last : before_;
      paging_state_ = page.paging_state;
      ended_ = portion.last;
      portions.put(std::move(portion), turn.stopping);
    }
  }

 private:
  std::string paging_state_;
  std::int64_t before_ = std::numeric_limits<std::int64_t>::min(), last_ = before_;
  bool ended_ = false;
};

}  // namespace

Connection::TokenKey CqlConnection::token_key(const model::Name& table) {
  Statement columns{
      "SELECT column_name, kind, position FROM system_schema.columns WHERE keyspace_name = ? AND "
      "table_name = ?",
      {Value(keyspace_of(table)), Value(table.name)},
      {},
      {}};
  TokenKey key;
  std::vector<std::pair<std::int64_t, std::string>> partition;
  for (const Row& row : query(columns)) {
    key.columns.push_back(row.get<std::string>(0));
    if (row.get<std::string>(1) == "partition_key")
      partition.emplace_back(row.get<std::int64_t>(2), dialect().quote(key.columns.back()));
  }
  std::sort(partition.begin(), partition.end());
  std::string names;
  for (const auto& [position, name] : partition) names += (names.empty() ? "" : ", ") + name;
  if (names.empty()) return {};
  const std::string partitioner =
      query("SELECT partitioner FROM system.local WHERE key = 'local'").front().get<std::string>(0);
  if (!partitioner.ends_with("Murmur3Partitioner")) {
    throw Error(ErrorKind::refused,
                "tables are read by the tokens of the Murmur3 partitioner, and "
                "this cluster has " +
                    partitioner)
        .with_object(table.text());
  }
  key.token = "token(" + names + ")";
  return key;
}

void CqlConnection::walk(const Walk& walk,
                         const std::function<bool(const Rows& rows, const WalkStep& step)>& visit) {
  std::vector<TokenRange> left = walk.cursor.empty()          ? whole_ring(parts_of_a_walk)
                                 : walk.cursor == end_of_walk ? std::vector<TokenRange>()
                                                              : ranges_of(walk.cursor);
  const double all = walk.cursor.empty() ? 1 : std::max(share_of_ring(left), 1e-18);
  const std::vector<TokenRange> ranges = left;
  std::vector<RangeWalk> walks(ranges.size());
  const RangeReader reader(walk.select, settings_.consistency);
  Portions portions(2 * static_cast<std::size_t>(std::max(walk.readers, 1)));
  RangeWorkers workers(*this, walk.readers, ranges.size(), [&](const RangeWorkers::Turn& turn) {
    walks[turn.range].go_on(turn, reader, ranges[turn.range], walk.size, portions);
  });
  for (bool running = true;;) {
    const std::chrono::milliseconds patience(running ? 50 : 0);
    if (std::optional<Portion> portion = portions.take(patience)) {
      left[portion->range].after = portion->whole_up_to;
      const std::string cursor = to_text(left);
      if (portion->rows.empty() && !cursor.empty()) continue;
      const WalkStep step{cursor.empty() ? std::string(end_of_walk) : cursor,
                          1 - share_of_ring(left) / all};
      if (!visit(portion->rows, step)) return;
    } else if (!running) {
      break;
    }
    workers.check();
    running = workers.wait(std::chrono::milliseconds(0));
  }
  workers.check();
}

}  // namespace sterna::cql
