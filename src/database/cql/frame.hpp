// Frames of the native protocol, version 4 (native_protocol_v4.spec of Apache Cassandra), as pure
// functions over bytes: requests to bytes, bytes to responses. Used by the client; knows no socket.
// Whatever the bytes are, reading them ends with a response or an error.
#pragma once

#include "database/cql/value_type.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sterna::cql {

enum class Opcode : std::uint8_t {
  error = 0x00,
  startup = 0x01,
  ready = 0x02,
  authenticate = 0x03,
  options = 0x05,
  supported = 0x06,
  query = 0x07,
  result = 0x08,
  prepare = 0x09,
  execute = 0x0A,
  register_ = 0x0B,
  event = 0x0C,
  batch = 0x0D,
  auth_challenge = 0x0E,
  auth_response = 0x0F,
  auth_success = 0x10,
};

enum class Consistency : std::uint16_t {
  any = 0,
  one = 1,
  two = 2,
  three = 3,
  quorum = 4,
  all = 5,
  local_quorum = 6,
  each_quorum = 7,
  serial = 8,
  local_serial = 9,
  local_one = 10,
};
std::string_view to_string(Consistency consistency);
/// "local_quorum", in any case. @throws Error(config) that lists the words there are.
Consistency consistency_named(std::string_view name);

constexpr std::size_t header_size = 9;
constexpr std::uint8_t compressed_flag = 0x01;

struct FrameHeader {
  std::uint8_t flags = 0;
  std::int16_t stream = 0;
  Opcode opcode = Opcode::error;
  std::uint32_t length = 0;  ///< of the body
};
/// @throws Error(connection) for another protocol version, an unknown opcode, and for a length that
/// no server sends.
FrameHeader read_header(std::string_view bytes);

// Requests. Each gives the body; frame() puts the header before it.
struct QueryParameters {
  Consistency consistency = Consistency::local_quorum;
  std::optional<Consistency> serial;
  std::vector<std::optional<std::string>> values;  ///< as values.hpp writes them
  std::int32_t page_size = 0;                      ///< rows; 0: no paging
  std::string paging_state;
};
struct BatchItem {
  std::string query;
  std::vector<std::optional<std::string>> values;
};
enum class BatchKind : std::uint8_t { logged = 0, unlogged = 1, counter = 2 };

std::string frame(Opcode opcode, std::int16_t stream, std::string_view body,
                  std::uint8_t flags = 0);
std::string startup_body(const std::map<std::string, std::string>& options);
std::string auth_body(std::string_view user, std::string_view password);
std::string query_body(std::string_view query, const QueryParameters& parameters);
std::string prepare_body(std::string_view query);
std::string execute_body(std::string_view id, const QueryParameters& parameters);
/// EXECUTE with the cells of a row; one without a value is not set, which writes nothing, where a
/// null would take a value away.
std::string execute_cells_body(std::string_view id, Consistency consistency,
                               const std::vector<std::optional<std::string_view>>& cells);
std::string batch_body(BatchKind kind, const std::vector<BatchItem>& items, Consistency consistency,
                       std::optional<Consistency> serial);
std::string register_body(const std::vector<std::string>& events);

// Responses.

/// An ERROR with what the codes add to it (section 9).
struct ServerError {
  std::int32_t code = 0;
  std::string message;
  std::optional<Consistency> consistency;
  std::int32_t received = -1, required = -1;  ///< replicas; alive in `received` when unavailable
  std::string write_type;                     ///< "SIMPLE", "CAS", "BATCH_LOG", …
  bool data_present = false;                  ///< of a read
  std::int32_t failures = 0;
  std::string keyspace, object;  ///< already exists; failed function
  std::string prepared_id;       ///< unprepared
};
struct Ready {};
struct Authenticate {
  std::string authenticator;
};
struct AuthChallenge {
  std::string token;
};
struct AuthSuccess {};
struct Supported {
  std::map<std::string, std::vector<std::string>> options;
};
struct ColumnInfo {
  std::string name;
  ValueType type;
};
struct VoidResult {};
struct RowsResult {
  std::vector<ColumnInfo> columns;
  std::string paging_state;  ///< empty: these are the last
  std::size_t row_count = 0;
  std::string cells;  ///< of all rows, one [bytes] each
};
struct KeyspaceResult {
  std::string keyspace;
};
struct PreparedResult {
  std::string id;
  std::vector<ColumnInfo> parameters;
};
/// Of a definition, as a result or as an event.
struct SchemaChange {
  std::string change;  ///< "CREATED", "UPDATED", "DROPPED"
  std::string target;  ///< "KEYSPACE", "TABLE", "TYPE", "FUNCTION", "AGGREGATE"
  std::string keyspace, object;
};
/// A node that came, went, or was moved.
struct NodeEvent {
  std::string type;  ///< "TOPOLOGY_CHANGE", "STATUS_CHANGE"
  std::string change;
  std::string address;
  int port = 0;
};

struct Response {
  std::variant<VoidResult, ServerError, Ready, Authenticate, AuthChallenge, AuthSuccess, Supported,
               RowsResult, KeyspaceResult, PreparedResult, SchemaChange, NodeEvent>
      body;
  std::vector<std::string> warnings;
};
/// `body` is no longer compressed. @throws as malformed().
Response read_response(const FrameHeader& header, std::string_view body);

}  // namespace sterna::cql
