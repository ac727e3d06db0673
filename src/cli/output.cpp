#include "cli/output.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "migration/planner.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace sterna::cli {
namespace {

bool colours_out = false;
bool colours_err = false;

bool set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

std::string_view code_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "\033[32m";
    case Tone::warning:
      return "\033[33m";
    case Tone::bad:
      return "\033[31m";
    case Tone::dim:
      return "\033[2m";
    case Tone::strong:
      return "\033[1m";
    case Tone::plain:
      break;
  }
  return {};
}

/// Characters, not bytes: names may hold any letters.
std::size_t width(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) ++count;
  }
  return count;
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string result(indent);
  for (const char c : text) {
    result += c;
    if (c == '\n') result += indent;
  }
  return result;
}

}  // namespace

void set_colours(bool forbidden) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  const bool off = forbidden || set("NO_COLOR") || log_is_json();
  const bool forced = !off && set("CLICOLOR_FORCE");
  colours_out = forced || (!off && !dumb && isatty(STDOUT_FILENO) != 0);
  colours_err = forced || (!off && !dumb && isatty(STDERR_FILENO) != 0);
}

std::string toned(std::string_view text, Tone tone, bool to_stderr) {
  if (tone == Tone::plain || !(to_stderr ? colours_err : colours_out)) return std::string(text);
  return fmt::format("{}{}\033[0m", code_of(tone), text);
}

void print(std::string_view text) {
  const std::string masked = mask_passwords(text);
  std::fwrite(masked.data(), 1, masked.size(), stdout);
}

bool log_is_json() {
  const char* log = std::getenv("STERNA_LOG");
  return log != nullptr && std::string_view(log) == "json";
}

void check_log_format() {
  const char* log = std::getenv("STERNA_LOG");
  const std::string_view format = log != nullptr ? log : "";
  if (format.empty() || format == "json" || format == "text") return;
  throw Error(ErrorKind::config, fmt::format("STERNA_LOG is '{}': it can be json or text", format))
      .with_state("nothing was run")
      .suggest("STERNA_LOG=json writes events as JSON lines; unset, they are text");
}

std::string log_time() {
  std::string time = utc_now();  // "YYYY-MM-DD HH:MM:SS.ffffff"
  std::replace(time.begin(), time.end(), ' ', 'T');
  return time + "Z";
}

namespace {

nlohmann::ordered_json log_event(std::string_view kind) {
  nlohmann::ordered_json json;
  json["time"] = log_time();
  json["event"] = kind;
  return json;
}

std::string one_line(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void say(std::string_view text) {
  if (!log_is_json()) return say_line(text);
  nlohmann::ordered_json json = log_event("message");
  json["text"] = mask_passwords(text);
  say_line(one_line(json));
}

void say_line(std::string_view text) {
  const std::string masked = mask_passwords(text) + "\n";
  std::fflush(stdout);
  std::fwrite(masked.data(), 1, masked.size(), stderr);
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      line += rows[r][i];
      if (i + 1 < rows[r].size()) line.append(widths[i] - width(rows[r][i]) + 2, ' ');
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += (r == 0 ? toned(line, Tone::strong) : line) + "\n";
  }
  return text;
}

void print_problems(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    const bool error = problem.severity == Problem::Severity::error;
    const std::string where = to_string(problem.position);
    print(fmt::format("{}{}: {}\n", where.empty() ? std::string() : where + ": ",
                      toned(error ? "error" : "warning", error ? Tone::bad : Tone::warning),
                      problem.message));
    for (const std::string& suggestion : problem.suggestions)
      print(fmt::format("    try: {}\n", suggestion));
  }
}

std::string explain(const Error& error) {
  std::string text =
      toned(fmt::format("error ({}): ", to_string(error.kind())), Tone::bad, true) + error.what();
  const auto line = [&](std::string_view label, const std::string& value) {
    if (!value.empty())  // its further lines under the first one
      text += fmt::format("\n  {:<10} {}", label, join(split(value, '\n'), "\n             "));
  };
  line("at", to_string(error.position()));
  line("code", error.code());
  line("object", error.object());
  line("detail", error.detail());
  if (!error.statement().empty()) {
    std::string statement = error.statement();
    constexpr std::size_t most = 1500;
    if (statement.size() > most) statement = statement.substr(0, most) + " …";
    text += fmt::format("\n  {:<10}\n{}", "statement", indented(statement, "    "));
  }
  line("state", error.state());
  for (const std::string& suggestion : error.suggestions()) line("try", suggestion);
  return text;
}

namespace {

nlohmann::ordered_json json_of(const Error& error) {
  nlohmann::ordered_json body;
  body["kind"] = to_string(error.kind());
  body["message"] = mask_passwords(error.what());
  body["code"] = error.code();
  body["object"] = error.object();
  body["file"] = error.position().file;
  body["line"] = error.position().line;
  body["column"] = error.position().column;
  body["statement"] = mask_passwords(error.statement());
  body["detail"] = mask_passwords(error.detail());
  body["state"] = error.state();
  body["suggestions"] = error.suggestions();
  body["exit_code"] = exit_code(error.kind());
  return body;
}

}  // namespace

void tell(const Error& error) {
  if (!log_is_json()) return say(explain(error));
  nlohmann::ordered_json json = log_event("error");
  json["error"] = json_of(error);
  say_line(one_line(json));
}

std::string explain_json(const Error& error) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["error"] = json_of(error);
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::config:
      return 3;
    case ErrorKind::connection:
      return 4;
    case ErrorKind::lock:
      return 5;
    case ErrorKind::checksum:
    case ErrorKind::validation:
    case ErrorKind::plan:
      return 6;
    case ErrorKind::refused:
      return 7;
    case ErrorKind::interrupted:
      return 130;
    default:
      return 1;
  }
}

bool stdin_is_terminal() { return isatty(STDIN_FILENO) != 0; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) != 0; }

bool ask(std::string_view question, std::string_view expected) {
  if (!stdin_is_terminal() || !stderr_is_terminal()) return false;
  fmt::print(stderr, "{} ", question);
  std::fflush(stderr);
  std::string answer;
  if (!std::getline(std::cin, answer)) return false;
  const std::string_view given = trim(answer);
  if (!expected.empty()) return given == expected;
  return equals_ignoring_case(given, "y") || equals_ignoring_case(given, "yes");
}

}  // namespace sterna::cli
