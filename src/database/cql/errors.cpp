#include "database/cql/errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace sterna::cql {
namespace {

constexpr std::int32_t invalid = 0x2200;

struct Code {
  std::int32_t number;
  std::string_view name;
  ErrorKind kind;
};
constexpr std::array<Code, 20> codes{{
    {0x0000, "server error", ErrorKind::unknown},
    {0x000A, "protocol error", ErrorKind::internal},
    {0x0100, "bad credentials", ErrorKind::permission},
    {0x1000, "unavailable", ErrorKind::connection},
    {0x1001, "overloaded", ErrorKind::connection},
    {0x1002, "is bootstrapping", ErrorKind::connection},
    {0x1003, "truncate error", ErrorKind::timeout},
    {0x1100, "write timeout", ErrorKind::timeout},
    {0x1200, "read timeout", ErrorKind::timeout},
    {0x1300, "read failure", ErrorKind::unknown},
    {0x1400, "function failure", ErrorKind::data},
    {0x1500, "write failure", ErrorKind::unknown},
    {0x1600, "CDC write failure", ErrorKind::unknown},
    {0x1700, "CAS write unknown", ErrorKind::timeout},
    {0x2000, "syntax error", ErrorKind::syntax},
    {0x2100, "unauthorized", ErrorKind::permission},
    {invalid, "invalid", ErrorKind::schema},
    {0x2300, "configuration error", ErrorKind::schema},
    {0x2400, "already exists", ErrorKind::schema},
    {0x2500, "unprepared", ErrorKind::internal},
}};

const Code* find_code(std::int32_t number) {
  for (const Code& code : codes) {
    if (code.number == number) return &code;
  }
  return nullptr;
}

std::string code_text(std::int32_t number) {
  char text[64];
  const Code* code = find_code(number);
  std::snprintf(text, sizeof text, "0x%04x%s%s", static_cast<unsigned>(number),
                code == nullptr ? "" : " ", code == nullptr ? "" : std::string(code->name).c_str());
  return text;
}

/// "line 2:15 no viable alternative…" is where the grammar stopped: lines from 1, columns from 0.
SourcePosition place(const std::string& message, const Statement& statement) {
  SourcePosition position = statement.position;
  const std::size_t at = message.find("line ");
  if (position.line == 0 || at == std::string::npos) return position;
  int line = 0, column = 0;
  const char* end = message.data() + message.size();
  const auto [colon, error] = std::from_chars(message.data() + at + 5, end, line);
  if (error != std::errc() || colon == end || *colon != ':') return position;
  if (std::from_chars(colon + 1, end, column).ec != std::errc() || line < 1) return position;
  position.column = line == 1 ? position.column + column : column + 1;
  position.line += line - 1;
  return position;
}

std::string replicas(const ServerError& error) {
  if (error.required < 0) return {};
  std::string text = std::to_string(error.received) + " of " + std::to_string(error.required) +
                     " replicas that are needed " +
                     (error.code == 0x1000 ? "are alive" : "answered");
  if (error.consistency) text += ", at consistency " + std::string(to_string(*error.consistency));
  if (!error.write_type.empty()) text += " (" + error.write_type + ")";
  if (error.failures > 0) text += "; " + std::to_string(error.failures) + " failed";
  return text;
}

bool says(const ServerError& server, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view part) {
    return server.message.find(part) != std::string::npos;
  });
}

/// One code, "invalid", is for definitions that are missing and for values that do not fit.
bool is_of_a_value(const ServerError& server) {
  return server.code == invalid &&
         says(server, {"null value", "Key may not be empty", " constant ("});
}

void advise(const ServerError& server, Error& error) {
  switch (server.code) {
    case 0x0100:
      error.suggest("check user and password of the URL");
      break;
    case 0x1000:
      error.suggest("start the nodes that are down (nodetool status names them)")
          .suggest("or raise the keyspace's replication factor, when it is 1");
      break;
    case 0x1001:
      error.suggest("wait until the load is less and try again");
      break;
    case 0x1100:
    case 0x1200:
    case 0x1700:
      error.suggest(
          "look for nodes that are down or overloaded (nodetool status, nodetool tpstats)");
      break;
    case 0x2100:
      error.suggest("grant the role what it lacks, or use another role");
      break;
    case invalid:
      if (is_of_a_value(server))
        error.suggest("give every column of the primary key a value, and each a value of its type");
      else if (says(server, {"does not exist", "doesn't exist", "unconfigured table",
                             "Undefined column", "Unknown identifier", "Unknown type"}))
        error.suggest(
            "`sterna status` tells which migrations the database has seen; names in double quotes "
            "keep their case");
      break;
    case 0x2400:
      error.suggest("it exists already: `sterna status` tells whether a migration made it")
          .suggest("drop it first, or write IF NOT EXISTS");
      break;
    default:
      break;
  }
}

}  // namespace

ErrorKind kind_of(std::int32_t number) {
  const Code* code = find_code(number);
  return code == nullptr ? ErrorKind::unknown : code->kind;
}

Error error_of(const ServerError& server, const Statement& statement) {
  Error error(is_of_a_value(server) ? ErrorKind::data : kind_of(server.code), server.message);
  error.with_code(code_text(server.code)).with_statement(statement.sql);
  error.at(server.code == 0x2000 ? place(server.message, statement) : statement.position);
  if (const std::string detail = replicas(server); !detail.empty()) error.with_detail(detail);
  if (!server.object.empty()) error.with_object(server.keyspace + "." + server.object);
  advise(server, error);
  return error;
}

bool in_doubt(const Error& error) {
  const std::string& code = error.code();
  if (code == "lost" || code == "no answer" || code == "interrupted" || code == "protocol")
    return true;
  for (const std::int32_t number : {0x0000, 0x1003, 0x1100, 0x1500, 0x1700}) {
    if (code == code_text(number)) return true;
  }
  return false;
}

bool passes(const Error& error) {
  return in_doubt(error) || tries_next_host(error) || error.kind() == ErrorKind::timeout ||
         error.code() == code_text(0x1300) || error.code() == code_text(0x2500);
}

bool tries_next_host(const Error& error) {
  const std::string& code = error.code();
  return (error.kind() == ErrorKind::connection && code != "protocol") || code == "no answer" ||
         code == code_text(0x1001) || code == code_text(0x1002);
}

}  // namespace sterna::cql
