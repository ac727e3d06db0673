#include "codegen/cpp_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "base/text.hpp"

namespace sterna::codegen {
namespace {

constexpr std::size_t line_length = 100;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// Text that a raw literal keeps as it is: no control characters beside line ends and tabs.
bool fits_raw(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return is_control(c) && c != '\n' && c != '\t'; });
}

bool reads_better_raw(std::string_view text) {
  if (text.find('\n') != std::string_view::npos) return true;
  const auto escapes = std::count_if(text.begin(), text.end(),
                                     [](char c) { return c == '"' || c == '\\' || c == '\t'; });
  return escapes > 1;
}

std::string raw_literal(std::string_view text) {
  std::string mark = "sql";
  while (text.find(")" + mark + "\"") != std::string_view::npos) mark += "_";
  std::string literal = "R\"" + mark + "(";
  literal += text;
  return literal + ")" + mark + "\"";
}

std::string octal(char c) {
  const auto code = static_cast<unsigned char>(c);
  return {'\\', static_cast<char>('0' + (code >> 6)), static_cast<char>('0' + ((code >> 3) & 7)),
          static_cast<char>('0' + (code & 7))};
}

std::string escaped_literal(std::string_view text) {
  std::string literal = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      literal += std::string("\\") + c;
    else if (c == '\n')
      literal += "\\n";
    else if (c == '\t')
      literal += "\\t";
    else if (is_control(c))
      literal += octal(c);
    else
      literal += c;
  }
  return literal + "\"";
}

bool is_keyword(std::string_view word) {
  static const std::set<std::string_view> keywords{
      "alignas",       "alignof",     "and",
      "and_eq",        "asm",         "auto",
      "bitand",        "bitor",       "bool",
      "break",         "case",        "catch",
      "char",          "char8_t",     "char16_t",
      "char32_t",      "class",       "compl",
      "concept",       "const",       "consteval",
      "constexpr",     "constinit",   "const_cast",
      "continue",      "co_await",    "co_return",
      "co_yield",      "decltype",    "default",
      "delete",        "do",          "double",
      "dynamic_cast",  "else",        "enum",
      "explicit",      "export",      "extern",
      "false",         "float",       "for",
      "friend",        "goto",        "if",
      "inline",        "int",         "long",
      "mutable",       "namespace",   "new",
      "noexcept",      "not",         "not_eq",
      "nullptr",       "operator",    "or",
      "or_eq",         "private",     "protected",
      "public",        "register",    "reinterpret_cast",
      "requires",      "return",      "short",
      "signed",        "sizeof",      "static",
      "static_assert", "static_cast", "struct",
      "switch",        "template",    "this",
      "thread_local",  "throw",       "true",
      "try",           "typedef",     "typeid",
      "typename",      "union",       "unsigned",
      "using",         "virtual",     "void",
      "volatile",      "wchar_t",     "while",
      "xor",           "xor_eq",      "main",
      "NULL",          "EOF",         "errno",
      "stdin",         "stdout",      "stderr",
      "assert",        "linux",       "unix",

      "std",           "sterna"};
  return keywords.contains(word);
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string cpp_string(std::string_view text) {
  return reads_better_raw(text) && fits_raw(text) ? raw_literal(text) : escaped_literal(text);
}

std::string cpp_list(const std::vector<std::string>& texts) {
  std::vector<std::string> literals;
  for (const std::string& text : texts) literals.push_back(cpp_string(text));
  return "{" + join(literals, ", ") + "}";
}

std::string cpp_strings(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? cpp_string(texts.front()) : cpp_list(texts);
}

std::string cpp_class_name(std::string_view text) {
  std::string name;
  bool upper = true;
  for (const char c : text) {
    if (!is_letter_or_digit(c)) {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
    name = "M" + name;
  return name;
}

std::string cpp_identifier(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const char next = is_letter_or_digit(c) ? c : '_';
    if (next == '_' && !name.empty() && name.back() == '_') continue;  // __ is reserved
    name += next;
  }
  if (name.empty() || name == "_") name = "value";
  if (std::isdigit(static_cast<unsigned char>(name.front())) != 0 || name.front() == '_')
    name = "n" + name;
  return is_keyword(name) ? name + "_" : name;
}

std::string CallChain::text(int indent, std::string_view end) const {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::size_t length = margin.size() + head.size() + end.size();
  for (const std::string& link : links) length += link.size();
  const std::string separator = length <= line_length ? "" : "\n" + margin + "    ";
  std::string text = margin + head;
  for (const std::string& link : links) text += separator + link;
  return text + std::string(end);
}

}  // namespace sterna::codegen
