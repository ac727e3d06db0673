#include "diff/expressions.hpp"

#include <algorithm>

namespace sterna::detail {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '$' || c == '.' || c == '"' || static_cast<unsigned char>(c) >= 0x80U;
}

std::string spelled_part(const std::string& name) {
  const bool plain = !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                     });
  if (plain) return name;
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// Where `cast` ("::mood") stands in `text` and no longer name goes on behind it.
std::size_t find_cast(std::string_view text, std::string_view cast, std::size_t from) {
  for (std::size_t at = text.find(cast, from); at != std::string_view::npos;
       at = text.find(cast, at + 1)) {
    const std::size_t end = at + cast.size();
    if (end == text.size() || !in_name(text[end])) return at;
  }
  return std::string_view::npos;
}

void replace_casts(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = find_cast(text, from, 0); at != std::string::npos;
       at = find_cast(text, from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// In all texts of the model, objects included.
void replace_casts(model::Model& model, const std::string& from, const std::string& to) {
  const auto replace = [&](std::string& text) { replace_casts(text, from, to); };
  for (model::Table& table : model.tables) visit_expressions(table, replace);
  for (model::Object& object : model.objects) replace(object.definition);
}

void rename_type(model::Type& type, const std::string& from, const std::string& to) {
  if (type.name == from) type.name = to;
  for (model::Type& argument : type.arguments) rename_type(argument, from, to);
}

std::string literal(const std::string& value) {
  std::string text = "'";
  for (const char c : value) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::string spelled(const model::Name& name) {
  return (name.schema.empty() ? std::string() : spelled_part(name.schema) + ".") +
         spelled_part(name.name);
}

bool casts_to(std::string_view text, const model::Name& type) {
  return find_cast(text, "::" + spelled(type), 0) != std::string_view::npos;
}

bool names_column(std::string_view text, std::string_view column) {
  const auto in_word = [](char c) { return in_name(c) && c != '.' && c != '"'; };
  for (std::size_t at = text.find(column); at != std::string_view::npos;
       at = text.find(column, at + 1)) {
    const std::size_t end = at + column.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end])))
      return true;
  }
  return false;
}

bool is_of(const model::Type& type, const model::Name& enumeration) {
  return type.name == spelled(enumeration) ||
         std::any_of(type.arguments.begin(), type.arguments.end(),
                     [&](const model::Type& argument) { return is_of(argument, enumeration); });
}

bool mentions_value(const model::Model& model, const model::Name& name, const std::string& value) {
  const std::string text = literal(value), cast = text + "::" + spelled(name);
  bool found = false;
  const auto look = [&](const std::string& expression) {
    found = found || expression.find(cast) != std::string::npos;
  };
  for (const model::Table& table : model.tables) {
    visit_expressions(table, look);
    for (const model::Column& column : table.columns) {
      const auto& given = column.default_value;
      found = found || (given && given->text == value && is_of(column.type, name));
    }
    for (const auto& [key, option] : table.options)
      found = found || option.find(text) != std::string::npos;
  }
  for (const model::Object& object : model.objects) look(object.definition);
  return found;
}

void rename_enum_in(model::Model& model, const model::Name& from, const model::Name& to) {
  for (model::EnumType& type : model.enums) {
    if (type.name == from) type.name = to;
  }
  const std::string old_key = model::key_of("enum", from), new_key = model::key_of("enum", to);
  const std::string old_text = spelled(from), new_text = spelled(to);
  for (model::Table& table : model.tables) {
    for (model::Column& column : table.columns) rename_type(column.type, old_text, new_text);
    std::replace(table.depends_on.keys.begin(), table.depends_on.keys.end(), old_key, new_key);
  }
  for (model::Object& object : model.objects)
    std::replace(object.depends_on.begin(), object.depends_on.end(), old_key, new_key);
  replace_casts(model, "::" + old_text, "::" + new_text);
}

void rename_value_in(model::Model& model, const model::Name& name, const std::string& from,
                     const std::string& to) {
  for (model::EnumType& type : model.enums) {
    if (type.name == name) std::replace(type.values.begin(), type.values.end(), from, to);
  }
  const std::string cast = "::" + spelled(name);
  replace_casts(model, literal(from) + cast, literal(to) + cast);
  for (model::Table& table : model.tables) {
    for (model::Column& column : table.columns) {
      std::optional<model::Default>& value = column.default_value;
      if (value && value->kind == model::Default::Kind::literal && value->text == from &&
          is_of(column.type, name))
        value->text = to;
    }
  }
}

}  // namespace sterna::detail
