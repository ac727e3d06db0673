// The values of a command line as what they are meant to be: text, numbers, ports, durations. What
// is none is a usage error, whichever command it is given to.
#include "cli/command.hpp"

#include "base/text.hpp"

#include <sterna/error.hpp>

#include <charconv>

namespace sterna::cli {

std::optional<std::string> Invocation::value(std::string_view name) const {
  const auto found = values.find(name);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Invocation::all(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>() : found->second;
}

std::optional<int> Invocation::number(std::string_view name, int least, int most) const {
  const std::optional<std::string> text = value(name);
  if (!text) return std::nullopt;
  int number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    std::string range = "from " + std::to_string(least);
    if (most != std::numeric_limits<int>::max()) range += " to " + std::to_string(most);
    throw Error(ErrorKind::config,
                "--" + std::string(name) + " takes a number " + range + ", not '" + *text + "'");
  }
  return number;
}

std::optional<double> Invocation::duration(std::string_view name) const {
  const std::optional<std::string> text = value(name);
  if (!text) return std::nullopt;
  try {
    return parse_duration(*text);
  } catch (const Error&) {  // of a file it would be the file's fault, here it is the usage
    throw Error(ErrorKind::config, "--" + std::string(name) +
                                       " takes a duration such as 500ms, 5s, 2m or 1h, not '" +
                                       *text + "'");
  }
}

int Invocation::verbosity() const {
  if (has("quiet")) return -1;
  return has("verbose") ? 1 : 0;
}

}  // namespace sterna::cli
