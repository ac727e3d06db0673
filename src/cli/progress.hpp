// Shows a run while it goes on, from its events alone: one line that is rewritten on a terminal,
// plain lines elsewhere, JSON lines on request. Writes to stderr.
#pragma once

#include <sterna/event.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sterna::cli {

struct ProgressOptions {
  bool terminal = false;
  int verbosity = 0;
  std::string log_sql;  ///< "", "stderr" or a file: every statement with its duration
  bool json = false;    ///< events as JSON lines instead of text
  /// Without a terminal, a statement that goes on is told of this often.
  std::chrono::milliseconds interval{10'000};
};

std::size_t terminal_columns();
/// `text` with its white space made single spaces, cut to so many characters.
std::string fit_line(std::string_view text, std::size_t most);

/// How far a statement is.
struct Doing {
  std::string migration;  ///< "[1/3] up   001_users"
  double seconds = 0;     ///< since the statement began
  std::string text;       ///< the statement, or what its progress says
  std::string measure;    ///< "30000/90000"; empty: not known
};
/// In one line of at most so many characters. How far it is and how long it takes yet stand first,
/// and stay whatever has to be cut.
std::string progress_line(const Doing& doing, std::size_t columns);

class Progress {
 public:
  explicit Progress(ProgressOptions options);
  ~Progress();
  void on_event(const Event& event);
  /// Takes the rewritten line away, before something else is printed.
  void clear();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sterna::cli
