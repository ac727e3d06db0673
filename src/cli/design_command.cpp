// design: the visual designer's server, and the browser that shows it.
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "designer/designer.hpp"
#include "designer/guard.hpp"
#include "http/server.hpp"
#include "program/options.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>
#include <cstdlib>

namespace sterna::cli {
namespace {

constexpr int usual_port = 3001;
constexpr std::size_t least_token = 16;

/// The system's opener, beside us and silent. Where there is none, the address was printed.
void open_browser(const std::string& address) {
#ifdef __APPLE__
  std::string program = "open";
#else
  std::string program = "xdg-open";
#endif
  std::string argument = address;
  char* const arguments[] = {program.data(), argument.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  posix_spawnp(&child, program.c_str(), &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
}

/// That of this start, or the one that a person chose to share.
std::string token_of(const Invocation& invocation, bool loopback) {
  const char* given = std::getenv("STERNA_DESIGN_TOKEN");
  const std::string token = given != nullptr ? given : "";
  if (token.empty() && loopback) return designer::new_token();
  if (token.size() >= least_token) return token;
  if (!token.empty())
    throw Error(ErrorKind::config,
                fmt::format("STERNA_DESIGN_TOKEN is shorter than {} characters", least_token));
  throw Error(ErrorKind::refused,
              fmt::format("--host {} lets other machines in: that needs a token",
                          invocation.value("host").value_or("")))
      .with_state("nothing was started")
      .suggest("set STERNA_DESIGN_TOKEN to a secret of your own (openssl rand -hex 32)")
      .suggest("or leave --host out and reach this machine through `ssh -L 3001:localhost:3001`");
}

DesignerOptions designer_options(Session& session, const Invocation& invocation,
                                 std::string token) {
  DesignerOptions options;
  options.config = session.config();
  options.connection = session.connection_config().name;
  options.token = std::move(token);
  options.allow_apply = invocation.has("allow-apply");
  options.base = invocation.value("STATE").value_or(options.base);
  options.engine_options = [&session](std::string_view name) {
    const Config& config = session.config();
    const EngineOptions& own = session.engine().options();
    EngineOptions made = engine_options(config, config.connection(std::string(name)));
    made.compile = own.compile;
    made.file_cache = own.file_cache;
    made.run.compile_cpp = own.run.compile_cpp;
    return made;
  };
  return options;
}

HttpServerOptions server_options(const Invocation& invocation, const std::string& host) {
  HttpServerOptions options;
  options.host = host;
  const auto port = invocation.port();
  options.port = port.value_or(usual_port);
  options.other_port_when_taken = !port.has_value();
  options.allowed_hosts = invocation.all("allow-host");
  options.body_limit = 64U * 1024 * 1024;
  return options;
}

}  // namespace

int run_design(Invocation& invocation) {
  const std::string host = invocation.value("host").value_or("127.0.0.1");
  const std::string token = token_of(invocation, is_loopback_host(host));
  Session session(invocation);
  policy_of(session);  // the page follows it: its rules in C++ are compiled now
  Designer designer(designer_options(session, invocation, token));
  HttpServer server(server_options(invocation, host),
                    [&](const HttpRequest& request) { return designer.handle(request); });
  // Behind #, where no log and no server sees it.
  const std::string address = fmt::format(
      "{}/ui/#token={}",
      is_loopback_host(host) ? fmt::format("http://localhost:{}", server.port()) : server.address(),
      token);
  if (invocation.json())
    print(nlohmann::ordered_json{{"schema_version", 1}, {"url", address}, {"port", server.port()}}
              .dump() +
          "\n");
  else
    print(fmt::format("designer: {}\n", address));
  if (invocation.has("allow-apply"))
    say(fmt::format("{} migrations may be applied from the page",
                    toned("note", Tone::warning, true)));
  say("stop with Ctrl-C");
  if (!invocation.has("no-open") && stderr_is_terminal()) open_browser(address);
  server.run(session.engine().stop());
  return 0;
}

}  // namespace sterna::cli
