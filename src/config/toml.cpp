#include "config/toml.hpp"

#include <sterna/error.hpp>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include <charconv>

namespace sterna {
namespace {

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

std::string number_text(double number) {
  char buffer[64];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
  return std::string(buffer, end);
}

TomlValue convert_node(const toml::node& node, const std::string& file);

TomlValue convert_table(const toml::table& table, const std::string& file) {
  TomlValue value;
  value.kind = TomlValue::Kind::table;
  value.line = line_of(table);
  for (const auto& [key, node] : table)
    value.fields.emplace(std::string(key.str()), convert_node(node, file));
  return value;
}

TomlValue convert_node(const toml::node& node, const std::string& file) {
  TomlValue value;
  value.line = line_of(node);
  if (const toml::table* table = node.as_table()) return convert_table(*table, file);
  if (const auto text = node.value_exact<std::string>()) {
    value.text = *text;
  } else if (const auto flag = node.value_exact<bool>()) {
    value.kind = TomlValue::Kind::boolean;
    value.text = *flag ? "true" : "false";
  } else if (const auto whole = node.value_exact<std::int64_t>()) {
    value.kind = TomlValue::Kind::number;
    value.text = std::to_string(*whole);
  } else if (const auto number = node.value_exact<double>()) {
    value.kind = TomlValue::Kind::number;
    value.text = number_text(*number);
  } else if (const toml::array* array = node.as_array()) {
    value.kind = TomlValue::Kind::list;
    for (const toml::node& element : *array) {
      const auto text_element = element.value_exact<std::string>();
      if (!text_element)
        throw Error(ErrorKind::config, "a list of texts is expected")
            .at({file, line_of(element), 0});
      value.list.push_back(*text_element);
    }
  } else {
    throw Error(ErrorKind::config, "a text, number, boolean or list of texts is expected")
        .at({file, value.line, 0});
  }
  return value;
}

}  // namespace

TomlValue parse_toml(std::string_view text, const std::string& file) {
  try {
    return convert_table(toml::parse(text, file), file);
  } catch (const toml::parse_error& failure) {
    const toml::source_position at = failure.source().begin;
    throw Error(ErrorKind::config,
                "the configuration cannot be read: " + std::string(failure.description()))
        .at({file, static_cast<int>(at.line), static_cast<int>(at.column)});
  }
}

}  // namespace sterna
