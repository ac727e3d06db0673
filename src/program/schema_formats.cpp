#include "program/schema_formats.hpp"

#include "base/text.hpp"
#include "codegen/entities.hpp"
#include "database/registry.hpp"
#include "diagram/dbml.hpp"
#include "diagram/dot.hpp"
#include "diagram/markdown.hpp"
#include "diagram/mermaid.hpp"
#include "diagram/svg.hpp"

#include <sterna/error.hpp>

#include <algorithm>

namespace sterna {
namespace {

using diagram::TypeSpelling;

struct SchemaFormat {
  std::string_view name;
  std::string (*write)(const model::Model& model, const TypeSpelling& type);
};

std::string entities_of(const model::Model& model, const TypeSpelling& type) {
  const ServerInfo server{model.product, {}, model.version};
  return cpp_entities({model, dialect_named(model.dialect).capabilities(server), type});
}

// A form is a line here and a function: the choices of --format, --help, completions and the
// command reference follow.
constexpr SchemaFormat formats[] = {
    {"cpp", entities_of},
    {"mermaid", diagram::to_mermaid},
    {"dot", diagram::to_dot},
    {"dbml", diagram::to_dbml},
    {"markdown", diagram::to_markdown},
    {"svg", [](const model::Model& model,
               const TypeSpelling& type) { return diagram::to_svg(model, type); }},
};

/// As the schema's own database writes types.
TypeSpelling spelling_of(const model::Model& model) {
  const Dialect& dialect = dialect_named(model.dialect);
  const ServerInfo server{model.product, {}, model.version};
  return [&dialect, server](const model::Type& type) {
    try {
      return dialect.type_name(type, server);
    } catch (const Error&) {
      // A snapshot that people wrote may hold a type that this database does not have: a picture
      // shows it all the same.
      return type.name.empty() ? std::string("?") : type.name;
    }
  };
}

}  // namespace

std::string_view schema_format_choices() {
  static const std::string choices = [] {
    std::vector<std::string> names = {"sql", "json"};
    for (const SchemaFormat& format : formats) names.emplace_back(format.name);
    names.emplace_back("text");
    return join(names, "|");
  }();
  return choices;
}

std::string schema_in_format(const model::Model& model, std::string_view format) {
  const auto found = std::find_if(std::begin(formats), std::end(formats),
                                  [&](const SchemaFormat& each) { return each.name == format; });
  if (found == std::end(formats))
    throw Error(ErrorKind::config, "a schema has no format " + std::string(format))
        .suggest("there are " + join(split(schema_format_choices(), '|'), ", "));
  return found->write(model, spelling_of(model));
}

}  // namespace sterna
