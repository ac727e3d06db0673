#include "database/postgres/inspect_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace sterna::postgres {
namespace {

using model::Type;
using model::TypeKind;

/// Behind the quoted text whose opening quote stands at `at`.
std::size_t skip_quoted(std::string_view text, std::size_t at, bool backslashes) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (backslashes && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return text.size();
}

bool word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "word(modifier)rest", modifier without its parentheses.
struct Parted {
  std::string_view word, modifier, rest;
};

Parted part(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return {text, {}, {}};
  const std::size_t close = text.find(')', open);
  if (close == std::string_view::npos) return {text, {}, {}};
  return {trim(text.substr(0, open)), text.substr(open + 1, close - open - 1),
          trim(text.substr(close + 1))};
}

Type plain(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type native(std::string_view text) {
  Type type;
  type.name = text;
  return type;
}

constexpr std::array<std::pair<std::string_view, TypeKind>, 16> simple_types{{
    {"boolean", TypeKind::boolean},
    {"smallint", TypeKind::small_integer},
    {"integer", TypeKind::integer},
    {"bigint", TypeKind::big_integer},
    {"numeric", TypeKind::decimal},
    {"real", TypeKind::real},
    {"double precision", TypeKind::double_precision},
    {"character varying", TypeKind::string},
    {"text", TypeKind::text},
    {"bytea", TypeKind::binary},
    {"uuid", TypeKind::uuid},
    {"json", TypeKind::json},
    {"jsonb", TypeKind::jsonb},
    {"date", TypeKind::date},
    {"interval", TypeKind::interval},
    {"inet", TypeKind::inet},
}};

std::optional<Type> clock_type(const Parted& parted, std::string_view text) {
  // "timestamp(3) with time zone", "time without time zone"
  constexpr std::string_view with = "with time zone", without = "without time zone";
  std::string_view word = parted.word, rest = parted.rest;
  if (parted.modifier.empty()) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    word = text.substr(0, space);
    rest = text.substr(space + 1);
  }
  if ((word != "timestamp" && word != "time") || (rest != with && rest != without)) {
    return std::nullopt;
  }
  Type type = plain(word == "time" ? TypeKind::time : TypeKind::timestamp);
  type.with_time_zone = rest == with;
  if (!parted.modifier.empty()) type.precision = number(parted.modifier);
  return type;
}

std::optional<Type> sized_type(const Parted& parted) {
  if (parted.modifier.empty() || !parted.rest.empty()) return std::nullopt;
  const std::size_t comma = parted.modifier.find(',');
  const std::optional<int> first = number(parted.modifier.substr(0, comma));
  if (!first) return std::nullopt;
  if (parted.word == "numeric") {
    Type type = plain(TypeKind::decimal);
    type.precision = first;
    if (comma != std::string_view::npos) type.scale = number(parted.modifier.substr(comma + 1));
    return type;
  }
  Type type;
  if (parted.word == "character varying") {
    type.kind = TypeKind::string;
  } else if (parted.word == "character") {
    type.kind = TypeKind::char_;
  } else if (parted.word == "interval") {
    type.kind = TypeKind::interval;
    type.precision = first;
    return type;
  } else {
    return std::nullopt;
  }
  type.length = first;
  return type;
}

/// The type as a constant of it is cast to: without length and precision, and char(n) by its inner
/// name.
std::string cast_name(std::string_view type_text) {
  if (type_text.starts_with("character(")) {
    const std::string_view rest = type_text.substr(type_text.find(')') + 1);
    return "bpchar" + std::string(rest);
  }
  std::string result;
  for (std::size_t at = 0; at < type_text.size();) {
    const std::size_t end = skip_item(type_text, at);
    if (type_text[at] != '(') result += type_text.substr(at, end - at);
    at = end;
  }
  return result;
}

/// The text between the quotes that `quoted` ('…' or E'…') consists of.
std::string unquoted(std::string_view quoted) {
  const bool escapes = quoted.front() == 'E';
  if (escapes) quoted.remove_prefix(1);
  quoted = quoted.substr(1, quoted.size() - 2);
  std::string result;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const bool doubled = quoted[i] == '\'' || (escapes && quoted[i] == '\\');
    if (doubled && i + 1 < quoted.size()) ++i;
    result += quoted[i];
  }
  return result;
}

/// Behind the quoted text at the beginning; 0 when there is none.
std::size_t end_of_quoted(std::string_view text) {
  const bool escapes = text.starts_with("E'");
  if (!escapes && !text.starts_with("'")) return 0;
  return skip_quoted(text, escapes ? 1 : 0, escapes);
}

std::string quoted(std::string_view name) {
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += c;
    result += c;
  }
  return result += '"';
}

bool is_number(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

/// The type that the parser gives a number without a cast (manual, "Numeric Constants").
std::string_view natural_type(std::string_view number_text) {
  std::int64_t value = 0;
  const auto [end, error] =
      std::from_chars(number_text.data(), number_text.data() + number_text.size(), value);
  if (error != std::errc() || end != number_text.data() + number_text.size()) return "numeric";
  return value >= std::numeric_limits<std::int32_t>::min() + 1LL &&
                 value <= std::numeric_limits<std::int32_t>::max()
             ? "integer"
             : "bigint";
}

bool now_of(std::string_view text, const Type& type) {
  if (type.kind == TypeKind::date) return text == "CURRENT_DATE";
  if (type.kind == TypeKind::time) return text == "CURRENT_TIME";
  return type.kind == TypeKind::timestamp && text == "CURRENT_TIMESTAMP";
}

}  // namespace

std::size_t skip_item(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '"') return skip_quoted(text, at, false);
  if (c == '\'') {
    const bool escapes =
        at > 0 && text[at - 1] == 'E' && (at == 1 || !word_character(text[at - 2]));
    return skip_quoted(text, at, escapes);
  }
  if (c != '(' && c != '[') return at + 1;
  const char closing = c == '(' ? ')' : ']';
  for (++at; at < text.size() && text[at] != closing;) at = skip_item(text, at);
  return std::min(at + 1, text.size());
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ',') {
      parts.push_back(trim(text.substr(begin, at - begin)));
      begin = at + 1;
    }
    at = skip_item(text, at);
  }
  if (const std::string_view last = trim(text.substr(begin)); !last.empty()) parts.push_back(last);
  return parts;
}

std::string_view without_parentheses(std::string_view text) {
  while (text.size() > 1 && text.front() == '(' && skip_item(text, 0) == text.size()) {
    text = trim(text.substr(1, text.size() - 2));
  }
  return text;
}

std::string take_identifier(std::string_view& text) {
  if (!text.starts_with('"')) {
    std::size_t end = 0;
    while (end < text.size() && word_character(text[end])) ++end;
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    return name;
  }
  const std::size_t end = skip_quoted(text, 0, false);
  std::string name;
  for (std::size_t i = 1; i + 1 < end; ++i) {
    if (text[i] == '"') ++i;
    name += text[i];
  }
  text.remove_prefix(end);
  return name;
}

std::vector<std::string> identifiers(std::string_view list) {
  std::vector<std::string> names;
  for (std::string_view item : split_list(list)) names.push_back(take_identifier(item));
  return names;
}

model::Type read_type(std::string_view text) {
  if (text.ends_with("[]")) {
    Type type = plain(TypeKind::array);
    type.arguments.push_back(read_type(text.substr(0, text.size() - 2)));
    return type;
  }
  for (const auto& [name, kind] : simple_types) {
    if (text == name) return plain(kind);
  }
  if (text == "cidr") return plain(TypeKind::cidr);
  if (text == "macaddr") return plain(TypeKind::mac_address);
  for (const std::string_view range :
       {"int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"}) {
    if (text != range) continue;
    Type type = plain(TypeKind::range);
    type.name = range;
    return type;
  }
  const Parted parted = part(text);
  if (auto type = clock_type(parted, text)) return *type;
  if (auto type = sized_type(parted)) return *type;
  return native(text);
}

model::Default read_default(std::string_view text, const model::Type& type,
                            std::string_view type_text) {
  using Literal = model::Default::Literal;
  const auto literal = [](std::string value, Literal how) {
    return model::Default{model::Default::Kind::literal, std::move(value), how};
  };
  if (text == "true" || text == "false") return literal(std::string(text), Literal::boolean);
  if (is_number(text)) return literal(std::string(text), Literal::number);
  if (now_of(text, type)) return {model::Default::Kind::now, {}, Literal::string};
  if (const std::size_t end = end_of_quoted(text); end != 0 && text.substr(end).starts_with("::")) {
    const std::string_view cast = text.substr(end + 2);
    std::string value = unquoted(text.substr(0, end));
    // A negative constant: the parser folds the sign into it.
    if (value.starts_with('-') && is_number(std::string_view(value).substr(1)) &&
        cast == natural_type(value)) {
      return literal(std::move(value), Literal::number);
    }
    if (cast == cast_name(type_text)) return literal(std::move(value), Literal::string);
  }
  return {model::Default::Kind::expression, std::string(text), Literal::string};
}

model::IndexPart read_index_part(std::string_view text) {
  model::IndexPart part;
  if (text.starts_with('(')) {
    const std::size_t end = skip_item(text, 0);
    part.expression = without_parentheses(text.substr(0, end));
    text.remove_prefix(end);
  } else {
    // A column, or a function whose name may have a schema.
    std::string_view rest = text;
    part.column = take_identifier(rest);
    while (rest.starts_with('.')) {
      rest.remove_prefix(1);
      take_identifier(rest);
    }
    if (rest.starts_with('(')) {
      const std::size_t end = text.size() - rest.size() + skip_item(rest, 0);
      part.column.clear();
      part.expression = text.substr(0, end);
      rest = text.substr(end);
    }
    text = rest;
  }
  text = trim(text);
  constexpr std::string_view collate = "COLLATE ";
  if (text.starts_with(collate)) {
    text.remove_prefix(collate.size());
    part.collation = take_identifier(text);
    if (text.starts_with('.')) {  // with its schema: kept quoted, as the renderer writes it
      text.remove_prefix(1);
      const std::string schema = quoted(part.collation);
      part.collation = schema + "." + quoted(take_identifier(text));
    }
    text = trim(text);
  }
  const auto ends = [&](std::string_view words) {
    if (text != words && !text.ends_with(" " + std::string(words))) return false;
    text = trim(text.substr(0, text.size() - words.size()));
    return true;
  };
  if (ends("NULLS FIRST")) part.nulls = "first";
  if (ends("NULLS LAST")) part.nulls = "last";
  part.descending = ends("DESC");
  part.operator_class = text;
  return part;
}

}  // namespace sterna::postgres
