#include "support/tls.hpp"

#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"

#include <stdexcept>

namespace sterna::test {
namespace {

std::string folder() { return std::string(STERNA_BINARY_DIR) + "/test-servers-tls"; }

const std::map<std::string, std::string>& servers() {
  static const std::map<std::string, std::string> values = [] {
    const ProcessResult started = run_process(
        {std::string(STERNA_SOURCE_DIR) + "/tests/support/servers.sh", "start-tls", folder()});
    if (started.exit_code != 0)
      throw std::runtime_error("the TLS servers could not be started: " + started.output);
    std::map<std::string, std::string> result;
    for (const std::string& line : split(read_file(folder() + "/urls"), '\n')) {
      if (const std::size_t equals = line.find('='); equals != std::string::npos)
        result[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return result;
  }();
  return values;
}

std::string prefix(Kind kind) { return kind == Kind::postgres ? "POSTGRES" : "MYSQL"; }

}  // namespace

std::string missing_tls(Kind kind) {
  if (servers().contains(prefix(kind) + "_URL")) return {};
  const auto reason = servers().find(prefix(kind) + "_MISSING");
  return reason == servers().end() ? "the server did not start" : reason->second;
}

std::string tls_url(Kind kind, const std::map<std::string, std::string>& parameters) {
  Url url = parse_url(servers().at(prefix(kind) + "_URL"));
  for (const auto& [key, value] : parameters) {
    if (key == "user")
      url.user = value;
    else
      url.parameters[key] = value;
  }
  return url.reveal();
}

std::string certificate(const std::string& name) { return folder() + "/tls/" + name; }

}  // namespace sterna::test
