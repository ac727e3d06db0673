// SHA-256, for checksums of scripts and plans. Never used for secrets.
#pragma once

#include <string>
#include <string_view>

namespace sterna {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace sterna
