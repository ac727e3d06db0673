#include "database/cql/client.hpp"

#include "base/system.hpp"
#include "database/cql/compression.hpp"
#include "database/cql/errors.hpp"
#include "database/cql/values.hpp"

namespace sterna::cql {
namespace {

constexpr std::size_t worth_compressing = 512;

bool offers(const Supported& supported, const std::string& key, const std::string& value) {
  const auto found = supported.options.find(key);
  if (found == supported.options.end()) return false;
  return std::find(found->second.begin(), found->second.end(), value) != found->second.end();
}

}  // namespace

Client::Client(const Url::Host& host, const Login& login, const UrlOptions& options,
               Deadline deadline)
    : host_(host), stream_(host, options.tls, deadline) {
  start(login, options, deadline);
}

void Client::start(const Login& login, const UrlOptions& options, Deadline deadline) {
  const auto refused = [](const Response& response) {
    if (const auto* error = std::get_if<ServerError>(&response.body)) throw error_of(*error, {});
    malformed("it is not what the start of a session calls for");
  };
  Response response = request(Opcode::options, {}, deadline);
  if (auto* supported = std::get_if<Supported>(&response.body))
    supported_ = std::move(*supported);
  else
    refused(response);
  std::map<std::string, std::string> settings{{"CQL_VERSION", "3.0.0"},
                                              {"DRIVER_NAME", login.application},
                                              {"DRIVER_VERSION", std::string(version())}};
  if (const auto versions = supported_.options.find("CQL_VERSION");
      versions != supported_.options.end() && !versions->second.empty())
    settings["CQL_VERSION"] = versions->second.back();
  const bool compress =
      options.compression && offers(supported_, "COMPRESSION", "lz4") && has_lz4();
  if (compress) settings["COMPRESSION"] = "lz4";
  response = request(Opcode::startup, startup_body(settings), deadline);
  compresses_ = compress;  // STARTUP itself is not compressed, its answer may be
  if (std::holds_alternative<Authenticate>(response.body)) {
    if (login.user.empty())
      throw Error(ErrorKind::permission, "the server asks for a user and a password")
          .suggest("write them into the URL: cassandra://USER:PASSWORD@HOST/KEYSPACE");
    response = request(Opcode::auth_response, auth_body(login.user, login.password), deadline);
    if (std::holds_alternative<AuthSuccess>(response.body)) return;
    refused(response);
  }
  if (!std::holds_alternative<Ready>(response.body)) refused(response);
}

Response Client::request(Opcode opcode, std::string_view body, Deadline deadline) {
  const std::int16_t stream = post(opcode, body, deadline);
  // An answer that nobody waits for any more has the number of an older request.
  for (;;) {
    auto [number, response] = answer(deadline);
    if (number == stream) return std::move(response);
  }
}

std::int16_t Client::post(Opcode opcode, std::string_view body, Deadline deadline) {
  constexpr std::size_t full = 64U * 1024U;
  if (broken_)
    throw Error(ErrorKind::connection, "the session with " + to_string(host_) + " was lost")
        .with_code("lost");
  const std::int16_t stream = next_stream_;
  next_stream_ = static_cast<std::int16_t>((next_stream_ + 1) & 0x7FFF);
  const bool compress = compresses_ && body.size() >= worth_compressing;
  output_ += compress ? frame(opcode, stream, lz4_compressed(body), compressed_flag)
                      : frame(opcode, stream, body);
  if (output_.size() >= full) flush(deadline);
  return stream;
}

void Client::flush(Deadline deadline) {
  if (output_.empty()) return;
  const std::string bytes = std::exchange(output_, {});
  try {
    stream_.write(bytes, deadline);
  } catch (const Error&) {
    broken_ = true;  // half a message was sent
    throw;
  }
}

std::pair<std::int16_t, Response> Client::answer(Deadline deadline) {
  flush(deadline);
  try {
    return receive(deadline);
  } catch (const Error& error) {
    // What comes cannot be told apart: the session is of no use.
    if (error.kind() == ErrorKind::connection) broken_ = true;
    throw;
  }
}

std::string_view Client::need(std::size_t count, Deadline deadline) {
  if (consumed_ > 0 && consumed_ == input_.size()) {
    input_.clear();
    consumed_ = 0;
  }
  while (input_.size() - consumed_ < count) input_ += stream_.read(deadline);
  return std::string_view(input_).substr(consumed_, count);
}

std::pair<std::int16_t, Response> Client::receive(Deadline deadline) {
  constexpr std::int16_t of_events = -1;
  for (;;) {
    const FrameHeader header = read_header(need(header_size, deadline));
    std::string_view body = need(header_size + header.length, deadline).substr(header_size);
    consumed_ += header_size + header.length;
    std::string restored;
    if ((header.flags & compressed_flag) != 0) {
      restored = lz4_restored(body);
      body = restored;
    }
    Response response = read_response(header, body);
    if (header.stream != of_events) return {header.stream, std::move(response)};
    if (auto* event = std::get_if<NodeEvent>(&response.body)) events_.push_back(std::move(*event));
  }
}

const PreparedResult& Client::prepare(const std::string& query, Deadline deadline) {
  if (const auto found = prepared_.find(query); found != prepared_.end()) return found->second;
  Response response = request(Opcode::prepare, prepare_body(query), deadline);
  if (const auto* error = std::get_if<ServerError>(&response.body))
    throw error_of(*error, Statement{query, {}, {}, {}});
  auto* prepared = std::get_if<PreparedResult>(&response.body);
  if (prepared == nullptr) malformed("it is not what PREPARE calls for");
  constexpr std::size_t most = 256;
  if (prepared_.size() >= most) prepared_.clear();
  return prepared_[query] = std::move(*prepared);
}

void Client::watch_nodes(Deadline deadline) {
  const Response response =
      request(Opcode::register_, register_body({"TOPOLOGY_CHANGE", "STATUS_CHANGE"}), deadline);
  if (const auto* error = std::get_if<ServerError>(&response.body)) throw error_of(*error, {});
}

void each_row(const RowsResult& result, const std::function<void(Row&&)>& visit) {
  auto names = std::make_shared<std::vector<std::string>>();
  for (const ColumnInfo& column : result.columns) names->push_back(column.name);
  ByteReader reader(result.cells);
  for (std::size_t i = 0; i < result.row_count; ++i) {
    std::vector<Value> values;
    values.reserve(result.columns.size());
    for (const ColumnInfo& column : result.columns)
      values.push_back(read_value(column.type, reader.bytes()));
    visit(Row(names, std::move(values)));
  }
}

}  // namespace sterna::cql
