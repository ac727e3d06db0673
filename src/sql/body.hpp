// Follows a statement's tokens to know whether a `;` stands inside a body (BEGIN … END and its kin)
// or ends the statement. One tracker for each BodyStyle; used by the scanner alone. Tolerant: what
// it does not know it takes for the end of its interest.
#pragma once

#include "sql/lexer.hpp"

#include <memory>

namespace sterna::sql {

class BodyTracker {
 public:
  virtual ~BodyTracker() = default;

  /// Before the first token of a statement.
  void start() noexcept {
    idle_ = inside_ = reads_stdin_ = false;
    opening_ = nullptr;
    reset();
  }
  /// Each token that is not a comment, `;` included, while not idle. `depth` is that of parentheses
  /// before the token.
  virtual void step(const Token& token, int depth) = 0;

  /// True when nothing in the rest of this statement can open a body.
  bool idle() const noexcept { return idle_; }
  bool inside() const noexcept { return inside_; }
  /// The word that opened the outermost body; meaningful while inside.
  const char* opening() const noexcept { return opening_; }
  /// The words that close it.
  virtual std::string_view closing() const noexcept { return "END"; }
  /// COPY … FROM stdin.
  bool reads_stdin() const noexcept { return reads_stdin_; }

 protected:
  virtual void reset() noexcept = 0;

  void enter(const char* opening) noexcept {
    inside_ = true;
    opening_ = opening;
  }
  void leave() noexcept {
    inside_ = false;
    idle_ = true;
  }

  bool idle_ = true;
  bool inside_ = false;
  bool reads_stdin_ = false;
  const char* opening_ = nullptr;
};

std::unique_ptr<BodyTracker> make_body_tracker(BodyStyle style);
std::unique_ptr<BodyTracker> make_routine_tracker();

}  // namespace sterna::sql
