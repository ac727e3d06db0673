// What a migration in C++ asks of its journal: transactions inside it, and positions of data steps
// that go through a table by chunks.
#include "base/text.hpp"
#include "migration/sink_tools.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sterna {

using namespace sink;

void JournalledSink::begin_nested() {
  if (run_.connection.begin_sql().empty()) {
    throw Error(ErrorKind::validation,
                run_.connection.server().product +
                    " has no transactions, so a migration cannot ask for one")
        .suggest(
            "take transaction() away: the journal goes on at the statement that was interrupted");
  }
  flush();
  if (depth_ == 0) existed_before_ = exists_;
  if (depth_++ > 0 && nested_open_)
    run_.connection.execute(own(fmt::format("SAVEPOINT sterna_{}", depth_)));
}

void JournalledSink::commit_nested() {
  if (--depth_ > 0) {
    if (nested_open_)
      run_.connection.execute(own(fmt::format("RELEASE SAVEPOINT sterna_{}", depth_ + 1)));
    return;
  }
  if (!nested_open_) return;  // all of it had been committed by an earlier run
  // The whole transaction is one step of the journal: it is done up to its last statement, or none
  // of it is.
  row_.journal = Journal{number_ + 1, StepState::failed, prefix_, {}, {}, {}};
  run_.connection.execute(exists_ ? run_.history.journal(row_) : run_.history.insert(row_));
  run_.connection.execute(own("COMMIT"));
  exists_ = true;
  nested_open_ = false;
  committed_ = number_;
  committed_prefix_ = prefix_;
}

void JournalledSink::rollback_nested() noexcept {
  --depth_;
  if (depth_ > 0 && nested_open_) {
    try {
      run_.connection.execute(own(fmt::format("ROLLBACK TO SAVEPOINT sterna_{}", depth_ + 1)));
      return;
    } catch (const Error&) {  // the transaction is lost as a whole
    }
  }
  run_.connection.rollback();
  nested_open_ = false;
  exists_ = existed_before_;
}

// A data step by chunks runs a number of statements that depends on the rows. Its cursor therefore
// keeps the count and the hash that were reached with it: the next run goes on counting there. One
// line a step: name, count, hash, value.
std::string JournalledSink::load_cursor(std::string_view step) {
  if (!resumed_) return {};
  for (const std::string& line : split(resume_.cursor, '\n')) {
    const std::vector<std::string> fields = split(line, '\t');
    if (fields.size() != 4 || fields[0] != step) continue;
    cursors_[fields[0]] = line;
    number_ = committed_ = std::stoi(fields[1]);
    prefix_ = committed_prefix_ = fields[2];
    return fields[3];
  }
  return {};
}

void JournalledSink::repeat_from_here() {
  flush();
  resume_.step = std::min(resume_.step, number_);
}

void JournalledSink::save_cursor(std::string_view step, std::string_view value) {
  flush();
  cursors_[std::string(step)] = fmt::format("{}\t{}\t{}\t{}", step, number_, prefix_, value);
  std::string all;
  for (const auto& [name, line] : cursors_) all += (all.empty() ? "" : "\n") + line;
  if (!exists_) {
    row_.journal = Journal{number_ + 1, StepState::failed, prefix_, {}, {}, all};
    run_.connection.execute(run_.history.insert(row_));
    exists_ = true;
    return;
  }
  run_.connection.execute(run_.history.save_cursor(row_, all));
}

}  // namespace sterna
