#include "database/cql/copy_row.hpp"

#include <algorithm>

#include "database/cql/errors.hpp"
#include "database/cql/values.hpp"

namespace sterna::cql {
namespace {

constexpr std::size_t most_in_flight = 256;

template <class Number>
std::string number_bytes(Number number) {
  ByteWriter writer;
  if constexpr (sizeof(Number) == 4)
    writer.int_number(number);
  else
    writer.long_number(number);
  return writer.release();
}

/// Of a value that expires within this second TTL tells 0, which would mean "never" in a write.
std::int32_t seconds_left(const Cell& ttl) {
  return std::max(static_cast<std::int32_t>(number_in(ttl)), 1);
}

/// The elements of a list in the protocol.
std::vector<Cell> elements_of(const Cell& list) {
  std::vector<Cell> result;
  if (!list) return result;
  ByteReader reader(*list);
  for (std::int32_t left = reader.int_number(); left > 0; --left) result.push_back(reader.bytes());
  return result;
}

CellTime latest(const Cell& times, const Cell& ttls) {
  CellTime result{0, 0};
  for (const Cell& one : elements_of(times))
    if (one) result.written = std::max(result.written, number_in(one));
  bool forever = false;
  std::int32_t longest = 0;
  for (const Cell& one : elements_of(ttls)) {
    if (one)
      longest = std::max(longest, seconds_left(one));
    else
      forever = true;
  }
  if (!forever) result.ttl = longest;
  return result;
}

bool has(std::initializer_list<CopyColumn::Role> roles, CopyColumn::Role role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool is_key(CopyColumn::Role role) {
  return role == CopyColumn::Role::partition || role == CopyColumn::Role::clustering;
}

}  // namespace

void CopiedRow::set_types(const std::vector<ColumnInfo>& given,
                          const std::vector<ValueType>& wanted) {
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const ValueType& type = given.at(plan_.columns[i].cell).type;
    types_.push_back({type, wanted[i], type != wanted[i]});
  }
}

const std::vector<Cell>& CopiedRow::values(const std::vector<Cell>& cells) {
  raw_.assign(plan_.columns.size(), std::nullopt);
  values_.assign(plan_.columns.size(), std::nullopt);
  converted_.clear();
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) raw_[i] = cells[plan_.columns[i].cell];
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const Types& types = types_[i];
    if (!raw_[i]) continue;
    if (!types.differ) {
      values_[i] = raw_[i];
      continue;
    }
    try {
      auto bytes =
          write_value(types.wanted, read_value(types.given, raw_[i]), plan_.columns[i].name);
      if (!bytes) continue;
      values_[i] = converted_.emplace_back(std::move(*bytes));
    } catch (Error& error) {
      error.with_detail("in the row " + key_text() + " of " + plan_.from.text());
      throw;
    }
  }
  return values_;
}

std::uint64_t CopiedRow::hash() const {
  RowHash hash;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (plan_.columns[i].role == CopyColumn::Role::shared && !plan_.same_partitions) continue;
    if (values_[i])
      hash.add(values_[i]->data(), values_[i]->size());
    else
      hash.add_null();
  }
  return hash.value();
}

bool CopiedRow::is_row() const {
  for (std::size_t i = 0; i < raw_.size(); ++i)
    if (plan_.columns[i].role == CopyColumn::Role::clustering && !raw_[i]) return false;
  return true;
}

std::string CopiedRow::key_text() const {
  std::string text;
  for (std::size_t i = 0; i < raw_.size(); ++i) {
    if (!is_key(plan_.columns[i].role)) continue;
    const Value value = read_value(types_[i].given, raw_[i]);
    text += (text.empty() ? "" : ", ") + plan_.columns[i].name + " = " +
            (value.is_null() ? "null" : detail::to_text(value, plan_.columns[i].name));
  }
  return text;
}

RowWriter::RowWriter(const CopyPlan& plan, Client& client, Consistency consistency,
                     std::chrono::milliseconds timeout, CellTime unknown, std::int64_t lists)
    : plan_(plan),
      client_(client),
      consistency_(consistency),
      timeout_(timeout),
      unknown_(unknown),
      lists_(lists) {
  prepare();
}

/// Places of the statements tell the types: of the INSERT in the order of the columns, of static
/// columns and elements behind time and TTL.
void RowWriter::prepare() {
  constexpr std::size_t behind_time = 2;
  const PreparedResult insert = client_.prepare(plan_.insert, deadline());
  PreparedResult shared;
  if (!plan_.update_shared.empty()) shared = client_.prepare(plan_.update_shared, deadline());
  if (!plan_.update.empty()) update_ = client_.prepare(plan_.update, deadline()).id;
  insert_ = insert.id;
  update_shared_ = shared.id;
  std::size_t next = 0, next_shared = behind_time;
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    add_elements_.emplace_back();
    const Role role = plan_.columns[i].role;
    if (role == Role::shared) {
      types_.push_back(shared.parameters.at(next_shared++).type);
    } else if (role == Role::elements) {
      const PreparedResult& add = client_.prepare(plan_.add_elements[i], deadline());
      add_elements_.back() = add.id;
      types_.push_back(add.parameters.at(behind_time).type);
    } else {
      types_.push_back(insert.parameters.at(next++).type);
    }
  }
}

std::optional<CellTime> RowWriter::time_of(const CopyColumn& column,
                                           const std::vector<Cell>& cells) const {
  if (!column.times) return std::nullopt;
  const Cell &written = cells[*column.times], &ttl = cells[*column.times + 1];
  if (!written) return std::nullopt;
  if (column.times_of_elements) return latest(written, ttl);
  return CellTime{number_in(written), ttl ? seconds_left(ttl) : 0};
}

void RowWriter::put(CellTime time, std::size_t column, std::vector<Group>& groups) {
  const auto found = std::find_if(groups.begin(), groups.end(),
                                  [&](const Group& group) { return group.time == time; });
  if (found != groups.end())
    found->columns.push_back(column);
  else
    groups.push_back({time, {column}});
}

/// What tells no TTL lives as long as the rest of its row, as far as that is known.
void RowWriter::gather(const std::vector<Cell>& cells, const std::vector<Cell>& values) {
  groups_.clear();
  elements_.clear();
  std::vector<std::size_t> untimed;
  std::optional<std::int32_t> longest;
  bool forever = false;
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const CopyColumn& column = plan_.columns[i];
    if (!values[i] || is_key(column.role) || column.role == Role::shared) continue;
    if (column.role == Role::elements) {
      gather_elements(i, cells, *values[i]);
      continue;
    }
    std::optional<CellTime> time = time_of(column, cells);
    if (!time) {
      untimed.push_back(i);
      continue;
    }
    if (time->ttl == 0) forever = true;
    longest = std::max(longest.value_or(0), time->ttl.value_or(0));
    if (column.role == Role::list) time->written = lists_;
    put(*time, i, groups_);
  }
  const std::optional<std::int32_t> ttl = forever ? 0 : longest ? longest : unknown_.ttl;
  for (const std::size_t i : untimed) {
    const bool list = plan_.columns[i].role == Role::list;
    put({list ? lists_ : unknown_.written, ttl}, i, groups_);
  }
}

/// Elements of one time go together, as a set or map of their own.
void RowWriter::gather_elements(std::size_t column, const std::vector<Cell>& cells,
                                std::string_view value) {
  const std::size_t at = *plan_.columns[column].times;
  const std::vector<Cell> written = elements_of(cells[at]), ttls = elements_of(cells[at + 1]);
  ByteReader reader(value);
  const std::int32_t count = reader.int_number();
  std::vector<std::pair<CellTime, std::pair<std::int32_t, std::string>>> parts;
  const int cells_of_element = plan_.columns[column].pairs ? 2 : 1;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    if (index >= written.size() || !written[index]) malformed("an element has no time");
    CellTime time{number_in(written[index]), 0};
    if (index < ttls.size() && ttls[index]) time.ttl = seconds_left(ttls[index]);
    auto found = std::find_if(parts.begin(), parts.end(),
                              [&](const auto& part) { return part.first == time; });
    if (found == parts.end()) found = parts.insert(parts.end(), {time, {0, {}}});
    ++found->second.first;
    for (int left = cells_of_element; left > 0; --left) {
      const Cell bytes = reader.bytes();
      if (!bytes) malformed("an element has no value");
      found->second.second += number_bytes(static_cast<std::int32_t>(bytes->size()));
      found->second.second += *bytes;
    }
  }
  for (auto& [time, part] : parts)
    elements_.push_back({time, column, number_bytes(part.first) + part.second});
}

/// The row itself was written when the first of what lives longest in it was. CQL does not tell.
CellTime RowWriter::time_of_row() const {
  std::optional<CellTime> result;
  const auto rank = [](const CellTime& time) {
    return time.ttl == 0 ? std::numeric_limits<std::int32_t>::max() : time.ttl.value_or(0);
  };
  const auto look = [&](const CellTime& time) {
    if (!result || rank(time) > rank(*result) ||
        (rank(time) == rank(*result) && time.written < result->written))
      result = time;
  };
  for (const Group& group : groups_) look(group.time);
  for (const Elements& part : elements_) look(part.time);
  return result.value_or(unknown_);
}

void RowWriter::add_time(const CellTime& time, std::vector<Cell>& cells) {
  time_bytes_[0] = number_bytes(time.written);
  cells.emplace_back(time_bytes_[0]);
  if (time.ttl) time_bytes_[1] = number_bytes(*time.ttl);
  cells.push_back(time.ttl ? Cell(time_bytes_[1]) : std::nullopt);
}

/// Keys always; other columns when they belong to the group.
void RowWriter::add_columns(std::initializer_list<Role> roles, const std::vector<Cell>& values,
                            const Group* group, std::vector<Cell>& cells) const {
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const Role role = plan_.columns[i].role;
    if (!has(roles, role)) continue;
    const bool member =
        is_key(role) || (group != nullptr && std::find(group->columns.begin(), group->columns.end(),
                                                       i) != group->columns.end());
    cells.push_back(member ? values[i] : std::nullopt);
  }
}

void RowWriter::write(const std::vector<Cell>& cells, const std::vector<Cell>& values,
                      const CopiedRow& row) {
  write_shared(cells, values);
  bool whole_key = true;
  for (std::size_t i = 0; i < plan_.columns.size(); ++i)
    whole_key = whole_key && (values[i] || !is_key(plan_.columns[i].role));
  if (!whole_key) {
    if (plan_.same_partitions && !row.is_row() && !plan_.update_shared.empty()) return;
    throw Error(ErrorKind::data, "a row of " + plan_.from.text() +
                                     " has no value for the whole key of " + plan_.to.text() +
                                     ": " + row.key_text())
        .with_object(plan_.to.text())
        .suggest("give the row a value there, or remove it, and run again");
  }
  gather(cells, values);
  const CellTime first = time_of_row();
  const Group* main = nullptr;
  for (const Group& group : groups_)
    if (group.time == first) main = &group;
  std::vector<Cell> places;
  // Keys and columns stand in the order of the table, keys first.
  add_columns({Role::partition, Role::clustering, Role::plain, Role::list}, values, main, places);
  add_time(first, places);
  post(insert_, places);
  for (const Group& group : groups_) {
    if (&group == main) continue;
    places.clear();
    add_time(group.time, places);
    add_columns({Role::plain, Role::list}, values, &group, places);
    add_columns({Role::partition, Role::clustering}, values, nullptr, places);
    post(update_, places);
  }
  for (const Elements& part : elements_) {
    places.clear();
    add_time(part.time, places);
    places.emplace_back(part.bytes);
    add_columns({Role::partition, Role::clustering}, values, nullptr, places);
    post(add_elements_[part.column], places);
  }
}

/// Each row of a partition tells its static columns again.
void RowWriter::write_shared(const std::vector<Cell>& cells, const std::vector<Cell>& values) {
  if (plan_.update_shared.empty()) return;
  std::string met;
  std::vector<Group> groups;
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const CopyColumn& column = plan_.columns[i];
    if (column.role != Role::partition && column.role != Role::shared) continue;
    met += number_bytes(static_cast<std::int32_t>(values[i] ? values[i]->size() : 0));
    if (!values[i]) continue;
    met += *values[i];
    if (column.role == Role::shared) put(time_of(column, cells).value_or(unknown_), i, groups);
  }
  if (met == shared_before_) return;
  for (const Group& group : groups) {
    std::vector<Cell> places;
    add_time(group.time, places);
    add_columns({Role::shared}, values, &group, places);
    add_columns({Role::partition}, values, nullptr, places);
    post(update_shared_, places);
  }
  shared_before_ = std::move(met);
}

void RowWriter::post(const std::string& id, const std::vector<Cell>& cells) {
  while (due_ >= most_in_flight) answer();
  client_.post(Opcode::execute, execute_cells_body(id, consistency_, cells), deadline());
  ++due_;
}

void RowWriter::answer() {
  auto [number, response] = client_.answer(deadline());
  if (expected_ && number == *expected_) {
    kept_ = std::move(response);
    expected_.reset();
    return;
  }
  --due_;
  if (const auto* error = std::get_if<ServerError>(&response.body))
    throw error_of(*error, Statement{plan_.insert, {}, {}, {}});
}

void RowWriter::finish() {
  while (due_ > 0) answer();
}

Response RowWriter::take_expected() {
  while (!kept_) answer();
  return *std::exchange(kept_, std::nullopt);
}

}  // namespace sterna::cql
