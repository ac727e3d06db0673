#include "bulk/directive.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace sterna::bulk {
namespace {

constexpr std::string_view opening = "-- sterna:";
constexpr std::string_view backfill_key = "backfill";
constexpr std::string_view online_key = "online";

[[noreturn]] void malformed(const Directive& directive, const std::string& message) {
  throw Error(ErrorKind::validation, "directive '" + directive.key + "': " + message)
      .at(directive.position)
      .suggest("write '-- sterna:" + directive.key +
               " table=users batch=auto pause=auto' above one statement");
}

std::int64_t number_of(const Directive& directive, std::string_view name, std::string_view value) {
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end || number < 1)
    malformed(directive, std::string(name) + "=" + std::string(value) + " is no number from 1");
  return number;
}

std::chrono::milliseconds duration_of(const Directive& directive, std::string_view name,
                                      std::string_view value) {
  try {
    return std::chrono::milliseconds(static_cast<std::int64_t>(parse_duration(value) * 1000));
  } catch (const Error&) {
    malformed(directive,
              std::string(name) + "=" + std::string(value) + " is no duration such as 20ms or 1s");
  }
}

void read_option(StepOptions& options, const Directive& directive, std::string_view name,
                 std::string_view value) {
  if (name == "table") {
    options.table = value;
  } else if (name == "batch") {
    if (value != "auto") options.batch = number_of(directive, name, value);
  } else if (name == "pause") {
    if (value != "auto") options.pause = duration_of(directive, name, value);
  } else if (name == "target") {
    options.target = duration_of(directive, name, value);
  } else if (name == "max-lag") {
    options.max_lag = duration_of(directive, name, value);
  } else if (name == "max-running") {
    options.max_running =
        static_cast<int>(std::min<std::int64_t>(number_of(directive, name, value), 1'000'000));
  } else if (name == "sync" && options.kind == StepKind::backfill) {
    if (value != "trigger" && value != "none")
      malformed(directive, "sync=" + std::string(value) + "; known are trigger and none");
    options.sync = value == "trigger";
  } else {
    malformed(directive, "unknown option '" + std::string(name) +
                             "'; known are table, batch, pause, target, max-lag, max-running" +
                             (options.kind == StepKind::backfill ? ", sync" : ""));
  }
}

}  // namespace

bool belongs_to_statement(std::string_view key) noexcept {
  return key == backfill_key || key == online_key;
}

StepOptions read_step(const Directive& directive) {
  StepOptions options;
  options.kind = directive.key == online_key ? StepKind::online : StepKind::backfill;
  options.position = directive.position;
  for (const std::string& word : split(directive.value, ' ')) {
    const std::string_view item = trim(word);
    if (item.empty()) continue;
    const std::size_t sign = item.find('=');
    if (sign == std::string_view::npos || sign + 1 == item.size())
      malformed(directive, "'" + std::string(item) + "' is not of the form option=value");
    read_option(options, directive, item.substr(0, sign), item.substr(sign + 1));
  }
  return options;
}

void attach(std::vector<Statement>& statements, const std::vector<Directive>& directives,
            int first_line, int last_line) {
  for (const Directive& directive : directives) {
    const int line = directive.position.line;
    if (!belongs_to_statement(directive.key) || line < first_line || line >= last_line) continue;
    read_step(directive);
    const auto below =
        std::find_if(statements.begin(), statements.end(),
                     [&](const Statement& statement) { return statement.position.line > line; });
    if (below == statements.end()) malformed(directive, "no statement stands below it");
    if (is_step(*below))
      malformed(directive, "the statement below it has such a directive already");
    below->sql = with_directive(directive.key, directive.value, below->sql);
  }
}

namespace {
bool begins_with_step(std::string_view sql) noexcept {
  if (!sql.starts_with(opening)) return false;
  const std::string_view rest = sql.substr(opening.size());
  return belongs_to_statement(rest.substr(0, rest.find_first_of(" \n")));
}
}  // namespace

bool is_step(const Statement& statement) noexcept { return begins_with_step(statement.sql); }

std::optional<StepOptions> step_of(const Statement& statement) {
  if (!is_step(statement)) return std::nullopt;
  std::string_view line = statement.sql;
  line = line.substr(opening.size(), line.find('\n') - opening.size());
  const std::size_t key_end = std::min(line.find(' '), line.size());
  return read_step({std::string(line.substr(0, key_end)), std::string(trim(line.substr(key_end))),
                    statement.position});
}

std::string_view body_of(const std::string& sql) noexcept {
  const std::string_view text = sql;
  return begins_with_step(text) ? text.substr(text.find('\n') + 1) : text;
}

std::string with_directive(std::string_view key, std::string_view value, std::string_view sql) {
  std::string text(opening);
  text += key;
  if (!value.empty()) (text += ' ') += value;
  return (text += '\n') += sql;
}

}  // namespace sterna::bulk
