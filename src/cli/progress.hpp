// Shows a run while it goes on, from its events alone: one line that is rewritten on a terminal,
// plain lines elsewhere, JSON lines on request. Writes to stderr.
#pragma once

#include <sterna/event.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace sterna::cli {

struct ProgressOptions {
  bool terminal = false;
  int verbosity = 0;
  std::string log_sql;  ///< "", "stderr" or a file: every statement with its duration
  bool json = false;    ///< events as JSON lines instead of text
};

/// STERNA_LOG=json: events are told as JSON lines.
bool log_is_json();
std::size_t terminal_columns();
/// `text` with its white space made single spaces, cut to so many bytes.
std::string fit_line(std::string_view text, std::size_t most);

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
