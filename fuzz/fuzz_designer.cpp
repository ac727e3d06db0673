// What the designer's page may send, and anything else: read or refused with an Error, nothing
// else.
#include "designer/body.hpp"
#include "designer/layout.hpp"

#include <sterna/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    sterna::designer::layout_json(text);
  } catch (const sterna::Error&) {
  }
  try {
    const sterna::designer::Body body(text);
    body.renames();
    body.object("document");
    body.model("model");
  } catch (const sterna::Error&) {
  }
  return 0;
}
