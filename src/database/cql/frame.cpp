#include "database/cql/frame.hpp"

#include "base/text.hpp"

#include <array>

namespace sterna::cql {
namespace {

constexpr std::uint8_t request_version = 0x04, response_version = 0x84;
// native_transport_max_frame_size is 16 MiB by default; nobody sets it to more than this.
constexpr std::uint32_t longest_body = 1U << 30;

constexpr std::uint8_t tracing_flag = 0x02, payload_flag = 0x04, warning_flag = 0x08;

constexpr std::array<std::string_view, 11> consistency_names{
    "any",          "one",         "two",    "three",        "quorum",   "all",
    "local_quorum", "each_quorum", "serial", "local_serial", "local_one"};

bool is_response(std::uint8_t opcode) {
  switch (static_cast<Opcode>(opcode)) {
    case Opcode::error:
    case Opcode::ready:
    case Opcode::authenticate:
    case Opcode::supported:
    case Opcode::result:
    case Opcode::event:
    case Opcode::auth_challenge:
    case Opcode::auth_success:
      return true;
    default:
      return false;
  }
}

void write_values(ByteWriter& writer, const std::vector<std::optional<std::string>>& values) {
  constexpr std::size_t most = 65535;
  if (values.size() > most)
    throw Error(ErrorKind::validation, "a statement has more than 65535 bound values");
  writer.short_number(static_cast<unsigned>(values.size()));
  for (const auto& value : values) writer.bytes(value);
}

void write_parameters(ByteWriter& writer, const QueryParameters& parameters) {
  enum Flags : unsigned { values = 0x01, page_size = 0x04, paging_state = 0x08, serial = 0x10 };
  writer.short_number(static_cast<unsigned>(parameters.consistency));
  writer.byte(
      (parameters.values.empty() ? 0U : values) | (parameters.page_size > 0 ? page_size : 0U) |
      (parameters.paging_state.empty() ? 0U : paging_state) | (parameters.serial ? serial : 0U));
  if (!parameters.values.empty()) write_values(writer, parameters.values);
  if (parameters.page_size > 0) writer.int_number(parameters.page_size);
  if (!parameters.paging_state.empty()) writer.long_string(parameters.paging_state);
  if (parameters.serial) writer.short_number(static_cast<unsigned>(*parameters.serial));
}

Consistency read_consistency(ByteReader& reader) {
  const unsigned value = reader.short_number();
  if (value >= consistency_names.size()) malformed("it has an unknown consistency");
  return static_cast<Consistency>(value);
}

ServerError read_error(ByteReader& reader) {
  ServerError error;
  error.code = reader.int_number();
  error.message = reader.string();
  const auto counts = [&] {
    error.consistency = read_consistency(reader);
    error.received = reader.int_number();
    error.required = reader.int_number();
  };
  switch (error.code) {
    case 0x1000:  // unavailable: required comes before alive
      error.consistency = read_consistency(reader);
      error.required = reader.int_number();
      error.received = reader.int_number();
      break;
    case 0x1100:  // write timeout
      counts();
      error.write_type = reader.string();
      break;
    case 0x1200:  // read timeout
      counts();
      error.data_present = reader.byte() != 0;
      break;
    case 0x1300:  // read failure
      counts();
      error.failures = reader.int_number();
      error.data_present = reader.byte() != 0;
      break;
    case 0x1400:  // function failure
      error.keyspace = reader.string();
      error.object = reader.string();
      reader.string_list();
      break;
    case 0x1500:  // write failure
      counts();
      error.failures = reader.int_number();
      error.write_type = reader.string();
      break;
    case 0x2400:  // already exists
      error.keyspace = reader.string();
      error.object = reader.string();
      break;
    case 0x2500:
      error.prepared_id = reader.short_bytes();
      break;
    default:  // codes without additions, and those of servers that are newer than this
      break;
  }
  return error;
}

struct Metadata {
  std::vector<ColumnInfo> columns;
  std::string paging_state;
};

/// `prepared`: the metadata of the places of a prepared statement, with its partition key first.
Metadata read_metadata(ByteReader& reader, bool prepared) {
  enum Flags : unsigned { global_table = 0x01, more_pages = 0x02, no_metadata = 0x04 };
  Metadata result;
  const auto flags = static_cast<unsigned>(reader.int_number());
  const std::int32_t count = reader.int_number();
  if (count < 0) malformed("it has a negative number of columns");
  if (prepared) {
    const std::int32_t keys = reader.int_number();
    if (keys < 0) malformed("it has a negative number of keys");
    for (std::int32_t i = 0; i < keys; ++i) reader.short_number();
  }
  if ((flags & more_pages) != 0) {
    if (const auto state = reader.bytes()) result.paging_state = std::string(*state);
  }
  if ((flags & no_metadata) != 0) {
    if (count > 0) malformed("it has columns without names");
    return result;
  }
  if ((flags & global_table) != 0) {
    reader.string();
    reader.string();
  }
  for (std::int32_t i = 0; i < count; ++i) {
    if ((flags & global_table) == 0) {
      reader.string();
      reader.string();
    }
    ColumnInfo column;
    column.name = reader.string();
    column.type = read_type(reader);
    result.columns.push_back(std::move(column));
  }
  return result;
}

SchemaChange read_schema_change(ByteReader& reader) {
  SchemaChange change;
  change.change = reader.string();
  change.target = reader.string();
  change.keyspace = reader.string();
  if (change.target != "KEYSPACE") change.object = reader.string();
  if (change.target == "FUNCTION" || change.target == "AGGREGATE") reader.string_list();
  return change;
}

template <class Body>
void read_result(ByteReader& reader, Body& body) {
  enum Results : std::int32_t { nothing = 1, rows = 2, keyspace = 3, prepared = 4, schema = 5 };
  switch (const std::int32_t kind = reader.int_number()) {
    case nothing:
      body = VoidResult{};
      return;
    case rows: {
      Metadata metadata = read_metadata(reader, false);
      const std::int32_t count = reader.int_number();
      if (count < 0 || (count > 0 && metadata.columns.empty()))
        malformed("it has rows without columns");
      body = RowsResult{std::move(metadata.columns), std::move(metadata.paging_state),
                        static_cast<std::size_t>(count), std::string(reader.take(reader.left()))};
      return;
    }
    case keyspace:
      body = KeyspaceResult{reader.string()};
      return;
    case prepared: {
      PreparedResult result;
      result.id = reader.short_bytes();
      result.parameters = read_metadata(reader, true).columns;
      body = std::move(result);
      return;
    }
    case schema:
      body = read_schema_change(reader);
      return;
    default:
      malformed("it is a result of the unknown kind " + std::to_string(kind));
  }
}

template <class Body>
void read_event(ByteReader& reader, Body& body) {
  const std::string type = reader.string();
  if (type == "SCHEMA_CHANGE") {
    body = read_schema_change(reader);
    return;
  }
  NodeEvent event;
  event.type = type;
  event.change = reader.string();
  std::tie(event.address, event.port) = reader.inet();
  body = std::move(event);
}

}  // namespace

std::string_view to_string(Consistency consistency) {
  return consistency_names[static_cast<std::size_t>(consistency)];
}

Consistency consistency_named(std::string_view name) {
  const std::string lower = to_lower(name);
  for (std::size_t i = 0; i < consistency_names.size(); ++i) {
    if (consistency_names[i] == lower) return static_cast<Consistency>(i);
  }
  const std::vector<std::string> known(consistency_names.begin(), consistency_names.end());
  throw Error(ErrorKind::config, "consistency=" + std::string(name) + " is not known")
      .suggest("it is one of " + join(known, ", "));
}

FrameHeader read_header(std::string_view bytes) {
  ByteReader reader(bytes);
  FrameHeader header;
  const std::uint8_t version = reader.byte();
  if ((version & 0x80U) == 0) malformed("it does not speak CQL's native protocol");
  // A server that does not know version 4 answers in one that it knows.
  if (version != response_version)
    malformed("it speaks version " + std::to_string(version & 0x7FU) + " of the protocol, not 4");
  header.flags = reader.byte();
  header.stream = static_cast<std::int16_t>(reader.short_number());
  const std::uint8_t opcode = reader.byte();
  if (!is_response(opcode)) malformed("it has the unknown opcode " + std::to_string(opcode));
  header.opcode = static_cast<Opcode>(opcode);
  header.length = static_cast<std::uint32_t>(reader.int_number());
  if (header.length > longest_body)
    malformed("it says that it is " + std::to_string(header.length) + " bytes long");
  return header;
}

std::string frame(Opcode opcode, std::int16_t stream, std::string_view body, std::uint8_t flags) {
  if (body.size() > longest_body)
    throw Error(ErrorKind::validation, "a statement is longer than the protocol allows");
  ByteWriter writer;
  writer.byte(request_version);
  writer.byte(flags);
  writer.short_number(static_cast<std::uint16_t>(stream));
  writer.byte(static_cast<std::uint8_t>(opcode));
  writer.int_number(static_cast<std::int64_t>(body.size()));
  writer.raw(body);
  return writer.release();
}

std::string startup_body(const std::map<std::string, std::string>& options) {
  ByteWriter writer;
  writer.string_map(options);
  return writer.release();
}

std::string auth_body(std::string_view user, std::string_view password) {
  std::string token(1, '\0');
  token.append(user).append(1, '\0').append(password);
  ByteWriter writer;
  writer.bytes(token);
  return writer.release();
}

std::string query_body(std::string_view query, const QueryParameters& parameters) {
  ByteWriter writer;
  writer.long_string(query);
  write_parameters(writer, parameters);
  return writer.release();
}

std::string prepare_body(std::string_view query) {
  ByteWriter writer;
  writer.long_string(query);
  return writer.release();
}

std::string execute_body(std::string_view id, const QueryParameters& parameters) {
  ByteWriter writer;
  writer.string(id);
  write_parameters(writer, parameters);
  return writer.release();
}

std::string execute_cells_body(std::string_view id, Consistency consistency,
                               const std::vector<std::optional<std::string_view>>& cells) {
  constexpr unsigned with_values = 0x01;
  constexpr std::int64_t not_set = -2;
  ByteWriter writer;
  writer.string(id);
  writer.short_number(static_cast<unsigned>(consistency));
  writer.byte(with_values);
  writer.short_number(static_cast<unsigned>(cells.size()));
  for (const auto& cell : cells) {
    writer.int_number(cell ? static_cast<std::int64_t>(cell->size()) : not_set);
    if (cell) writer.raw(*cell);
  }
  return writer.release();
}

std::string batch_body(BatchKind kind, const std::vector<BatchItem>& items, Consistency consistency,
                       std::optional<Consistency> serial) {
  constexpr unsigned serial_flag = 0x10;
  ByteWriter writer;
  writer.byte(static_cast<std::uint8_t>(kind));
  writer.short_number(static_cast<unsigned>(items.size()));
  for (const BatchItem& item : items) {
    writer.byte(0);  // text, not the id of a prepared statement
    writer.long_string(item.query);
    write_values(writer, item.values);
  }
  writer.short_number(static_cast<unsigned>(consistency));
  writer.byte(serial ? serial_flag : 0U);
  if (serial) writer.short_number(static_cast<unsigned>(*serial));
  return writer.release();
}

std::string register_body(const std::vector<std::string>& events) {
  ByteWriter writer;
  writer.string_list(events);
  return writer.release();
}

Response read_response(const FrameHeader& header, std::string_view body) {
  ByteReader reader(body);
  Response response;
  if ((header.flags & tracing_flag) != 0) reader.take(16);
  if ((header.flags & warning_flag) != 0) response.warnings = reader.string_list();
  if ((header.flags & payload_flag) != 0) {
    for (unsigned i = reader.short_number(); i > 0; --i) {
      reader.string();
      reader.bytes();
    }
  }
  switch (header.opcode) {
    case Opcode::error:
      response.body = read_error(reader);
      break;
    case Opcode::ready:
      response.body = Ready{};
      break;
    case Opcode::authenticate:
      response.body = Authenticate{reader.string()};
      break;
    case Opcode::supported:
      response.body = Supported{reader.string_multimap()};
      break;
    case Opcode::result:
      read_result(reader, response.body);
      break;
    case Opcode::event:
      read_event(reader, response.body);
      break;
    case Opcode::auth_challenge:
      response.body = AuthChallenge{std::string(reader.bytes().value_or(""))};
      break;
    case Opcode::auth_success:
      response.body = AuthSuccess{};
      break;
    default:
      malformed("it has an opcode that no server sends");
  }
  return response;
}

}  // namespace sterna::cql
