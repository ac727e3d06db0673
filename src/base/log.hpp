// Where decisions are written (STERNA_DEBUG, -v) and SQL is logged (STERNA_LOG_SQL). A library
// imposes no logger: the sink is a function.
#pragma once

#include <functional>
#include <string_view>

namespace sterna {

enum class LogLevel { debug, info, warning, error };
using LogSink = std::function<void(LogLevel, std::string_view)>;

/// Process-wide sink; none at first, and then logging costs one comparison. Texts are masked
/// (mask_passwords) before they reach it.
void set_log_sink(LogSink sink, LogLevel least);
bool log_enabled(LogLevel level) noexcept;
void log(LogLevel level, std::string_view text);
inline void log_debug(std::string_view text) {
  if (log_enabled(LogLevel::debug)) log(LogLevel::debug, text);
}

}  // namespace sterna
