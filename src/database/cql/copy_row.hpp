// One row of a copy: read out of the cells of the old table, hashed, and written into the new one
// with the times it had. One object a session; used by the copy alone.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "database/cql/copy_plan.hpp"
#include "database/cql/range_reader.hpp"

namespace sterna::cql {

/// The values of a row in the types of the new table.
class CopiedRow {
 public:
  explicit CopiedRow(const CopyPlan& plan) : plan_(plan) {}

  /// `given` as the SELECT tells them, `wanted` by column; asked for once.
  void set_types(const std::vector<ColumnInfo>& given, const std::vector<ValueType>& wanted);
  bool knows_types() const { return !types_.empty(); }
  /// By column. Good until the next call. @throws Error(data) that names the row.
  const std::vector<Cell>& values(const std::vector<Cell>& cells);
  /// Of the last values. Static columns count where they belong to the same rows in both tables.
  std::uint64_t hash() const;
  /// A partition may have static columns and no row.
  bool is_row() const;
  /// "id = 5, day = '2026-01-15'", of the last cells.
  std::string key_text() const;

 private:
  struct Types {
    ValueType given, wanted;
    bool differ = false;
  };
  const CopyPlan& plan_;
  std::vector<Types> types_;
  std::vector<Cell> raw_, values_;
  std::deque<std::string> converted_;
};

/// When a value was written (microseconds), and how long it has still to live (seconds): 0 for
/// ever, nothing: as the new table has it by default.
struct CellTime {
  std::int64_t written = 0;
  std::optional<std::int32_t> ttl;
  bool operator==(const CellTime&) const = default;
};

class RowWriter {
 public:
  /// `unknown`: the time of what tells none; `lists`: of lists, another one each time they are
  /// written.
  RowWriter(const CopyPlan& plan, Client& client, Consistency consistency,
            std::chrono::milliseconds timeout, CellTime unknown, std::int64_t lists);

  /// The types that the new table asks for, by column.
  const std::vector<ValueType>& types() const { return types_; }
  /// Posts what writes the row. `cells`: of plan.select; `values`: by column.
  void write(const std::vector<Cell>& cells, const std::vector<Cell>& values, const CopiedRow& row);
  /// An answer that comes among those to the writes, for somebody else.
  void expect(std::int16_t number) { expected_ = number; }
  /// Waits until all is written. @throws the server's error.
  void finish();
  /// Waits for what is expected.
  Response take_expected();

 private:
  /// Columns of a row that were written at one time.
  struct Group {
    CellTime time;
    std::vector<std::size_t> columns;
  };
  struct Elements {
    CellTime time;
    std::size_t column;
    std::string bytes;
  };
  using Role = CopyColumn::Role;

  void write_shared(const std::vector<Cell>& cells, const std::vector<Cell>& values);
  void gather(const std::vector<Cell>& cells, const std::vector<Cell>& values);
  void gather_elements(std::size_t column, const std::vector<Cell>& cells, std::string_view value);
  void put(CellTime time, std::size_t column, std::vector<Group>& groups);
  std::optional<CellTime> time_of(const CopyColumn& column, const std::vector<Cell>& cells) const;
  CellTime time_of_row() const;
  void prepare();
  void post(const std::string& id, const std::vector<Cell>& cells);
  void answer();
  void add_time(const CellTime& time, std::vector<Cell>& cells);
  void add_columns(std::initializer_list<Role> roles, const std::vector<Cell>& values,
                   const Group* group, std::vector<Cell>& cells) const;
  Deadline deadline() const { return std::chrono::steady_clock::now() + timeout_; }

  const CopyPlan& plan_;
  Client& client_;
  Consistency consistency_;
  std::chrono::milliseconds timeout_;
  CellTime unknown_;
  std::int64_t lists_;
  std::vector<ValueType> types_;
  std::string insert_, update_, update_shared_;  ///< ids
  std::vector<std::string> add_elements_;
  std::size_t due_ = 0;  ///< answers to writes
  std::optional<std::int16_t> expected_;
  std::optional<Response> kept_;
  std::string shared_before_;  ///< key and static values of the partition that was met last
  std::vector<Group> groups_;
  std::vector<Elements> elements_;
  std::array<std::string, 2> time_bytes_;
};

}  // namespace sterna::cql
