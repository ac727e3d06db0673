#include "designer/preview.hpp"

#include "base/text.hpp"
#include "lint/policy.hpp"
#include "migration/version.hpp"

namespace sterna::designer {
namespace {

/// What the linter says of the migration as it would be written.
std::vector<lint::Finding> findings_of(DesignProject& project, const Preview& preview) {
  Connection& connection = project.connection();
  const Dialect& dialect = connection.dialect();
  lint::Options options;
  options.policy = lint::policy_of(project.config().lint);
  options.server.language = dialect.language();
  options.server.version = connection.server().version;
  options.server.mariadb = connection.server().product == "MariaDB";
  options.server.transactional_ddl = connection.capabilities().transactional_ddl;
  options.server.longest_name = connection.capabilities().max_identifier_length;
  options.model = &preview.from;
  options.spell = [&](const model::Type& type) { return project.type_text(type); };
  return lint::lint({lint::read_input("drawing", "drawing.sql", preview.sql, dialect.language())},
                    options);
}

}  // namespace

Preview preview_of(DesignProject& project, PreviewRequest request) {
  const DesignState& base = project.state(request.state);
  Preview result{base.model, {}, base.fingerprint, project.diff_options(), {}, {}, {}};
  model::sort(request.wanted);
  result.to = project.canonical(request.wanted, result.from);
  result.options.renames = open_renames(request.renames, result.from);
  Difference up = diff(result.from, result.to, result.options);
  Connection& like = project.connection();
  result.migration = derive_migration(result.from, result.to, std::move(up), result.options, like);
  if (result.migration.up_changes.empty()) return result;
  result.sql = sql_text(result.migration);
  result.findings = findings_of(project, result);
  if (request.cpp) result.cpp = cpp_text(result.migration, "preview", result.from, result.to, like);
  return result;
}

Generated generate(DesignProject& project, const Preview& preview, const std::string& name,
                   bool cpp) {
  if (preview.migration.up_changes.empty())
    throw Error(ErrorKind::validation, "there is nothing to write: the schema is as it was");
  const std::string file_name = to_snake_case(trim(name));
  if (file_name.empty())
    throw Error(ErrorKind::validation, "the migration needs a name: add_posts");
  const std::string text =
      cpp ? cpp_text(preview.migration, file_name, preview.from, preview.to, project.connection())
          : sql_text(preview.migration);
  const std::string ending = cpp ? ".cpp" : std::string(preview.options.dialect.script_ending());
  Generated result;
  result.path =
      write_migration(project.config(), project.connection_config(), file_name, ending, text);
  MigrationFileName parsed;
  const std::string written = result.path.substr(result.path.rfind('/') + 1);
  if (parse_file_name(written, parsed)) result.version = parsed.id.version;
  return result;
}

}  // namespace sterna::designer
