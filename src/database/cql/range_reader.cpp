#include "database/cql/range_reader.hpp"

#include <algorithm>

#include "database/cql/errors.hpp"
#include "database/cql/values.hpp"

namespace sterna::cql {
namespace {

std::string bytes_of(std::int64_t number) {
  ByteWriter writer;
  writer.long_number(number);
  return writer.release();
}

}  // namespace

std::int64_t number_in(const Cell& cell) {
  if (!cell) malformed("a number is missing");
  ByteReader reader(*cell);
  return cell->size() == 4 ? reader.int_number() : reader.long_number();
}

std::int16_t RangeReader::ask(Client& client, const TokenRange& range,
                              const std::string& paging_state, std::int32_t page_size,
                              Deadline deadline) const {
  const PreparedResult& known = client.prepare(select_.sql, deadline);
  QueryParameters parameters;
  parameters.consistency = consistency_;
  parameters.page_size = page_size;
  parameters.paging_state = paging_state;
  const std::size_t given = select_.parameters.size();
  if (known.parameters.size() != given || given < 2)
    throw Error(ErrorKind::internal, "a walk by tokens has no places for its bounds")
        .with_statement(select_.sql);
  for (std::size_t i = 0; i + 2 < given; ++i) {
    parameters.values.push_back(
        write_value(known.parameters[i].type, select_.parameters[i], known.parameters[i].name));
  }
  parameters.values.push_back(bytes_of(range.after));
  parameters.values.push_back(bytes_of(range.last));
  return client.post(Opcode::execute, execute_body(known.id, parameters), deadline);
}

RowsResult RangeReader::page(Response&& response) const {
  if (const auto* error = std::get_if<ServerError>(&response.body)) throw error_of(*error, select_);
  auto* rows = std::get_if<RowsResult>(&response.body);
  if (rows == nullptr) malformed("it is not what a SELECT calls for");
  return std::move(*rows);
}

RowsResult RangeReader::read(Client& client, const TokenRange& range,
                             const std::string& paging_state, std::int32_t page_size,
                             Deadline deadline) const {
  const std::int16_t asked = ask(client, range, paging_state, page_size, deadline);
  for (;;) {
    auto [number, response] = client.answer(deadline);
    if (number == asked) return page(std::move(response));
  }
}

std::int32_t next_page_size(std::int32_t size, const RowsResult& page) {
  constexpr std::size_t wanted = 1U << 20U;
  constexpr std::int32_t least = 10, most = 5000;
  if (page.row_count == 0) return size;
  const std::size_t row = std::max<std::size_t>(page.cells.size() / page.row_count, 1);
  return std::clamp(static_cast<std::int32_t>(std::min<std::size_t>(wanted / row, most)), least,
                    most);
}

}  // namespace sterna::cql
