#include "database/cql/type_text.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "sql/token_cursor.hpp"

namespace sterna::cql {
namespace {

using model::Type;
using model::TypeKind;
using sql::TokenCursor;

constexpr std::array<std::pair<std::string_view, TypeKind>, 22> words_of_types{
    {{"ascii", TypeKind::ascii},
     {"bigint", TypeKind::big_integer},
     {"blob", TypeKind::binary},
     {"boolean", TypeKind::boolean},
     {"counter", TypeKind::counter},
     {"date", TypeKind::date},
     {"decimal", TypeKind::decimal},
     {"double", TypeKind::double_precision},
     {"duration", TypeKind::duration},
     {"float", TypeKind::real},
     {"inet", TypeKind::inet},
     {"int", TypeKind::integer},
     {"smallint", TypeKind::small_integer},
     {"text", TypeKind::text},
     {"time", TypeKind::time},
     {"timestamp", TypeKind::timestamp},
     {"timeuuid", TypeKind::timeuuid},
     {"tinyint", TypeKind::tiny_integer},
     {"uuid", TypeKind::uuid},
     {"varchar", TypeKind::text},
     {"varint", TypeKind::varint},
     {"empty", TypeKind::native}}};

constexpr std::array<std::pair<std::string_view, TypeKind>, 6> words_with_arguments{
    {{"list", TypeKind::list},
     {"set", TypeKind::set},
     {"map", TypeKind::map},
     {"tuple", TypeKind::tuple},
     {"frozen", TypeKind::frozen},
     {"vector", TypeKind::vector}}};

Type native(std::string_view text) {
  Type type;
  type.name = std::string(trim(text));
  return type;
}

class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : cursor_(text, Language::cql) {}

  /// Nothing when the text is no type of CQL's grammar.
  bool read(Type& type) {
    const sql::Token token = cursor_.take();
    if (token.kind == sql::TokenKind::quoted_identifier) return user_type(type, token);
    if (token.kind != sql::TokenKind::word) return false;
    const std::string word = to_lower(token.text);
    for (const auto& [name, kind] : words_with_arguments) {
      if (word != name || !cursor_.at('<')) continue;
      type.kind = kind;
      return arguments(type);
    }
    for (const auto& [name, kind] : words_of_types) {
      if (word != name) continue;
      type.kind = kind;
      if (kind == TypeKind::native) type.name = word;
      return true;
    }
    return user_type(type, token);
  }
  bool at_end() { return cursor_.at_end(); }

 private:
  bool user_type(Type& type, const sql::Token& token) {
    const bool quoted = token.kind == sql::TokenKind::quoted_identifier;
    type.kind = TypeKind::user_type;
    type.name = quoted ? sql::unquoted(token) : to_lower(token.text);
    if (!cursor_.accept('.')) return true;  // a keyspace stands before it: always the table's own
    return cursor_.at_name() && user_type(type, cursor_.take());
  }

  bool arguments(Type& type) {
    cursor_.take();
    while (true) {
      if (type.kind == TypeKind::vector && cursor_.peek().kind == sql::TokenKind::number) {
        const std::string_view digits = cursor_.take().text;
        int dimension = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), dimension);
        type.length = dimension;
      } else {
        Type argument;
        if (!read(argument)) return false;
        type.arguments.push_back(std::move(argument));
      }
      if (cursor_.accept('>')) return true;
      if (!cursor_.accept(',')) return false;
    }
  }

  TokenCursor cursor_;
};

bool is_any_of(TypeKind kind, std::initializer_list<TypeKind> kinds) {
  for (const TypeKind each : kinds) {
    if (each == kind) return true;
  }
  return false;
}

Type without_frozen(const Type& type) {
  return type.kind == TypeKind::frozen && type.arguments.size() == 1 ? type.arguments.front()
                                                                     : type;
}

}  // namespace

Type parse_type(std::string_view text) {
  TypeReader reader(text);
  Type type;
  if (!reader.read(type) || !reader.at_end()) return native(text);
  return type;
}

bool takes_back(const Type& before, const Type& now) {
  if (before == now) return true;
  const Type old = without_frozen(before), type = without_frozen(now);
  // Tuples are frozen whether it is said or not. Of other types within types, nothing else is
  // taken; a dropped user type is kept as a tuple, and never taken back.
  if (old.kind == TypeKind::tuple && old == type) return true;
  if (!old.arguments.empty() || !type.arguments.empty()) return false;
  switch (type.kind) {
    case TypeKind::binary:
      return old.kind != TypeKind::counter;
    case TypeKind::text:
      return old.kind == TypeKind::ascii;
    case TypeKind::varint:
      return is_any_of(old.kind, {TypeKind::integer, TypeKind::big_integer, TypeKind::timestamp});
    case TypeKind::big_integer:
      return old.kind == TypeKind::timestamp;
    case TypeKind::timestamp:
    case TypeKind::time:
      return old.kind == TypeKind::big_integer;
    case TypeKind::date:
      return old.kind == TypeKind::integer;
    case TypeKind::uuid:
      return old.kind == TypeKind::timeuuid;
    default:
      return false;
  }
}

bool converts(const model::Type& from, const model::Type& to) {
  const Type old = without_frozen(from), now = without_frozen(to);
  if (old == now) return true;
  const auto simple = [](const Type& type) {
    return type.arguments.empty() && type.kind != TypeKind::user_type &&
           type.kind != TypeKind::native && type.kind != TypeKind::counter;
  };
  return simple(old) && simple(now);
}

}  // namespace sterna::cql
