// LZ4 for the bodies of frames (native_protocol_v4.spec, section 5): liblz4, opened when a server
// offers it. Used by the client alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sterna::cql {

/// False when liblz4 is not installed: then bodies travel as they are.
bool has_lz4();
/// The size of the body as four bytes, and the block.
std::string lz4_compressed(std::string_view body);
/// @throws as malformed() when the bytes are no such block.
std::string lz4_restored(std::string_view bytes);

}  // namespace sterna::cql
