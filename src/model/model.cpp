#include "model/model.hpp"

#include "base/hash.hpp"

#include <algorithm>
#include <tuple>

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

template <class Items>
auto find_by_name(const Items& items, const Name& name) -> decltype(items.data()) {
  const auto at = std::lower_bound(items.begin(), items.end(), name,
                                   [](const auto& item, const Name& n) { return item.name < n; });
  return at != items.end() && at->name == name ? &*at : nullptr;
}

template <class Columns>
auto find(Columns& columns, std::string_view name) -> decltype(columns.data()) {
  for (auto& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace

std::string key_of(std::string_view kind, const Name& name) {
  return std::string(kind) + " " + name.text();
}

std::vector<std::string> keys_of_types(const Type& type, std::string_view schema) {
  std::vector<std::string> keys;
  if (type.kind == TypeKind::user_type) {
    Name name(type.name);
    if (name.schema.empty()) name.schema = schema;
    keys.push_back(key_of("type", name));
  }
  for (const Type& argument : type.arguments) {
    for (std::string& key : keys_of_types(argument, schema)) keys.push_back(std::move(key));
  }
  return keys;
}

const Table* Model::table(const Name& name) const { return find_by_name(tables, name); }
const EnumType* Model::enumeration(const Name& name) const { return find_by_name(enums, name); }
const UserType* Model::user_type(const Name& name) const { return find_by_name(types, name); }
const Object* Model::object(std::string_view kind, const Name& name) const {
  for (const Object& object : objects) {
    if (object.kind == kind && object.name == name) return &object;
  }
  return nullptr;
}

void sort(Model& model) {
  const auto by_name = [](auto& items) {
    // Stable: where names repeat, the inspector's order stands.
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
  };
  std::sort(model.schemas.begin(), model.schemas.end());
  by_name(model.enums);
  by_name(model.types);
  by_name(model.tables);
  for (Table& table : model.tables) {
    by_name(table.uniques);
    by_name(table.indexes);
    by_name(table.foreign_keys);
    by_name(table.checks);
    by_name(table.exclusions);
  }
  std::sort(model.objects.begin(), model.objects.end(), [](const Object& a, const Object& b) {
    return std::tie(a.kind, a.table, a.name) < std::tie(b.kind, b.table, b.name);
  });
}

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
