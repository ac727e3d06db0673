#include "model/model.hpp"

#include "base/hash.hpp"

namespace sterna::model {
namespace {

/// The longest beginning of `text` within `length` bytes that does not end inside a UTF-8 sequence.
std::string_view cut(std::string_view text, std::size_t length) {
  if (text.size() <= length) return text;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (length > 0 && continues(length)) --length;
  return text.substr(0, length);
}

/// The words of an expression, joined: "lower(email)" → "lower_email".
std::string words(std::string_view expression) {
  std::string result;
  bool gap = false;
  for (const char c : expression) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80U;
    if (letter && gap && !result.empty()) result += '_';
    if (letter) result += c;
    gap = !letter;
  }
  return result;
}

template <class Columns>
auto find(Columns& columns, std::string_view name) -> decltype(columns.data()) {
  for (auto& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace

Name::Name(std::string_view dotted_or_plain) {
  const std::size_t dot = dotted_or_plain.find('.');
  if (dot == std::string_view::npos) {
    name = dotted_or_plain;
  } else {
    schema = dotted_or_plain.substr(0, dot);
    name = dotted_or_plain.substr(dot + 1);
  }
}

const Column* Table::column(std::string_view column_name) const {
  return find(columns, column_name);
}
Column* Table::column(std::string_view column_name) { return find(columns, column_name); }

std::string default_name(const Name& table, const std::vector<std::string>& columns,
                         std::string_view suffix, std::size_t max_length) {
  std::string full = table.name;
  for (const std::string& column : columns) full += "_" + column;
  full += "_" + std::string(suffix);
  if (full.size() <= max_length) return full;
  constexpr std::size_t digits = 8;
  const std::string hash = sha256_hex(full).substr(0, digits);
  if (max_length <= digits) return hash.substr(0, max_length);
  return std::string(cut(full, max_length - digits - 1)) + "_" + hash;
}

std::string default_name(const Name& table, const Index& index, std::size_t max_length) {
  std::vector<std::string> parts;
  for (const IndexPart& part : index.parts) {
    parts.push_back(part.column.empty() ? words(part.expression) : part.column);
  }
  const std::string_view suffix = index.kind == IndexKind::full_text ? "fulltext"
                                  : index.kind == IndexKind::spatial ? "spatial"
                                  : index.unique                     ? "unique"
                                                                     : "index";
  return default_name(table, parts, suffix, max_length);
}

std::string default_name(const Name& table, const Unique& unique, std::size_t max_length) {
  return default_name(table, unique.columns, "unique", max_length);
}

std::string default_name(const Name& table, const ForeignKey& key, std::size_t max_length) {
  return default_name(table, key.columns, "foreign", max_length);
}

std::string default_name(const Name& table, const Exclusion& exclusion, std::size_t max_length) {
  std::vector<std::string> parts;
  for (const auto& element : exclusion.elements)
    parts.push_back(words(element.column_or_expression));
  return default_name(table, parts, "exclude", max_length);
}

}  // namespace sterna::model
