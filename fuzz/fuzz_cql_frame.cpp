// Whatever a server sends ends in an answer or in an error: frames, rows, values, compressed
// bodies.
#include "database/cql/client.hpp"
#include "database/cql/compression.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sterna;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const cql::FrameHeader header = cql::read_header(bytes);
    std::string_view body = bytes.substr(cql::header_size);
    std::string restored;
    if ((header.flags & cql::compressed_flag) != 0) {
      restored = cql::lz4_restored(body);
      body = restored;
    }
    const cql::Response response = cql::read_response(header, body);
    if (const auto* rows = std::get_if<cql::RowsResult>(&response.body))
      cql::each_row(*rows, [](Row&&) {});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::connection) __builtin_trap();
  }
  return 0;
}
