// Bodies of MySQL's and MariaDB's stored programs: routines, triggers, events, packages and
// anonymous blocks, without DELIMITER.
//
// The difficulty: BEGIN, END, IF, REPEAT are no reserved words everywhere, or are functions too.
// They count only where a statement may begin, which this tracker follows: behind `;`, BEGIN, THEN,
// ELSE, DO, LOOP, REPEAT and a label (MySQL manual, "Compound Statement Syntax"; MariaDB,
// "Programmatic & Compound Statements" and sql_mode=ORACLE).
#include "sql/body.hpp"
#include "sql/keyword.hpp"

#include <vector>

namespace sterna::sql {
namespace {

enum class Block : std::uint8_t {
  begin,
  declarations,  // behind AS or IS, and in a package: turns into `begin` at its BEGIN
  if_,
  case_statement,
  case_expression,
  loop,
  repeat,
  until,    // the end of a REPEAT: UNTIL condition END REPEAT
  counted,  // WHILE and FOR; turns into `loop` at its DO or LOOP
};

class RoutineTracker final : public BodyTracker {
 public:
  void step(const Token& token, int depth) override {
    const Keyword keyword = after_dot_ ? Keyword::none : keyword_of(token);
    after_dot_ = token.is('.');
    switch (phase_) {
      case Phase::start:
        first(token, keyword);
        break;
      case Phase::begin:
        if (keyword == Keyword::not_)
          push(Block::begin, begin_);
        else
          idle_ = true;
        break;
      case Phase::create:
        create(token, keyword);
        break;
      case Phase::alter:
        alter(token, keyword);
        break;
      case Phase::name:
        name(token, keyword, depth);
        break;
      case Phase::head:
        if (depth == 0) head(token, keyword);
        break;
      case Phase::as:
        as(token, keyword);
        break;
      case Phase::package:
        package(token, keyword);
        break;
      case Phase::event:
        if (depth == 0 && keyword == Keyword::do_) expect_statement();
        break;
      case Phase::trigger:
        if (previous_ == Keyword::each && keyword == Keyword::row) expect_statement();
        break;
      case Phase::body:
        body(token, keyword);
        break;
    }
    previous_ = keyword;
    previous_text_ = token.text;
  }

 private:
  enum class Phase {
    start,
    begin,
    create,
    alter,
    name,  // of a routine, [IF NOT EXISTS] a.b
    head,  // parameters and characteristics of a routine
    as,    // behind AS or IS
    package,
    event,
    trigger,
    body,  // at or in the statement that is the body
  };

  void reset() noexcept override {
    phase_ = Phase::start;
    previous_ = Keyword::none;
    previous_text_ = {};
    blocks_.clear();
    statement_start_ = label_ = after_end_ = after_dot_ = named_ = returns_ = order_ = false;
    handler_ = Handler::none;
  }

  // ---- heads ----

  void first(const Token& token, Keyword keyword) {
    switch (keyword) {
      case Keyword::create:
        phase_ = Phase::create;
        break;
      case Keyword::alter:
        phase_ = Phase::alter;
        break;
      case Keyword::begin:  // BEGIN NOT ATOMIC; a bare BEGIN opens a transaction
        phase_ = Phase::begin;
        begin_ = token.text.data();
        break;
      case Keyword::declare:
        push(Block::declarations, token.text.data());
        break;
      default:
        expect_statement();
        body(token, keyword);
    }
  }

  void create(const Token& token, Keyword keyword) {
    if (previous_text_ == "=") return;  // DEFINER = trigger@localhost
    switch (keyword) {
      case Keyword::procedure:
      case Keyword::function:
        begin_routine();
        break;
      case Keyword::trigger:
        phase_ = Phase::trigger;
        break;
      case Keyword::event:
        phase_ = Phase::event;
        break;
      case Keyword::package:
        push(Block::declarations, token.text.data());
        phase_ = Phase::package;
        break;
      case Keyword::table:
      case Keyword::view:
      case Keyword::index:
      case Keyword::unique:
      case Keyword::database:
      case Keyword::schema:
      case Keyword::user:
      case Keyword::role:
      case Keyword::server:
      case Keyword::sequence:
      case Keyword::temporary:
        idle_ = true;
        break;
      default:
        break;
    }
  }

  void alter(const Token& token, Keyword keyword) noexcept {
    phase_ = is_word(token, "DEFINER") ? Phase::create : Phase::event;
    idle_ = phase_ == Phase::event && keyword != Keyword::event;
  }

  void begin_routine() noexcept {
    phase_ = Phase::name;
    named_ = returns_ = false;
  }

  void name(const Token& token, Keyword keyword, int depth) {
    if (keyword == Keyword::if_ || keyword == Keyword::not_ || keyword == Keyword::exists) return;
    if (token.is('.')) return;
    if (!named_ || previous_text_ == ".") {
      named_ = true;
      return;
    }
    phase_ = Phase::head;
    if (depth == 0) head(token, keyword);
  }

  void head(const Token& token, Keyword keyword) {
    switch (keyword) {
      case Keyword::begin:
        push(Block::begin, token.text.data());
        break;
      case Keyword::if_:
      case Keyword::case_:
      case Keyword::loop:
      case Keyword::repeat:
      case Keyword::while_:
      case Keyword::for_:
        expect_statement();
        body(token, keyword);
        break;
      case Keyword::as:
      case Keyword::is:
        phase_ = Phase::as;
        begin_ = token.text.data();
        break;
      case Keyword::returns:
        returns_ = true;
        break;
      case Keyword::return_:  // without RETURNS before it, it is Oracle's word for RETURNS
        if (returns_) simple_body();
        break;
      case Keyword::set:  // not: RETURNS SET('a'), CHARACTER SET utf8mb4
        if (previous_ != Keyword::returns && previous_ != Keyword::character) simple_body();
        break;
      case Keyword::select:
      case Keyword::insert:
      case Keyword::update:
      case Keyword::delete_:
      case Keyword::replace:
      case Keyword::call:
      case Keyword::with:
      case Keyword::do_:
      case Keyword::truncate:
      case Keyword::create:
      case Keyword::alter:
        simple_body();
        break;
      default:
        if (token.is(';')) expect_statement();  // a declaration without a body, in a package
    }
  }

  /// A body of one statement: ends at the first `;`.
  void simple_body() noexcept {
    phase_ = Phase::body;
    statement_start_ = label_ = false;
    idle_ = blocks_.empty();
  }

  void as(const Token& token, Keyword keyword) {
    if (token.kind == TokenKind::dollar_string ||
        token.kind == TokenKind::string) {  // LANGUAGE JAVASCRIPT AS $$ … $$
      phase_ = Phase::head;
      return;
    }
    push(Block::declarations, begin_);
    body(token, keyword);
  }

  void package(const Token& token, Keyword keyword) {
    if (keyword == Keyword::as || keyword == Keyword::is) expect_statement();
    if (keyword == Keyword::function || keyword == Keyword::procedure) begin_routine();
    if (keyword == Keyword::end) close();
    if (token.is(';')) expect_statement();
  }

  // ---- bodies ----

  void expect_statement() noexcept {
    phase_ = Phase::body;
    statement_start_ = true;
    label_ = after_end_ = false;
    handler_ = Handler::none;
  }

  void push(Block block, const char* opening) {
    if (blocks_.empty()) enter(opening);
    blocks_.push_back(block);
    expect_statement();
  }

  void close() noexcept {
    if (!blocks_.empty()) blocks_.pop_back();
    phase_ = Phase::body;
    statement_start_ = false;
    after_end_ = true;
    if (blocks_.empty()) leave();
  }

  bool top(Block block) const noexcept { return !blocks_.empty() && blocks_.back() == block; }

  void body(const Token& token, Keyword keyword) {
    if (token.is(';')) return expect_statement();
    if (after_end_) {  // END IF, END CASE, END LOOP: no new block
      after_end_ = false;
      if (closes_by_name(keyword)) return;
    }
    if (statement_start_) return at_statement(token, keyword);
    if (label_) {
      label_ = false;
      if (token.is(':') || token.text == ">>") return expect_statement();
    }
    if (blocks_.empty()) {
      idle_ = true;
      return;
    }
    if (handler_ != Handler::none && follow_handler(token, keyword)) return;
    in_statement(token, keyword);
  }

  static bool closes_by_name(Keyword keyword) noexcept {
    return keyword == Keyword::if_ || keyword == Keyword::case_ || keyword == Keyword::loop ||
           keyword == Keyword::repeat || keyword == Keyword::while_ || keyword == Keyword::for_;
  }

  void at_statement(const Token& token, Keyword keyword) {
    statement_start_ = false;
    const char* opening = token.text.data();
    switch (keyword) {
      case Keyword::begin:
        if (top(Block::declarations)) blocks_.pop_back();
        push(Block::begin, opening);
        break;
      case Keyword::not_:
      case Keyword::atomic:
        statement_start_ = previous_ == Keyword::begin || previous_ == Keyword::not_;
        break;
      case Keyword::loop:
        push(Block::loop, opening);
        break;
      case Keyword::repeat:
        push(Block::repeat, opening);
        break;
      case Keyword::if_:
        push_condition(Block::if_, opening);
        break;
      case Keyword::case_:
        push_condition(Block::case_statement, opening);
        break;
      case Keyword::while_:
      case Keyword::for_:
        push_condition(Block::counted, opening);
        break;
      case Keyword::end:
        close();
        break;
      case Keyword::else_:
        statement_start_ = true;
        break;
      case Keyword::until:
        if (top(Block::repeat)) blocks_.back() = Block::until;
        break;
      case Keyword::declare:
        handler_ = Handler::declare;
        break;
      case Keyword::function:
      case Keyword::procedure:
        if (top(Block::declarations)) begin_routine();
        break;
      case Keyword::follows:
      case Keyword::precedes:  // FOR EACH ROW FOLLOWS other BEGIN
        order_ = statement_start_ = blocks_.empty() && previous_ == Keyword::row;
        break;
      default:
        if (order_) {
          order_ = false;
          statement_start_ = true;
        } else if (token.text == "<<") {  // <<label>>
          statement_start_ = true;
        } else {
          label_ = token.kind == TokenKind::word || token.kind == TokenKind::quoted_identifier;
          if (!label_ && blocks_.empty()) idle_ = true;
        }
    }
  }

  /// IF, CASE, WHILE, FOR: a condition comes before the next statement.
  void push_condition(Block block, const char* opening) {
    push(block, opening);
    statement_start_ = false;
  }

  void in_statement(const Token& token, Keyword keyword) {
    switch (keyword) {
      case Keyword::then:
        statement_start_ = top(Block::if_) || top(Block::case_statement) ||
                           top(Block::begin);  // `begin`: EXCEPTION WHEN … THEN
        break;
      case Keyword::else_:
        statement_start_ = top(Block::if_) || top(Block::case_statement);
        break;
      case Keyword::do_:
      case Keyword::loop:
        if (top(Block::counted)) {
          blocks_.back() = Block::loop;
          statement_start_ = true;
        }
        break;
      case Keyword::case_:
        push_condition(Block::case_expression, token.text.data());
        break;
      case Keyword::end:
        if (top(Block::case_expression) || top(Block::until)) close();
        break;
      default:
        break;
    }
  }

  /// DECLARE … HANDLER FOR condition, … statement: finds where the statement begins.
  bool follow_handler(const Token& token, Keyword keyword) {
    if (handler_ == Handler::declare) {
      if (keyword == Keyword::handler) handler_ = Handler::conditions;
      return false;
    }
    const bool condition = previous_ == Keyword::handler || previous_ == Keyword::for_ ||
                           previous_ == Keyword::not_ || previous_ == Keyword::sqlstate ||
                           previous_text_ == ",";
    if (condition || token.kind != TokenKind::word) return true;
    handler_ = Handler::none;
    at_statement(token, keyword);
    return true;
  }

  enum class Handler { none, declare, conditions };

  Phase phase_ = Phase::start;
  Keyword previous_ = Keyword::none;
  std::string_view previous_text_;
  const char* begin_ = nullptr;
  std::vector<Block> blocks_;
  bool statement_start_ = false;
  bool label_ = false;  // the statement's first word may be a label
  bool after_end_ = false;
  bool after_dot_ = false;
  bool named_ = false;  // the routine's name was read
  bool returns_ = false;
  bool order_ = false;  // FOLLOWS or PRECEDES: a trigger's name comes
  Handler handler_ = Handler::none;
};

}  // namespace

std::unique_ptr<BodyTracker> make_routine_tracker() { return std::make_unique<RoutineTracker>(); }

}  // namespace sterna::sql
