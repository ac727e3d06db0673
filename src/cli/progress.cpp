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
  json["time"] = log_time();
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
  std::size_t characters = 0;
  bool space = false;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == '\t' || c == ' ') {
      space = !line.empty();
      continue;
    }
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && characters + (space ? 2 : 1) > most) return line + "…";
    if (space) line += ' ', ++characters;
    space = false;
    line += c;
    if (begins) ++characters;
  }
  return line;
}

std::string progress_line(const Doing& doing, std::size_t columns) {
  // "backfill of users.age, 4000 rows/s, 3 min 2 s left, batches of 5000:"
  std::vector<std::string> first, rest;
  std::string_view said = trim(doing.text);
  if (!doing.measure.empty()) {
    first.push_back(doing.measure);
    if (said.ends_with(':')) said.remove_suffix(1);
    for (std::size_t from = 0; from < said.size();) {
      const std::size_t comma = std::min(said.find(", ", from), said.size());
      const std::string_view part = said.substr(from, comma - from);
      (part.ends_with(" left") ? first : rest).emplace_back(part);
      from = comma + 2;
    }
  } else if (!said.empty()) {
    rest.emplace_back(said);
  }
  std::string told = fmt::format(" {:.1f} s", doing.seconds);
  if (!first.empty()) told += " " + join(first, ", ");
  // The name gives way to the numbers, but not all of it.
  constexpr std::size_t least_name = 12;
  const std::size_t most = columns - 1;  // and the sign that something was cut
  const std::size_t room = std::max(most - std::min(most, told.size()), least_name);
  std::string line = fit_line(doing.migration, room);
  if (line.ends_with("…")) line = fit_line(doing.migration, room - 1);
  line += told;
  if (!rest.empty()) line += (first.empty() ? " " : ", ") + join(rest, ", ");
  return fit_line(line, most);
}

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

struct Progress::State {
  ProgressOptions options;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread ticker;
  bool ended = false;
  bool shown = false;
  Doing doing;
  Clock::time_point since = Clock::now(), told = since;
  int tenths = 0;  // of the total, when it was last told
  std::ofstream sql_log;

  std::string line_of(std::size_t columns) {
    doing.seconds = std::chrono::duration<double>(Clock::now() - since).count();
    return progress_line(doing, columns);
  }
  void draw() {
    if (doing.migration.empty()) return;
    fmt::print(stderr, "\r\033[K{}", line_of(terminal_columns() - 1));
    std::fflush(stderr);
    shown = true;
  }
  /// Without a terminal: a line of its own, now and then.
  void tell_if_due(bool tenth = false) {
    const auto pause = tenth ? options.interval / 10 : options.interval;
    if (doing.migration.empty() || Clock::now() - told < pause) return;
    constexpr std::size_t log_columns = 160;
    say("     " + line_of(log_columns));
    told = Clock::now();
  }
  void tick() { options.terminal ? draw() : tell_if_due(); }
  void begin(std::string statement) {
    doing.text = std::move(statement);
    doing.measure.clear();
    since = told = Clock::now();
    tenths = 0;
  }
  void progress(const Event& event) {
    doing.text = event.text;
    doing.measure = event.total > 0 ? fmt::format("{}/{}", event.done, event.total)
                                    : std::to_string(event.done);
    if (options.terminal || options.verbosity < 0 || event.total <= 0) return;
    const int now =
        static_cast<int>(static_cast<double>(event.done) * 10 / static_cast<double>(event.total));
    if (now <= tenths) return;
    tenths = now;
    tell_if_due(true);
  }
  void start_ticking() {
    if (ticker.joinable()) return;
    const auto pause = std::min<std::chrono::milliseconds>(
        std::chrono::milliseconds(options.terminal ? 100 : 500), options.interval);
    ticker = std::thread([this, pause] {
      std::unique_lock tick_lock(mutex);
      while (!wake.wait_for(tick_lock, pause, [&] { return ended; })) tick();
    });
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
  state_->doing.migration.clear();
}

void Progress::on_event(const Event& event) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  const ProgressOptions& options = state.options;
  if (options.json) {
    say_line(as_json(event));
    return;
  }
  const bool log_sql = !options.log_sql.empty();
  const bool quiet = options.verbosity < 0;
  const char* arrow = event.direction == Direction::up ? "up  " : "down";
  switch (event.kind) {
    case EventKind::migration_started:
      state.doing.migration =
          fmt::format("[{}/{}] {} {}", event.index, event.count, arrow, event.migration);
      state.begin({});
      if (quiet) break;
      if (options.terminal) state.draw();
      state.start_ticking();
      break;
    case EventKind::migration_finished:
      if (!quiet) {
        state.line(fmt::format("{} {}  {}", toned(arrow, Tone::good, true), event.migration,
                               toned(format_duration(seconds(event.duration)), Tone::dim, true)));
      }
      state.doing.migration.clear();
      break;
    case EventKind::migration_failed:
      state.doing.migration.clear();
      break;
    case EventKind::statement_started:
      state.begin(event.text);
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
      state.progress(event);
      break;
    default:
      break;
  }
}

}  // namespace sterna::cli
