#include "config/dotenv.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

namespace sterna {
namespace {

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  }
  return true;
}

/// The value after '='; false when a quote is left open.
bool read_value(std::string_view text, std::string& out) {
  text = trim(text);
  if (text.empty()) return true;
  const char quote = text.front();
  if (quote != '"' && quote != '\'') {
    const std::size_t comment = text.find(" #");
    out = std::string(trim(text.substr(0, comment)));
    return true;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      const std::string_view rest = trim(text.substr(i + 1));
      return rest.empty() || rest.front() == '#';
    }
    if (quote == '"' && text[i] == '\\' && i + 1 < text.size()) {
      const char next = text[++i];
      out += next == 'n' ? '\n' : next == 't' ? '\t' : next;
    } else {
      out += text[i];
    }
  }
  return false;
}

}  // namespace

std::map<std::string, DotenvValue, std::less<>> parse_dotenv(std::string_view text,
                                                             std::string_view file) {
  std::map<std::string, DotenvValue, std::less<>> values;
  int number = 0;
  for (const std::string& raw : split(text, '\n')) {
    ++number;
    std::string_view line = trim(raw);
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const std::size_t equals = line.find('=');
    const std::string_view name = trim(line.substr(0, std::min(equals, line.size())));
    DotenvValue value{{}, number};
    if (equals == std::string_view::npos || !is_name(name) ||
        !read_value(line.substr(equals + 1), value.value)) {
      throw Error(ErrorKind::config, "this line is no KEY=VALUE")
          .at({std::string(file), number, 1})
          .suggest("quote values that hold spaces or #");
    }
    values[std::string(name)] = std::move(value);
  }
  return values;
}

}  // namespace sterna
