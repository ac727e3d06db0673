// lint: what migrations would do to a database that people are using; and the same question before
// `up` in protected environments.
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/lint.hpp"
#include "cli/output.hpp"
#include "database/registry.hpp"
#include "lint/folder.hpp"
#include "lint/policy.hpp"
#include "lint/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna::cli {
namespace {

namespace fs = std::filesystem;
using lint::Severity;

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

lint::Options options_of(lint::Policy policy, const ConnectionConfig& connection,
                         const Dialect& dialect) {
  lint::Options options;
  options.policy = std::move(policy);
  options.server.language = dialect.language();
  const Capabilities capabilities = dialect.capabilities({});
  options.server.transactional_ddl = capabilities.transactional_ddl;
  options.server.longest_name = capabilities.max_identifier_length;
  options.server.lock_timeout = milliseconds_of(connection.lock_timeout.value);
  return options;
}

/// Files that version control knows to have changed since a revision, and those it does not know.
std::set<std::string> changed_since(const std::string& revision, const fs::path& root) {
  std::set<std::string> files;
  const std::string folder = root.empty() ? "." : root.string();
  if (revision.starts_with("-"))
    throw Error(ErrorKind::config, "'" + revision + "' is no revision");
  // Outside of a repository `git diff` compares files, and prints all of its options.
  if (run_process({"git", "-C", folder, "rev-parse", "--is-inside-work-tree"}).exit_code != 0)
    throw Error(ErrorKind::config, "--since asks git what changed, and " +
                                       fs::absolute(folder).lexically_normal().string() +
                                       " is in no repository")
        .suggest("leave --since out, or name the files: sterna lint FILES");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"git", "-C", folder, "diff", "--name-only", "--relative", "-z",
                                 revision, "--"},
        std::vector<std::string>{"git", "-C", folder, "ls-files", "--others", "--exclude-standard",
                                 "-z"}}) {
    const ProcessResult result = run_process(command);
    if (result.exit_code != 0)
      throw Error(ErrorKind::config, "git cannot tell what changed since " + revision)
          .with_detail(result.output.substr(0, result.output.find('\n')))
          .suggest("`git rev-parse REVISION` says whether the revision is known here")
          .suggest("in CI, fetch the history: `git fetch --unshallow`");
    for (const std::string& file : split(result.output, '\0')) {
      if (!file.empty()) files.insert((root / file).lexically_normal().string());
    }
  }
  return files;
}

/// The folders of a connection, as its findings call them.
std::vector<std::pair<fs::path, std::string>> folders_of(const Config& config,
                                                         const ConnectionConfig& connection) {
  std::vector<std::pair<fs::path, std::string>> folders;
  for (const std::string& directory : connection.directories.value) {
    const fs::path path = config.root / directory;
    folders.emplace_back(
        path, config.root == fs::current_path() ? directory : path.lexically_normal().string());
  }
  return folders;
}

const Dialect& dialect_of(const Invocation& invocation, const ConnectionConfig& connection) {
  if (const auto name = invocation.value("dialect"))
    return dialect_named(*name == "mariadb" ? "mysql" : *name);
  if (connection.url.value) return engine_for(*connection.url.value).dialect();
  throw Error(ErrorKind::config, "lint has to know whose SQL it reads")
      .suggest("give --dialect postgres, mysql, mariadb, sqlite or cql")
      .suggest(
          "or name the database: --url, STERNA_URL, or `url` in sterna.toml; it is not connected "
          "to");
}

/// The files and folders that are named, or else the folders of the connection.
void read_inputs(const Invocation& invocation, const Config& config,
                 const ConnectionConfig& connection, Language language,
                 std::vector<lint::Input>& inputs) {
  std::vector<std::string> files;
  std::vector<std::pair<fs::path, std::string>> folders;
  const std::vector<std::string> named = invocation.all("FILES");
  for (const std::string& name : named) {
    if (fs::is_directory(name))
      folders.emplace_back(name, name.ends_with('/') ? name.substr(0, name.size() - 1) : name);
    else
      files.push_back(name);
  }
  if (named.empty()) folders = folders_of(config, connection);
  std::size_t code = 0;
  for (const auto& [path, shown] : folders) {
    lint::FolderInputs folder = lint::read_inputs(path, shown, language);
    code += folder.code_files.size();
    std::move(folder.inputs.begin(), folder.inputs.end(), std::back_inserter(inputs));
  }
  for (lint::Input& input : lint::read_inputs(files, language)) inputs.push_back(std::move(input));
  if (code > 0 && invocation.verbosity() >= 0)
    say(fmt::format("{} migration(s) in C++ are not read here: --pending lints their plan", code));
}

std::vector<lint::Finding> lint_files(const Invocation& invocation, std::size_t& files) {
  const Config config = load_configuration(invocation);
  const ConnectionConfig& connection =
      config.connection(invocation.value("connection").value_or(""));
  const Dialect& dialect = dialect_of(invocation, connection);
  lint::Options options = options_of(policy_of(invocation, config), connection, dialect);
  options.server.mariadb =
      invocation.value("dialect").value_or("") == "mariadb" ||
      (connection.url.value && connection.url.value->masked().starts_with("mariadb:"));
  std::vector<lint::Input> inputs;
  read_inputs(invocation, config, connection, options.server.language, inputs);
  if (const auto revision = invocation.value("since")) {
    const std::set<std::string> changed = changed_since(*revision, config.root);
    for (lint::Input& input : inputs) {
      const auto has = [&](const std::string& file) {
        return !file.empty() &&
               changed.contains(
                   (fs::path(file).is_absolute() ? fs::path(file) : fs::current_path() / file)
                       .lexically_normal()
                       .string());
      };
      input.reported = has(input.file) || has(input.down_file);
    }
  }
  files = static_cast<std::size_t>(std::count_if(
      inputs.begin(), inputs.end(), [](const lint::Input& input) { return input.reported; }));
  return lint::lint(inputs, options);
}

void tell(const std::vector<lint::Finding>& findings, bool to_stderr) {
  const auto write = [&](const std::string& text) {
    if (to_stderr)
      say(text.ends_with('\n') ? text.substr(0, text.size() - 1) : text);
    else
      print(text);
  };
  for (const lint::Finding& finding : findings) {
    const Tone tone = finding.severity == Severity::error     ? Tone::bad
                      : finding.severity == Severity::warning ? Tone::warning
                                                              : Tone::dim;
    const std::string text = lint::as_text(finding);
    const std::size_t end = text.find('\n');
    write(toned(text.substr(0, end), tone, to_stderr) + text.substr(end));
  }
}

int print_rules(const Invocation& invocation) {
  if (invocation.value("format").value_or("text") == "markdown") {
    print(lint::catalogue());
    return 0;
  }
  const lint::Policy own = policy_of(invocation, load_configuration(invocation));
  std::vector<std::vector<std::string>> rows{{"RULE", "NAME", "SEVERITY", "WHAT"}};
  for (const std::span<const lint::Rule> rules :
       {lint::common_rules(), lint::postgres_rules(), lint::mysql_rules(), lint::sqlite_rules(),
        lint::cql_rules()}) {
    for (const lint::Rule& rule : rules)
      rows.push_back({std::string(rule.id), std::string(rule.name),
                      std::string(to_string(rule.severity)), std::string(rule.summary)});
  }
  for (const lint::CustomRule& rule : own.custom)
    rows.push_back({rule.id, "", std::string(to_string(rule.severity)), rule.message});
  for (const lint::CodeRule& rule : own.code)
    rows.push_back({rule.meta.id, rule.meta.name, std::string(to_string(rule.meta.severity)),
                    rule.meta.summary});
  print(table(rows));
  return 0;
}

void print_findings(const std::vector<lint::Finding>& findings, std::size_t files,
                    const Invocation& invocation) {
  const std::string format = invocation.value("format").value_or("text");
  if (format == "json") return print(lint::as_json(findings));
  if (format == "sarif") return print(lint::as_sarif(findings, version()));
  if (format == "github") return print(lint::as_github(findings));
  if (format == "gitlab") return print(lint::as_gitlab(findings));
  if (format == "junit") return print(lint::as_junit(findings, files));
  if (format == "markdown") return print(lint::as_markdown(findings));
  tell(findings, false);
  if (invocation.verbosity() < 0) return;
  const lint::Counts counts = lint::count(findings);
  say(findings.empty() ? fmt::format("{} migration(s), nothing found", files)
                       : fmt::format("{} migration(s): {} error(s), {} warning(s), {} note(s)",
                                     files, counts.errors, counts.warnings, counts.notes));
}

}  // namespace

lint::Policy policy_of(Session& session) {
  const Config& config = session.config();
  lint::load_rules(config.lint, config.root, session.engine().options().compile);
  return lint::policy_of(config.lint);
}

lint::Policy policy_of(const Invocation& invocation, const Config& config) {
  EngineOptions options;
  prepare(options, invocation, config);
  lint::load_rules(config.lint, config.root, options.compile);
  return lint::policy_of(config.lint);
}

lint::PlanReview review_plan(Session& session, const Plan& plan) {
  return lint::review(session.engine(), plan, policy_of(session));
}

std::vector<lint::Finding> lint_pending(Session& session, const Target& target,
                                        std::size_t* files) {
  const Plan plan = session.engine().plan(target, Direction::up);
  if (files != nullptr) *files = plan.size();
  return lint::findings_of(review_plan(session, plan));
}

std::optional<Error> lint_refusal(std::vector<lint::Finding>& findings, const Config& config) {
  std::erase_if(findings,
                [](const lint::Finding& finding) { return finding.severity != Severity::error; });
  if (findings.empty()) return std::nullopt;
  return Error(
             ErrorKind::refused,
             fmt::format(
                 "lint finds {} error(s) in what is pending, and the environment '{}' is protected",
                 findings.size(), config.environment.value))
      .with_state("nothing was changed")
      .suggest(
          "change the migrations, or say above the statement why it is right: -- sterna:allow RULE "
          "REASON")
      .suggest("in an emergency: --no-lint");
}

bool lint_allows(Session& session, const Invocation& invocation,
                 std::vector<lint::Finding> findings) {
  if (!session.connection_config().protected_.value || invocation.has("no-lint")) return true;
  const std::optional<Error> refusal = lint_refusal(findings, session.config());
  if (!refusal) return true;
  session.clear_progress();
  tell(findings, true);
  cli::tell(*refusal);
  return false;
}

int run_lint(Invocation& invocation) {
  if (invocation.has("rules")) return print_rules(invocation);
  const Severity least = lint::severity_named(invocation.value("severity").value_or("note"));
  std::size_t files = 0;
  std::vector<lint::Finding> findings;
  if (invocation.has("pending")) {
    if (invocation.has("FILES") || invocation.has("since"))
      throw Error(ErrorKind::config, "--pending excludes files and --since");
    Session session(invocation, Access::looks);
    findings = lint_pending(session, {}, &files);
    session.clear_progress();
  } else {
    findings = lint_files(invocation, files);
  }
  const bool failed = lint::count(findings).errors > 0;
  std::erase_if(findings, [&](const lint::Finding& finding) { return finding.severity < least; });
  print_findings(findings, files, invocation);
  return failed ? lint_errors_found : 0;
}

}  // namespace sterna::cli
