#include <sterna/error.hpp>

namespace sterna {

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::connection:
      return "connection";
    case ErrorKind::schema:
      return "schema";
    case ErrorKind::dependency:
      return "dependency";
    case ErrorKind::timeout:
      return "timeout";
    case ErrorKind::lock:
      return "lock";
    case ErrorKind::permission:
      return "permission";
    case ErrorKind::syntax:
      return "syntax";
    case ErrorKind::data:
      return "data";
    case ErrorKind::checksum:
      return "checksum";
    case ErrorKind::validation:
      return "validation";
    case ErrorKind::plan:
      return "plan";
    case ErrorKind::config:
      return "config";
    case ErrorKind::refused:
      return "refused";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::internal:
      return "internal";
    case ErrorKind::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string to_string(const SourcePosition& position) {
  std::string text = position.file;
  if (position.line <= 0) return text;
  text += (text.empty() ? "line " : ":") + std::to_string(position.line);
  if (position.column > 0) text += ":" + std::to_string(position.column);
  return text;
}

}  // namespace sterna
