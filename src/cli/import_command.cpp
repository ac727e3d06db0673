// import: another tool's migrations and its history.
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "import/takeover.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sterna::cli {
namespace {

TakeoverOptions takeover_options(const Session& session, const Invocation& invocation) {
  TakeoverOptions options;
  options.tool = *invocation.value("from");
  options.path = invocation.value("PATH").value_or("");
  options.root = session.config().root;
  options.directory =
      invocation.value("output").value_or(session.connection_config().directories.value.front());
  options.history_table = invocation.value("table").value_or("");
  options.files_only = invocation.has("files-only");
  options.dry_run = invocation.has("dry-run");
  if (const auto url = invocation.value("history-url")) options.history = parse_url(*url);
  for (const std::string& pair : invocation.all("placeholder")) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos)
      throw Error(ErrorKind::config, "--placeholder takes NAME=VALUE, not '" + pair + "'");
    options.placeholders[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return options;
}

void print_json(const Takeover& takeover, const std::string& directory) {
  nlohmann::ordered_json json;
  json["schema_version"] = 1;
  json["directory"] = directory;
  json["files"] = nlohmann::ordered_json::array();
  for (const CarriedFile& file : takeover.carried.files)
    json["files"].push_back(
        {{"name", file.name}, {"from", file.source}, {"applied", file.applied}});
  json["left_out"] = takeover.carried.left_out;
  json["notes"] = takeover.carried.notes;
  json["adopted"] = takeover.adopted;
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void print_text(const Takeover& takeover) {
  std::vector<std::vector<std::string>> rows{{"state", "migration", "from"}};
  for (const CarriedFile& file : takeover.carried.files)
    rows.push_back({file.applied ? "applied" : "pending", file.name, file.source});
  print(table(rows));
  for (const std::string& left : takeover.carried.left_out)
    say(fmt::format("{} {}", toned("left out", Tone::warning, true), left));
  for (const std::string& note : takeover.carried.notes)
    say(fmt::format("{} {}", toned("note", Tone::warning, true), note));
  if (takeover.carried.schema_stands_for_code)
    say("what is written in another language came over as the schema it made, in the newest "
        "applied migration");
}

}  // namespace

int run_import(Invocation& invocation) {
  if (!invocation.has("from"))
    throw Error(ErrorKind::config, "--from is missing: the tool whose migrations they are");
  Session session(invocation);
  const TakeoverOptions options = takeover_options(session, invocation);
  if (!options.files_only && !options.dry_run)
    session.permit(invocation, "writing a history", false);
  EngineOptions engine_settings = session.engine().options();
  engine_settings.run.directories = {options.directory};
  engine_settings.run.registered = false;
  MigrationEngine engine(std::move(engine_settings));
  const Takeover takeover = take_over(engine, options);
  if (!takeover.leave_out.empty() && !options.dry_run) {
    const std::filesystem::path file =
        session.config().file.empty() ? options.root / "sterna.toml" : session.config().file;
    if (leave_out_of_schema(file, takeover.leave_out))
      say(fmt::format("{}: schema_without leaves {} alone", file.filename().string(),
                      join(takeover.leave_out, ", ")));
    else
      say(fmt::format("{} add {} to schema_without in {}: they are no part of the schema",
                      toned("note", Tone::warning, true), join(takeover.leave_out, ", "),
                      file.filename().string()));
  }
  if (invocation.json())
    print_json(takeover, options.directory);
  else
    print_text(takeover);
  const std::vector<std::string>& configured = session.connection_config().directories.value;
  if (std::find(configured.begin(), configured.end(), options.directory) == configured.end())
    say(fmt::format(
        "{} write `directories = [\"{}\"]` into sterna.toml, so that other commands find them",
        toned("note", Tone::warning, true), options.directory));
  if (options.dry_run)
    say("nothing was written");
  else
    say(fmt::format("wrote {} files to {}; {} count as applied", takeover.carried.files.size(),
                    options.directory, takeover.adopted));
  return 0;
}

}  // namespace sterna::cli
