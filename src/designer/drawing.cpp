#include "designer/drawing.hpp"

#include "designer/answer.hpp"
#include "designer/body.hpp"
#include "designer/documents.hpp"
#include "diagram/dbml_read.hpp"
#include "diagram/svg.hpp"
#include "diff/script.hpp"
#include "model/json.hpp"
#include "program/schema_formats.hpp"

#include <nlohmann/json.hpp>

namespace sterna::designer {
namespace {

using Json = nlohmann::json;

diagram::SvgTheme theme_of(const std::string& name) {
  if (name == "light") return diagram::SvgTheme::light;
  if (name == "dark") return diagram::SvgTheme::dark;
  if (name == "print") return diagram::SvgTheme::print;
  return diagram::SvgTheme::automatic;
}

std::string svg_of(DesignProject& project, const Body& body, const model::Model& model) {
  diagram::SvgOptions options;
  options.theme = theme_of(body.text("theme"));
  options.title = project.config().root.filename().string();
  if (const std::string placed = body.object("placed"); !placed.empty()) {
    const Json places = Json::parse(placed);
    for (const auto& [name, place] : places.items()) {
      if (!place.is_array() || place.size() != 2 || !place[0].is_number() || !place[1].is_number())
        throw Error(ErrorKind::validation, "a place is to be [x, y]");
      options.placed[model::Name(name)] = {place[0].get<double>(), place[1].get<double>()};
    }
  }
  return diagram::to_svg(
      model, [&](const model::Type& type) { return project.type_text(type); }, options);
}

std::string sql_of(DesignProject& project, const model::Model& model) {
  model::Model nothing;
  nothing.dialect = model.dialect;
  Connection& connection = project.connection();
  const Difference all = diff(nothing, model, {connection.dialect(), connection.server()});
  const ChangeScript script = script_of(all.changes, nothing, connection);
  return directives_of(script) + sql_text(script.statements);
}

}  // namespace

HttpResponse exported(DesignProject& project, std::string_view text) {
  const Body body(text);
  const std::string format = body.text("format");
  const model::Model model = body.model("model");
  if (format == "svg")
    return {200, svg_of(project, body, model), "image/svg+xml; charset=utf-8", {}};
  if (format == "json") return {200, model::to_json(model), "application/json; charset=utf-8", {}};
  std::string result = format == "sql" ? sql_of(project, model) : schema_in_format(model, format);
  return {200, std::move(result), "text/plain; charset=utf-8", {}};
}

std::string imported(DesignProject& project, std::string_view text) {
  const Body body(text);
  const std::string format = body.text("format");
  const std::string content = body.text("text");
  std::vector<std::string> not_kept;
  model::Model model;
  if (format == "sql") {
    model = project.loaded(content, "import.sql");
  } else if (format == "dbml") {
    Connection& connection = project.connection();
    diagram::DbmlOptions options;
    options.dialect = connection.dialect().name();
    options.named_enums = has_enum_types(connection.dialect(), connection.server());
    options.default_schema = project.state("empty").model.default_schema;
    options.file = "import.dbml";
    diagram::DbmlDocument document = diagram::read_dbml(content, options);
    not_kept = std::move(document.not_kept);
    model = project.canonical(document.model);
  } else if (format == "connection") {
    model = project.state("@" + content).model;
    if (model.dialect != project.connection().dialect().name())
      throw Error(ErrorKind::validation, "the connection '" + content + "' is of another database");
  } else {
    throw Error(ErrorKind::validation, "there is no import of '" + format + "'")
        .suggest("there are sql, dbml and connection");
  }
  return "{" + model_members(project, model) + ",\"not_kept\":" + Json(not_kept).dump() + "}";
}

}  // namespace sterna::designer
