#include "designer/designer.hpp"

#include "designer/answer.hpp"
#include "designer/apply_job.hpp"
#include "designer/assets.hpp"
#include "designer/body.hpp"
#include "designer/documents.hpp"
#include "designer/drawing.hpp"
#include "designer/guard.hpp"
#include "designer/layout.hpp"
#include "designer/working_copy.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace sterna {
namespace {

using namespace designer;

constexpr std::string_view api_prefix = "/api/v1/";

}  // namespace

class Designer::Api {
 public:
  explicit Api(DesignerOptions options) : options_(std::move(options)) {
    project_of(options_.connection).check_state(options_.base);
  }

  HttpResponse answer(const HttpRequest& request) {
    if (auto refusal = refused(request, options_.token)) return *refusal;
    if (!request.path.starts_with("/api/")) {
      if (request.method == "GET") return page_answer(request);
      return failure(405, "validation", "pages are read with GET");
    }
    return route(request);
  }

 private:
  /// One at a time: it asks a database.
  using Handler = HttpResponse (Api::*)(DesignProject&, const HttpRequest&);
  /// Beside the others, which may be at work for seconds: given the connection's name alone.
  using QuickHandler = HttpResponse (Api::*)(const std::string&, const HttpRequest&);
  struct Route {
    std::string_view method, path;
    Handler handler = nullptr;
    QuickHandler quick = nullptr;
  };

  HttpResponse route(const HttpRequest& request) {
    static constexpr Route routes[] = {
        {"GET", "project", &Api::project},
        {"GET", "state", &Api::state},
        {"GET", "design", nullptr, &Api::read_design},
        {"PUT", "design", nullptr, &Api::write_design},
        {"DELETE", "design", nullptr, &Api::discard},
        {"POST", "preview", &Api::preview},
        {"POST", "generate", &Api::generate},
        {"POST", "type", &Api::type},
        {"POST", "layout", nullptr, &Api::layout},
        {"POST", "export", &Api::take_away},
        {"POST", "import", &Api::bring_in},
        {"GET", "drift", &Api::drift},
        {"GET", "compare", &Api::compare},
        {"GET", "history", &Api::history},
        {"GET", "apply", nullptr, &Api::apply_state},
        {"POST", "apply", &Api::apply},
        {"DELETE", "apply", nullptr, &Api::stop_apply},
    };
    bool known = false;
    for (const Route& route : routes) {
      if (!request.path.starts_with(api_prefix) ||
          request.path.substr(api_prefix.size()) != route.path)
        continue;
      known = true;
      if (request.method == route.method) return run(route, request);
    }
    if (known) return failure(405, "validation", "this address has no method " + request.method);
    return failure(404, "validation", "the API has no address " + request.path);
  }

  HttpResponse run(const Route& route, const HttpRequest& request) {
    const std::string name = parameter(request, "connection", options_.connection);
    if (route.quick != nullptr)
      return (this->*route.quick)(options_.config.connection(name).name, request);
    const std::lock_guard lock(mutex_);
    DesignProject& project = project_of(name);
    try {
      return (this->*route.handler)(project, request);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::connection) project.reconnect();
      throw;
    }
  }

  DesignProject& project_of(const std::string& name) {
    const ConnectionConfig& connection = options_.config.connection(name);
    std::unique_ptr<DesignProject>& project = projects_[connection.name];
    if (!project)
      project =
          std::make_unique<DesignProject>(options_.config, connection, options_.engine_options);
    return *project;
  }

  static std::string parameter(const HttpRequest& request, const char* name,
                               std::string_view fallback) {
    const auto found = request.parameters.find(name);
    return found == request.parameters.end() ? std::string(fallback) : found->second;
  }

  HttpResponse project(DesignProject& project, const HttpRequest&) {
    return json_answer(project_json(project, options_.allow_apply, options_.base));
  }
  HttpResponse state(DesignProject& project, const HttpRequest& request) {
    return json_answer(
        state_json(project, project.state(state_of(parameter(request, "state", "base")))));
  }

  /// "base": what lies under the drawing.
  std::string state_of(std::string spec) const {
    return spec == "base" ? options_.base : std::move(spec);
  }

  /// The default connection's on its migrations is design.json; others bear their names, and what
  /// they are drawn on.
  WorkingCopyFile file_of(const std::string& name) const {
    std::string file = "design";
    if (name != options_.config.connection().name) file += "." + name;
    if (options_.base != "migrations") {
      file += "@" + options_.base;
      std::replace(file.begin(), file.end(), '/', '-');
    }
    return WorkingCopyFile(options_.config.root / ".sterna" / (file + ".json"));
  }
  static std::string copy_members(const WorkingCopy& copy) {
    return "\"revision\":" + std::to_string(copy.revision) +
           ",\"document\":" + (copy.document.empty() ? "null" : copy.document);
  }
  static HttpResponse conflict(const WorkingCopyFile& file) {
    return json_answer(
        "{\"error\":{\"kind\":\"conflict\",\"message\":\"the working copy was changed elsewhere\","
        "\"suggestions\":[\"look at it, then keep one of the two\"]}," +
            copy_members(file.read()) + "}",
        409);
  }
  HttpResponse read_design(const std::string& name, const HttpRequest&) {
    const std::lock_guard lock(copies_mutex_);
    return json_answer("{" + copy_members(file_of(name).read()) + "}");
  }
  HttpResponse write_design(const std::string& name, const HttpRequest& request) {
    const Body body(request.body);
    const std::string document = body.object("document");
    if (document.empty() || document.front() != '{')
      throw Error(ErrorKind::validation, "\"document\" is to be an object");
    const std::lock_guard lock(copies_mutex_);
    WorkingCopyFile file = file_of(name);
    const auto revision = file.write(body.number("revision"), document);
    if (!revision) return conflict(file);
    return json_answer("{\"revision\":" + std::to_string(*revision) + "}");
  }
  HttpResponse discard(const std::string& name, const HttpRequest& request) {
    const Body body(request.body);
    const std::lock_guard lock(copies_mutex_);
    WorkingCopyFile file = file_of(name);
    if (!file.discard(body.number("revision"))) return conflict(file);
    return json_answer("{" + copy_members(file.read()) + "}");
  }

  PreviewRequest preview_request(const Body& body) const {
    return {state_of(body.text("state", "base")), body.model("model"), body.renames(),
            body.flag("cpp")};
  }
  HttpResponse preview(DesignProject& project, const HttpRequest& request) {
    return json_answer(preview_json(preview_of(project, preview_request(Body(request.body)))));
  }
  HttpResponse generate(DesignProject& project, const HttpRequest& request) {
    const Body body(request.body);
    const Preview preview = preview_of(project, preview_request(body));
    if (const std::string seen = body.text("fingerprint"); seen != preview.fingerprint)
      return failure(409, "conflict", "what lies under this drawing was changed since it began",
                     {"reload: the drawing is kept and put on top of it"});
    const Generated made =
        designer::generate(project, preview, body.text("name"), body.text("language") == "cpp");
    return json_answer("{\"path\":" + json_text(made.path) +
                       ",\"version\":" + json_text(made.version) + "}");
  }
  HttpResponse type(DesignProject& project, const HttpRequest& request) {
    const Body body(request.body);
    const bool with_types = !body.object("types").empty();
    model::Model holder;
    model::Table table;
    table.name = model::Name("type");
    model::Column column;
    column.name = "value";
    column.type =
        project.type_of(body.text("text"), with_types ? body.model("types") : model::Model());
    table.columns = {column};
    holder.tables = {table};
    return json_answer("{" + model_members(project, holder) + "}");
  }

  HttpResponse layout(const std::string&, const HttpRequest& request) {
    return json_answer(layout_json(request.body));
  }
  HttpResponse take_away(DesignProject& project, const HttpRequest& request) {
    return exported(project, request.body);
  }
  HttpResponse bring_in(DesignProject& project, const HttpRequest& request) {
    return json_answer(imported(project, request.body));
  }
  HttpResponse drift(DesignProject& project, const HttpRequest&) {
    return json_answer(comparison_json(project, "applied", "database"));
  }
  HttpResponse compare(DesignProject& project, const HttpRequest& request) {
    return json_answer(comparison_json(project, parameter(request, "from", "applied"),
                                       parameter(request, "to", "migrations")));
  }
  HttpResponse history(DesignProject& project, const HttpRequest&) {
    return json_answer(history_json(project));
  }

  HttpResponse apply_state(const std::string&, const HttpRequest&) {
    return json_answer(job_.json());
  }
  HttpResponse apply(DesignProject& project, const HttpRequest&) {
    if (!options_.allow_apply)
      return failure(403, "refused", "this designer may not change the database",
                     {"start it with --allow-apply, or run `sterna up`"});
    if (project.connection_config().protected_.value)
      return failure(403, "refused", "the environment is protected: the designer never changes it",
                     {"run `sterna up`, which asks for its name"});
    if (!job_.start(project.applying_engine()))
      return failure(409, "conflict", "a run is going on already");
    return json_answer(job_.json(), 202);
  }
  HttpResponse stop_apply(const std::string&, const HttpRequest&) {
    job_.cancel();
    return json_answer(job_.json());
  }

  DesignerOptions options_;
  std::mutex mutex_;         ///< of the projects: their connections are used by one at a time
  std::mutex copies_mutex_;  ///< of the working copies' files
  std::map<std::string, std::unique_ptr<DesignProject>> projects_;
  ApplyJob job_;
};

Designer::Designer(DesignerOptions options) : api_(std::make_unique<Api>(std::move(options))) {}
Designer::~Designer() = default;

HttpResponse Designer::handle(const HttpRequest& request) {
  HttpResponse response;
  try {
    response = api_->answer(request);
  } catch (const Error& error) {
    response = failure(error);
  } catch (const std::exception& error) {
    response = failure(Error(ErrorKind::internal, error.what()));
  }
  secure(response);
  return response;
}

}  // namespace sterna
