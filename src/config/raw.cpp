#include "config/raw.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace sterna {

Error refused(const Raw& raw, const std::string& expected, const std::string& text) {
  Error error(ErrorKind::config, "'" + text + "' was given where " + expected + " is expected");
  error.at(raw.position).suggest("it comes from " + raw.origin);
  return error;
}

std::string ValueReader::fill_in(const Raw& raw, const std::string& text) const {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find("${", at);
    if (start == std::string::npos) return result + text.substr(at);
    const std::size_t end = text.find('}', start);
    if (end == std::string::npos)
      throw Error(ErrorKind::config, "'${' without '}' in the value").at(raw.position);
    result += text.substr(at, start - at);
    const std::string inside = text.substr(start + 2, end - start - 2);
    const std::size_t fallback = inside.find(":-");
    const std::string name = inside.substr(0, fallback);
    if (const auto value = variable_(name)) {
      result += value->text;
    } else if (fallback != std::string::npos) {
      result += inside.substr(fallback + 2);
    } else {
      throw Error(ErrorKind::config, "the variable " + name + " is not set")
          .at(raw.position)
          .suggest("set " + name + ", in the environment or in .env")
          .suggest("or give a default: ${" + name + ":-…}");
    }
    at = end + 1;
  }
  return result;
}

std::string ValueReader::resolve(const Raw& raw, const std::string& text) const {
  std::string result = fill_in(raw, text);
  if (!result.starts_with("file:")) return result;
  std::filesystem::path path = result.substr(5);
  if (path.is_relative()) path = root_ / path;
  try {
    return std::string(trim(read_file(path)));
  } catch (Error& error) {
    error.suggest("it is named as a secret by " + raw.origin);
    throw;
  }
}

Setting<std::string> ValueReader::text(const std::optional<Raw>& raw, std::string fallback) const {
  if (!raw) return {std::move(fallback), "default"};
  return {resolve(*raw, raw->text), raw->origin};
}

Setting<bool> ValueReader::boolean(const std::optional<Raw>& raw, bool fallback) const {
  if (!raw) return {fallback, "default"};
  const std::string text = to_lower(resolve(*raw, raw->text));
  if (text == "true" || text == "1" || text == "yes" || text == "on") return {true, raw->origin};
  if (text == "false" || text == "0" || text == "no" || text == "off") return {false, raw->origin};
  throw refused(*raw, "true or false", text);
}

Setting<double> ValueReader::duration(const std::optional<Raw>& raw, double fallback) const {
  if (!raw) return {fallback, "default"};
  const std::string text = resolve(*raw, raw->text);
  try {
    return {parse_duration(text), raw->origin};
  } catch (const Error&) {
    throw refused(*raw, "a duration such as 500ms, 5s or 2m", text);
  }
}

Setting<int> ValueReader::number(const std::optional<Raw>& raw, int fallback) const {
  if (!raw) return {fallback, "default"};
  const std::string text = resolve(*raw, raw->text);
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0)
    throw refused(*raw, "a number from 0", text);
  return {number, raw->origin};
}

Setting<std::string> ValueReader::choice(const std::optional<Raw>& raw, std::string fallback,
                                         const std::vector<std::string>& choices) const {
  Setting<std::string> chosen = text(raw, std::move(fallback));
  if (!raw || std::find(choices.begin(), choices.end(), chosen.value) != choices.end())
    return chosen;
  std::vector<std::string> others(choices.begin(), choices.end() - 1);
  throw refused(*raw, join(others, ", ") + " or " + choices.back(), chosen.value);
}

Setting<std::vector<std::string>> ValueReader::list(const std::optional<Raw>& raw,
                                                    std::vector<std::string> fallback) const {
  if (!raw) return {std::move(fallback), "default"};
  std::vector<std::string> items = raw->is_list ? raw->list : std::vector{raw->text};
  for (std::string& item : items) item = resolve(*raw, item);
  return {std::move(items), raw->origin};
}

}  // namespace sterna
