// SQL text that a program puts together from constants: what EXECUTE, PREPARE and EXECUTE IMMEDIATE
// run. Follows string literals, their concatenation, PostgreSQL's format() and quote_…(), MySQL's
// CONCAT() and IF(), and variables that hold such text. Used by bodies and running; knows no
// statement, and never fails: what it cannot follow is not known.
#pragma once

#include "lint/token_list.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna::lint {

/// The values that an expression may have.
struct Texts {
  std::vector<std::string> all;
  bool complete = false;  ///< false: it may have others too, which are not known
  bool operator==(const Texts&) const = default;
};

/// Either of them.
Texts either(Texts a, const Texts& b);

/// Variables of a program, as far as they hold such text.
class Constants {
 public:
  explicit Constants(Language language) : language_(language) {}

  /// The values of an expression. `used`: filled with the variables that it names, when given.
  Texts fold(Tokens expression, std::vector<std::string>* used = nullptr) const;
  /// `name`: in any case; of MySQL's user variables with their @.
  void set(std::string_view name, Texts texts);
  /// It may hold this now, or what it held before.
  void may_be(std::string_view name, const Texts& texts);
  /// Nothing is known of a name that nobody has set.
  Texts value(std::string_view name) const;

 private:
  friend class Folding;

  Language language_;
  std::map<std::string, Texts, std::less<>> variables_;
};

}  // namespace sterna::lint
