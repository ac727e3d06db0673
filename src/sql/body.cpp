#include "sql/body.hpp"

#include "sql/keyword.hpp"

namespace sterna::sql {
namespace {

/// CREATE FUNCTION|PROCEDURE … BEGIN ATOMIC … END (PostgreSQL manual, CREATE FUNCTION, sql_body),
/// and COPY … FROM stdin.
class AtomicTracker final : public BodyTracker {
 public:
  void step(const Token& token, int depth) override {
    const Keyword keyword = is_label_ ? Keyword::none : keyword_of(token);
    is_label_ =
        keyword == Keyword::as || token.is('.');  // behind AS and a dot every keyword is a name
    switch (state_) {
      case State::start:
        state_ = keyword == Keyword::create ? State::create : State::copy;
        idle_ = keyword != Keyword::create && keyword != Keyword::copy;
        break;
      case State::create:
        if (keyword == Keyword::function || keyword == Keyword::procedure)
          state_ = State::routine;
        else
          idle_ = keyword != Keyword::or_ && keyword != Keyword::replace;
        break;
      case State::routine:
        if (depth == 0 && begin_ != nullptr && keyword == Keyword::atomic) open();
        begin_ = keyword == Keyword::begin ? token.text.data() : nullptr;
        break;
      case State::body:
        count(keyword);
        break;
      case State::copy:
        if (from_ && keyword == Keyword::stdin_) reads_stdin_ = idle_ = true;
        from_ = depth == 0 && keyword == Keyword::from;
        break;
    }
  }

 private:
  enum class State { start, create, routine, body, copy };

  void reset() noexcept override {
    state_ = State::start;
    begin_ = nullptr;
    from_ = is_label_ = false;
  }
  void open() noexcept {
    enter(begin_);
    state_ = State::body;
    ends_ = 1;
  }
  void count(Keyword keyword) noexcept {
    if (keyword == Keyword::case_) ++ends_;
    if (keyword == Keyword::end && --ends_ == 0) leave();
  }

  State state_ = State::start;
  const char* begin_ = nullptr;
  bool from_ = false;
  bool is_label_ = false;
  int ends_ = 0;
};

/// CREATE [TEMP] TRIGGER … BEGIN …; END (SQLite). BEGIN and END may be names of columns there, so
/// that BEGIN opens only before a statement, and END closes only behind a `;` (as sqlite3_complete
/// has it); a CASE needs no counting then.
class TriggerTracker final : public BodyTracker {
 public:
  void step(const Token& token, int) override {
    const Keyword keyword = keyword_of(token);
    switch (state_) {
      case State::start:
        state_ = State::create;
        idle_ = keyword != Keyword::create;
        break;
      case State::create:
        if (keyword == Keyword::trigger)
          state_ = State::head;
        else
          idle_ = keyword != Keyword::temp && keyword != Keyword::temporary;
        break;
      case State::head:
        if (begin_ != nullptr && opens_statement(keyword)) {
          enter(begin_);
          state_ = State::body;
        }
        begin_ = keyword == Keyword::begin ? token.text.data() : nullptr;
        break;
      case State::body:
        if (after_semicolon_ && keyword == Keyword::end) leave();
        after_semicolon_ = token.is(';');
        break;
    }
  }

 private:
  enum class State { start, create, head, body };

  void reset() noexcept override {
    state_ = State::start;
    begin_ = nullptr;
    after_semicolon_ = false;
  }
  static bool opens_statement(Keyword keyword) noexcept {
    return keyword == Keyword::select || keyword == Keyword::insert || keyword == Keyword::update ||
           keyword == Keyword::delete_ || keyword == Keyword::replace || keyword == Keyword::with;
  }

  State state_ = State::start;
  const char* begin_ = nullptr;
  bool after_semicolon_ = false;
};

/// BEGIN [UNLOGGED|COUNTER] BATCH …; APPLY BATCH (CQL).
class BatchTracker final : public BodyTracker {
 public:
  void step(const Token& token, int) override {
    const Keyword keyword = keyword_of(token);
    switch (state_) {
      case State::start:
        state_ = State::begin;
        begin_ = token.text.data();
        idle_ = keyword != Keyword::begin;
        break;
      case State::begin:
        if (keyword == Keyword::batch) {
          enter(begin_);
          state_ = State::body;
        } else {
          idle_ = keyword != Keyword::unlogged && keyword != Keyword::counter;
        }
        break;
      case State::body:
        if (apply_ && keyword == Keyword::batch) leave();
        apply_ = keyword == Keyword::apply;
        break;
    }
  }
  std::string_view closing() const noexcept override { return "APPLY BATCH"; }

 private:
  enum class State { start, begin, body };

  void reset() noexcept override {
    state_ = State::start;
    apply_ = false;
  }

  State state_ = State::start;
  const char* begin_ = nullptr;
  bool apply_ = false;
};

class NoBodies final : public BodyTracker {
 public:
  void step(const Token&, int) override {}

 private:
  void reset() noexcept override { idle_ = true; }
};

}  // namespace

std::unique_ptr<BodyTracker> make_body_tracker(BodyStyle style) {
  switch (style) {
    case BodyStyle::atomic:
      return std::make_unique<AtomicTracker>();
    case BodyStyle::trigger:
      return std::make_unique<TriggerTracker>();
    case BodyStyle::routine:
      return make_routine_tracker();
    case BodyStyle::batch:
      return std::make_unique<BatchTracker>();
    case BodyStyle::none:
      break;
  }
  return std::make_unique<NoBodies>();
}

}  // namespace sterna::sql
