#include "cli/progress.hpp"

#include "base/system.hpp"
#include "base/text.hpp"
#include "base/url.hpp"
#include "cli/output.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

namespace sterna::cli {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1e6;
}

std::string as_json(const Event& event) {
  nlohmann::ordered_json json;
  json["time"] = utc_now();
  json["event"] = to_string(event.kind);
  json["connection"] = event.connection;
  if (!event.migration.empty()) json["migration"] = event.migration;
  json["direction"] = event.direction == Direction::up ? "up" : "down";
  if (event.count > 0) json["index"] = event.index, json["count"] = event.count;
  if (!event.text.empty()) json["text"] = mask_passwords(event.text);
  if (event.duration.count() > 0) json["duration_us"] = event.duration.count();
  if (event.kind == EventKind::progress) json["done"] = event.done, json["total"] = event.total;
  if (event.error != nullptr)
    json["error"] = {{"kind", to_string(event.error->kind())},
                     {"code", event.error->code()},
                     {"message", mask_passwords(event.error->what())},
                     {"state", event.error->state()}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string fit_line(std::string_view text, std::size_t most) {
  std::string line;
  bool space = false;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    line += c;
    if (line.size() > most) return line.substr(0, most) + "…";
  }
  return line;
}

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

bool log_is_json() {
  const char* log = std::getenv("STERNA_LOG");
  return log != nullptr && std::string_view(log) == "json";
}

struct Progress::State {
  ProgressOptions options;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread ticker;
  bool ended = false;
  bool shown = false;
  std::string migration, statement;
  Clock::time_point since = Clock::now();
  std::ofstream sql_log;

  void draw() {
    if (migration.empty()) return;
    const double running = std::chrono::duration<double>(Clock::now() - since).count();
    const std::string line = fit_line(
        fmt::format("{}  {:.1f} s  {}", migration, running, statement), terminal_columns() - 2);
    fmt::print(stderr, "\r\033[K{}", line);
    std::fflush(stderr);
    shown = true;
  }
  void erase() {
    if (!shown) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    shown = false;
  }
  void line(std::string_view text) {
    erase();
    say(text);
  }
};

Progress::Progress(ProgressOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  const std::string& log = state_->options.log_sql;
  if (!log.empty() && log != "stderr" && log != "1" && log != "true") {
    state_->sql_log.open(log, std::ios::app);
    if (!state_->sql_log) {
      throw Error(ErrorKind::config, "cannot write the SQL log '" + log + "'")
          .suggest("STERNA_LOG_SQL names a file, or is 1 for standard error");
    }
  }
}

Progress::~Progress() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
    state_->erase();
  }
  state_->wake.notify_all();
  if (state_->ticker.joinable()) state_->ticker.join();
}

void Progress::clear() {
  const std::lock_guard lock(state_->mutex);
  state_->erase();
  state_->migration.clear();
}

void Progress::on_event(const Event& event) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  const ProgressOptions& options = state.options;
  if (options.json) {
    state.line(as_json(event));
    return;
  }
  const bool log_sql = !options.log_sql.empty();
  const bool quiet = options.verbosity < 0;
  const char* arrow = event.direction == Direction::up ? "up  " : "down";
  switch (event.kind) {
    case EventKind::migration_started:
      state.migration =
          fmt::format("[{}/{}] {} {}", event.index, event.count, arrow, event.migration);
      state.statement.clear();
      state.since = Clock::now();
      if (options.terminal && !quiet) {
        state.draw();
        if (!state.ticker.joinable()) {
          state.ticker = std::thread([&state] {
            std::unique_lock tick(state.mutex);
            while (!state.wake.wait_for(tick, std::chrono::milliseconds(100),
                                        [&] { return state.ended; }))
              state.draw();
          });
        }
      }
      break;
    case EventKind::migration_finished:
      if (!quiet) {
        state.line(fmt::format("{} {}  {}", toned(arrow, Tone::good, true), event.migration,
                               toned(format_duration(seconds(event.duration)), Tone::dim, true)));
      }
      state.migration.clear();
      break;
    case EventKind::migration_failed:
      state.migration.clear();
      break;
    case EventKind::statement_started:
      state.statement = event.text;
      state.since = Clock::now();
      if (options.verbosity > 0) state.line(fmt::format("     {}", fit_line(event.text, 160)));
      break;
    case EventKind::statement_finished:
      if (log_sql) {
        const std::string text =
            mask_passwords(fmt::format("{} {} [{}] {}", utc_now(), event.migration,
                                       format_duration(seconds(event.duration)), event.text));
        if (state.sql_log.is_open())
          state.sql_log << text << std::endl;
        else
          state.line(text);
      }
      break;
    case EventKind::retry:
      state.line(toned("retry ", Tone::warning, true) + event.text);
      break;
    case EventKind::lock_wait:
      state.line(toned("lock  ", Tone::warning, true) + event.text);
      break;
    case EventKind::resume:
      state.line(toned("resume ", Tone::warning, true) + event.text);
      break;
    case EventKind::warning:
      state.line(toned("warning ", Tone::warning, true) + event.text);
      break;
    case EventKind::notice:
      if (!quiet) state.line(toned("notice ", Tone::dim, true) + event.text);
      break;
    case EventKind::progress:
      state.statement = event.total > 0
                            ? fmt::format("{} {}/{}", event.text, event.done, event.total)
                            : fmt::format("{} {}", event.text, event.done);
      break;
    default:
      break;
  }
}

}  // namespace sterna::cli
