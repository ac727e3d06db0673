#include "database/cql/compression.hpp"

#include "base/dynamic_library.hpp"
#include "database/cql/bytes.hpp"

#include <limits>

namespace sterna::cql {
namespace {

// Their declarations are part of liblz4's stable interface (lz4.h, "Simple Functions"); the
// development package is not needed for three functions.
struct Lz4 {
  int (*LZ4_compress_default)(const char* source, char* target, int size, int capacity) = nullptr;
  int (*LZ4_decompress_safe)(const char* source, char* target, int size, int capacity) = nullptr;
  int (*LZ4_compressBound)(int size) = nullptr;
};

const std::optional<Lz4>& lz4() {
  static const std::optional<Lz4> functions = []() -> std::optional<Lz4> {
    try {
      const DynamicLibrary library("liblz4.so.1");
      Lz4 loaded;
      library.load(loaded.LZ4_compress_default, "LZ4_compress_default");
      library.load(loaded.LZ4_decompress_safe, "LZ4_decompress_safe");
      library.load(loaded.LZ4_compressBound, "LZ4_compressBound");
      return loaded;
    } catch (const Error&) {
      return std::nullopt;
    }
  }();
  return functions;
}

constexpr std::size_t size_bytes = 4;
constexpr std::size_t largest = 1U << 30;

}  // namespace

bool has_lz4() { return lz4().has_value(); }

std::string lz4_compressed(std::string_view body) {
  if (body.size() > largest)
    throw Error(ErrorKind::validation, "a statement is longer than the protocol allows");
  ByteWriter writer;
  writer.int_number(static_cast<std::int64_t>(body.size()));
  std::string result = writer.release();
  const int capacity = lz4()->LZ4_compressBound(static_cast<int>(body.size()));
  result.resize(size_bytes + static_cast<std::size_t>(capacity));
  const int size = lz4()->LZ4_compress_default(body.data(), result.data() + size_bytes,
                                               static_cast<int>(body.size()), capacity);
  if (size <= 0) throw Error(ErrorKind::internal, "liblz4 could not compress a message");
  result.resize(size_bytes + static_cast<std::size_t>(size));
  return result;
}

std::string lz4_restored(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto size = static_cast<std::uint32_t>(reader.int_number());
  const std::string_view block = reader.take(reader.left());
  // A block of LZ4 grows to 255 times its size at most: more is a lie that must not be believed
  // with memory.
  constexpr std::size_t most_growth = 255;
  if (!has_lz4()) malformed("it is compressed, which was not agreed");
  if (size > largest || size > (block.size() + 16) * most_growth)
    malformed("it says that it has " + std::to_string(size) + " bytes when restored");
  std::string result(size, '\0');
  if (size == 0) return result;
  const int restored = lz4()->LZ4_decompress_safe(
      block.data(), result.data(), static_cast<int>(block.size()), static_cast<int>(size));
  if (restored != static_cast<int>(size)) malformed("its compressed body cannot be restored");
  return result;
}

}  // namespace sterna::cql
