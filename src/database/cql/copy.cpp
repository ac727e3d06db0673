#include "database/cql/copy.hpp"

#include "database/cql/connection.hpp"
#include "database/cql/copy_row.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/own_table.hpp"
#include "database/cql/workers.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna::cql {
namespace {

constexpr int sessions = 4;
constexpr std::size_t parts = 64;
constexpr std::int32_t first_page = 500;

/// What is kept of a copy while it runs.
struct Progress {
  std::int64_t begun = 0;  ///< microseconds, by the server's clock
  std::int64_t runs = 0;   ///< that have worked on it
  RowSum copied;
  std::vector<TokenRange> left;

  std::string text() const {
    return fmt::format("{} {} {} {:x} {}", begun, runs, copied.rows, copied.checksum,
                       to_text(left));
  }
  static Progress read(const std::string& text);
};

/// @throws Error(data) when somebody else wrote it.
Progress Progress::read(const std::string& text) {
  const std::vector<std::string> fields = split(text, ' ');
  Progress result;
  try {
    result.begun = std::stoll(fields.at(0));
    result.runs = std::stoll(fields.at(1));
    result.copied.rows = std::stoll(fields.at(2));
    result.copied.checksum = std::stoull(fields.at(3), nullptr, 16);
    result.left = ranges_of(fields.at(4));
  } catch (const std::exception&) {
    throw Error(ErrorKind::data, "what is kept of an interrupted copy cannot be read: " + text);
  }
  return result;
}

/// The row of Sterna's own table in which a copy keeps its progress, written under the lock alone.
class KeptProgress {
 public:
  KeptProgress(CqlConnection& connection, const CopyPlan& plan) : connection_(connection) {
    where_ = fmt::format(" WHERE {} AND scope = '{}' AND version = '{}'", own_partition,
                         scope_of_copies, plan.id);
  }
  std::optional<Progress> load() const {
    if (!connection_.holds_lock()) return std::nullopt;
    const Rows rows = connection_.query(own("SELECT step_cursor FROM " + table() + where_));
    if (rows.empty() || rows.front()[0].is_null()) return std::nullopt;
    return Progress::read(rows.front().get<std::string>(0));
  }
  /// @throws Error(lock) when another run has taken over.
  void save(const Progress& progress) const {
    constexpr int month = 30 * 24 * 60 * 60;  // nobody takes away what is given up
    if (!connection_.holds_lock()) return;
    connection_.execute(own(fmt::format("UPDATE {} USING TTL {} SET step_cursor = '{}'{}", table(),
                                        month, progress.text(), where_)));
  }
  void forget() const {
    if (connection_.holds_lock()) connection_.execute(own("DELETE FROM " + table() + where_));
  }

 private:
  std::string table() const { return words().quote(connection_.own_table()); }
  static Statement own(std::string sql) {
    Statement statement{std::move(sql), {}, {}, {}};
    statement.purpose = Purpose::history;
    return statement;
  }
  CqlConnection& connection_;
  std::string where_;
};

class RowCopy {
 public:
  RowCopy(CqlConnection& connection, const CopyRequest& request)
      : connection_(connection),
        plan_(plan_copy(connection, request)),
        kept_(connection, plan_),
        consistency_(connection.settings().consistency) {}

  std::int64_t run() {
    if (!begin()) return 0;
    copy_left();
    compare();
    kept_.forget();
    connection_.tell(fmt::format("copied {} to {}: both have {} rows and the checksum {:016x}",
                                 plan_.from.text(), plan_.to.text(), compared_.rows,
                                 compared_.checksum));
    return compared_.rows;
  }

 private:
  /// Written values of unknown age are as old as the copy: younger ones of programs stay. False
  /// when there is nothing to copy.
  bool begin() {
    if (std::optional<Progress> earlier = kept_.load()) {
      progress_ = std::move(*earlier);
      connection_.tell(fmt::format("goes on copying {} to {}: {} rows were copied before",
                                   plan_.from.text(), plan_.to.text(), progress_.copied.rows));
    } else {
      if (connection_.query("SELECT * FROM " + words().quote(plan_.from) + " LIMIT 1").empty())
        return false;
      progress_.begun =
          connection_.query("SELECT toUnixTimestamp(now()) FROM system.local WHERE key = 'local'")
              .front()
              .get<std::int64_t>(0) *
          1000;
      progress_.left = whole_ring(parts);
    }
    ++progress_.runs;
    kept_.save(progress_);
    return true;
  }

  void copy_left() {
    const RangeReader reader(
        {plan_.select, {Value(std::int64_t{0}), Value(std::int64_t{0})}, {}, {}}, consistency_);
    RangeWorkers workers(connection_, sessions, progress_.left.size(),
                         [&](const RangeWorkers::Turn& turn) { copy_range(turn, reader); });
    using clock = std::chrono::steady_clock;
    clock::time_point saved = clock::now(), told = saved;
    try {
      for (bool running = true; running;) {
        running = workers.wait(std::chrono::milliseconds(100));
        workers.check();
        const clock::time_point now = clock::now();
        if (running && now - saved < std::chrono::seconds(1)) continue;
        const Progress snapshot = snapshot_of_progress();
        kept_.save(snapshot);
        saved = clock::now();
        if (now - told < std::chrono::seconds(10)) continue;
        told = now;
        connection_.tell(fmt::format("copies {} to {}: {} rows, {:.0f} % of all", plan_.from.text(),
                                     plan_.to.text(), snapshot.copied.rows,
                                     100 * (1 - share_of_ring(snapshot.left))));
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::lock) save_quietly();
      throw;
    }
  }

  Progress snapshot_of_progress() {
    const std::lock_guard lock(mutex_);
    return progress_;
  }
  void save_quietly() noexcept {
    try {
      kept_.save(snapshot_of_progress());
    } catch (const Error&) {  // the next run copies a little more again
    }
  }

  /// A time of its own for the lists of each try: in CQL a list that is written twice at one time
  /// is there twice, and one that is written later takes the place of the first.
  std::int64_t time_of_lists() {
    constexpr std::int64_t tries_of_a_run = 100000;
    return progress_.begun + 2 * (progress_.runs * tries_of_a_run + tries_++);
  }

  void copy_range(const RangeWorkers::Turn& turn, const RangeReader& reader) {
    TokenRange range;
    {
      const std::lock_guard lock(mutex_);
      range = progress_.left[turn.range];
    }
    RowWriter writer(plan_, turn.client, consistency_, turn.timeout,
                     {progress_.begun, std::nullopt}, time_of_lists());
    CopiedRow row(plan_);
    RowSum whole, open;  // of partitions that are finished, and of the one that is not
    std::int64_t before = range.after, last = range.after;
    std::int32_t size = first_page;
    RowsResult page = reader.read(turn.client, range, {}, size, turn.deadline());
    row.set_types(page.columns, writer.types());
    for (bool more = true; more && !turn.stopping;) {
      more = !page.paging_state.empty();
      size = next_page_size(size, page);
      if (more)
        writer.expect(reader.ask(turn.client, range, page.paging_state, size, turn.deadline()));
      each_cells(page, [&](const std::vector<Cell>& cells) {
        const std::int64_t token = number_in(cells[0]);
        if (token != last) {
          before = std::exchange(last, token);
          whole += std::exchange(open, {});
        }
        writer.write(cells, row.values(cells), row);
        open += RowSum{1, row.hash()};
      });
      writer.finish();
      if (!more) {
        before = range.last;
        whole += open;
      }
      done_up_to(turn.range, before, std::exchange(whole, {}));
      if (more) page = reader.page(writer.take_expected());
    }
  }

  void done_up_to(std::size_t range, std::int64_t token, const RowSum& rows) {
    const std::lock_guard lock(mutex_);
    progress_.left[range].after = token;
    progress_.copied += rows;
  }

  // ---- comparing ----

  RowSum sum_of(const RangeWorkers::Turn& turn, const RangeReader& reader,
                const TokenRange& range) {
    CopiedRow row(plan_);
    RowSum sum;
    std::string paging_state;
    std::int32_t size = first_page;
    do {
      const RowsResult page = reader.read(turn.client, range, paging_state, size, turn.deadline());
      if (!row.knows_types()) {
        const RowWriter wanted(plan_, turn.client, consistency_, turn.timeout, {}, 0);
        row.set_types(page.columns, wanted.types());
      }
      each_cells(page, [&](const std::vector<Cell>& cells) {
        row.values(cells);
        if (!plan_.same_partitions && !row.is_row()) return;
        sum += RowSum{1, row.hash()};
      });
      size = next_page_size(size, page);
      paging_state = page.paging_state;
    } while (!paging_state.empty() && !turn.stopping);
    return sum;
  }

  struct Sums {
    std::vector<RowSum> old_rows, new_rows;
  };
  Sums sums_of(const std::vector<TokenRange>& ranges) {
    const std::vector<Value> bounds{Value(std::int64_t{0}), Value(std::int64_t{0})};
    const RangeReader old_reader({plan_.select_old, bounds, {}, {}}, consistency_);
    const RangeReader new_reader({plan_.select_new, bounds, {}, {}}, consistency_);
    const std::size_t count = ranges.size();
    Sums sums{std::vector<RowSum>(count), std::vector<RowSum>(count)};
    RangeWorkers workers(connection_, sessions, 2 * count, [&](const RangeWorkers::Turn& turn) {
      const bool old = turn.range < count;
      const std::size_t at = turn.range % count;
      (old ? sums.old_rows : sums.new_rows)[at] =
          sum_of(turn, old ? old_reader : new_reader, ranges[at]);
    });
    for (bool running = true; running;) {
      running = workers.wait(std::chrono::milliseconds(100));
      workers.check();
    }
    return sums;
  }

  /// Rows may have come, changed or expired meanwhile: what differs is copied once more, where it
  /// is known which ranges they are.
  void compare() {
    constexpr int rounds = 3;
    std::vector<TokenRange> ranges = whole_ring(parts);
    for (int round = 1;; ++round) {
      const Sums sums = sums_of(ranges);
      const std::vector<TokenRange> differing = different(ranges, sums);
      // What agrees already is not read again.
      for (std::size_t i = 0; i < ranges.size(); ++i)
        if (std::find(differing.begin(), differing.end(), ranges[i]) == differing.end())
          compared_ += sums.new_rows[i];
      if (differing.empty()) return;
      if (round == rounds) throw difference(sums, differing.size());
      connection_.tell(fmt::format("{} of {} ranges of {} and {} differ; they are copied again",
                                   differing.size(), ranges.size(), plan_.from.text(),
                                   plan_.to.text()));
      {
        const std::lock_guard lock(mutex_);
        progress_.left = plan_.same_partitions ? differing : whole_ring(parts);
      }
      if (plan_.same_partitions) ranges = differing;
      copy_left();
    }
  }

  std::vector<TokenRange> different(const std::vector<TokenRange>& ranges, const Sums& sums) const {
    std::vector<TokenRange> result;
    if (plan_.same_partitions) {
      for (std::size_t i = 0; i < ranges.size(); ++i)
        if (sums.old_rows[i] != sums.new_rows[i]) result.push_back(ranges[i]);
      return result;
    }
    if (total(sums.old_rows) != total(sums.new_rows)) result = ranges;
    return result;
  }

  static RowSum total(const std::vector<RowSum>& sums) {
    RowSum result;
    for (const RowSum& sum : sums) result += sum;
    return result;
  }

  Error difference(const Sums& sums, std::size_t ranges) const {
    const RowSum old_rows = total(sums.old_rows), new_rows = total(sums.new_rows);
    Error error(
        ErrorKind::data,
        fmt::format("after the copy {} has {} rows and {} has {} in the {} ranges of tokens "
                    "that differ",
                    plan_.from.text(), old_rows.rows, plan_.to.text(), new_rows.rows, ranges));
    error.with_object(plan_.to.text())
        .with_state("no row of " + plan_.from.text() + " was changed");
    if (new_rows.rows < old_rows.rows)
      error.suggest("rows that are different in " + plan_.from.text() + " may have one key in " +
                    plan_.to.text() + ": give it a key that tells them apart");
    error.suggest(
        "programs may have written meanwhile: let them write into both tables, or stop "
        "them, and run again");
    return error;
  }

  CqlConnection& connection_;
  CopyPlan plan_;
  KeptProgress kept_;
  Consistency consistency_;
  std::mutex mutex_;  // of progress_.left and copied
  Progress progress_;
  std::atomic<std::int64_t> tries_{0};
  RowSum compared_;  // rows that are the same in both
};

}  // namespace

std::int64_t copy_rows(CqlConnection& connection, const Statement& statement) {
  const CopyRequest request = read_copy(statement);
  try {
    return RowCopy(connection, request).run();
  } catch (Error& error) {
    if (error.statement().empty()) error.with_statement(statement.sql);
    if (error.position().line == 0) error.at(statement.position);
    throw;
  }
}

}  // namespace sterna::cql
