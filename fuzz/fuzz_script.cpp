// Any bytes, in any language: parsed or refused with a validation error; the parts lie inside the
// text, the up part first; every text has a hash.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sterna/error.hpp>

#include "sql/script.hpp"

namespace {

using sterna::Language;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_part(std::string_view text, const sterna::ScriptPart& part) {
  if (!part.present) return;
  require(part.text.data() >= text.data() &&
          part.text.data() + part.text.size() <= text.data() + text.size());
  require(part.first_line >= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto language = static_cast<Language>(data[0] % 5);
  require(sterna::token_hash(text, language).size() == 64);
  if (language == Language::cpp) return 0;
  try {
    const sterna::Script script = sterna::parse_script(text, language, "fuzz.sql");
    check_part(text, script.up);
    check_part(text, script.down);
    if (script.up.present && script.down.present)
      require(script.up.text.data() + script.up.text.size() <= script.down.text.data());
    for (const sterna::Directive& directive : script.directives)
      require(!directive.key.empty() && directive.position.line >= 1);
  } catch (const sterna::Error& error) {
    require(error.kind() == sterna::ErrorKind::validation);
    require(error.position().line >= 1 && error.position().column >= 1);
  }
  return 0;
}
