#include "lint/review.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "lint/folder.hpp"
#include "migration/assertion.hpp"

#include <algorithm>
#include <set>

namespace sterna::lint {
namespace {

/// A migration in C++ as its plan says it.
Input code_input(const PlannedMigration& planned, const std::string& file) {
  Input input;
  input.id = planned.id();
  input.file = file;
  input.meta = planned.meta;
  input.code = true;
  input.has_down = true;
  if (const auto text = read_file_if_exists(file))
    input.directives = allowances_in_code(*text, file);
  for (const PlannedStatement& statement : planned.statements) {
    if (statement.progress != StatementProgress::pending) continue;
    Statement one;
    one.sql = statement.sql;
    one.position = statement.position;
    if (one.position.file.empty()) one.position.file = file;
    input.up.push_back(std::move(one));
  }
  return input;
}

bool stands_at(const PlannedStatement& statement, const SourcePosition& position) {
  return statement.position.line == position.line && statement.position.column == position.column;
}

Input input_of(const PlannedMigration& planned, MigrationEngine& engine, Language language) {
  const std::vector<Source>& sources = engine.sources();
  const auto source = std::find_if(sources.begin(), sources.end(),
                                   [&](const Source& one) { return one.id() == planned.id(); });
  const bool code = source == sources.end() || source->kind == SourceKind::cpp ||
                    source->kind == SourceKind::code || !source->embedded_text.empty();
  if (code) return code_input(planned, source == sources.end() ? std::string() : source->up_file);
  std::vector<std::string> names{source->up_file};
  if (!source->down_file.empty() && source->down_file != source->up_file)
    names.push_back(source->down_file);
  Input input = std::move(read_inputs(names, language).front());
  input.id = planned.id();
  // What an earlier run has begun was looked at then; the model has it already.
  std::erase_if(input.up, [&](const Statement& statement) {
    return std::any_of(
        planned.statements.begin(), planned.statements.end(), [&](const PlannedStatement& one) {
          return one.progress != StatementProgress::pending && stands_at(one, statement.position);
        });
  });
  return input;
}

/// Where in the plan each statement of `input` stands: a plan has assertions between them.
std::vector<std::size_t> places_of(const Input& input, const PlannedMigration& planned) {
  std::vector<std::size_t> places;
  std::size_t at = 0;
  for (std::size_t i = 0; i < input.up.size(); ++i) {
    const SourcePosition& position = input.up[i].position;
    const auto is_it = [&](const PlannedStatement& candidate) {
      return candidate.progress == StatementProgress::pending &&
             (input.code || stands_at(candidate, position));
    };
    while (at < planned.statements.size() && !is_it(planned.statements[at])) ++at;
    places.push_back(at);
    if (at < planned.statements.size()) ++at;
  }
  return places;
}

/// Whatever stands before a dot in `text`, bodies of functions included: the schemas are among it,
/// and a name that is none does no harm.
void add_qualifiers(std::string_view text, std::set<std::string>& names) {
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || static_cast<unsigned char>(c) >= 0x80;
  };
  for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
       dot = text.find('.', dot + 1)) {
    std::size_t begin = dot;
    if (dot > 0 && text[dot - 1] == '"') {
      const std::size_t quote = dot > 1 ? text.rfind('"', dot - 2) : std::string_view::npos;
      if (quote != std::string_view::npos) names.emplace(text.substr(quote + 1, dot - quote - 2));
      continue;
    }
    while (begin > 0 && in_word(text[begin - 1])) --begin;
    if (begin < dot) names.insert(to_lower(text.substr(begin, dot - begin)));
  }
}

InspectOptions what_to_read(const Plan& plan, const std::string& schema) {
  InspectOptions options;
  if (schema.empty()) return options;
  std::set<std::string> names{schema};
  for (const PlannedMigration& planned : plan) {
    for (const PlannedStatement& statement : planned.statements)
      add_qualifiers(statement.sql, names);
  }
  options.schemas.assign(names.begin(), names.end());
  return options;
}

Estimate of_assertion() {
  Estimate estimate;
  estimate.time = TimeClass::unknown;
  estimate.basis = "is a query that stops the run when it does not hold";
  return estimate;
}

MigrationReview joined(const PlannedMigration& planned, const Input& input, Review reviewed,
                       std::vector<StatementAtomicity> atomicity) {
  MigrationReview result;
  result.id = planned.id();
  result.statements.resize(planned.statements.size());
  for (std::size_t i = 0; i < planned.statements.size(); ++i) {
    result.statements[i].atomicity = std::move(atomicity[i]);
    if (is_assertion({planned.statements[i].sql, {}, {}, {}}))
      result.statements[i].estimate = of_assertion();
  }
  const std::vector<std::size_t> places = places_of(input, planned);
  const auto statement = [&](std::size_t number) -> StatementReview* {
    const bool there = number < places.size() && places[number] < result.statements.size();
    return there ? &result.statements[places[number]] : nullptr;
  };
  for (std::size_t i = 0; i < reviewed.estimates.size(); ++i) {
    if (StatementReview* one = statement(i)) one->estimate = std::move(reviewed.estimates[i]);
  }
  for (Finding& finding : reviewed.findings) {
    StatementReview* one =
        finding.number < 0 ? nullptr : statement(static_cast<std::size_t>(finding.number));
    (one == nullptr ? result.findings : one->findings).push_back(std::move(finding));
  }
  return result;
}

}  // namespace

PlanReview review(MigrationEngine& engine, const Plan& plan, const Policy& policy,
                  const std::string& schema) {
  if (plan.empty()) return {};
  Connection& connection = engine.connection();
  const Dialect& dialect = connection.dialect();
  Options options;
  options.policy = policy;
  options.server.language = dialect.language();
  options.server.version = connection.server().version;
  options.server.mariadb = connection.server().product == "MariaDB";
  options.server.transactional_ddl = connection.capabilities().transactional_ddl;
  options.server.longest_name = connection.capabilities().max_identifier_length;
  options.server.lock_timeout = engine.options().run.lock_timeout;
  options.server.live = true;
  const model::Model model = connection.inspect(what_to_read(plan, schema));
  options.model = &model;
  options.spell = [&](const model::Type& type) {
    return dialect.type_name(type, connection.server());
  };
  options.sizes = sizes_of(connection, model);
  std::vector<Input> inputs;
  for (const PlannedMigration& planned : plan)
    inputs.push_back(input_of(planned, engine, options.server.language));
  std::vector<Review> reviewed = review(inputs, options);
  PlanReview result;
  for (std::size_t i = 0; i < plan.size(); ++i)
    result.push_back(joined(plan[i], inputs[i], std::move(reviewed[i]),
                            atomicity_of(plan[i], connection, engine.options().run)));
  return result;
}

std::vector<Finding> findings_of(const PlanReview& review) {
  std::vector<Finding> all;
  for (const MigrationReview& migration : review) {
    std::vector<Finding> own = migration.findings;
    for (const StatementReview& statement : migration.statements)
      own.insert(own.end(), statement.findings.begin(), statement.findings.end());
    std::stable_sort(own.begin(), own.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.position.file, a.position.line, a.position.column) <
             std::tie(b.position.file, b.position.line, b.position.column);
    });
    std::move(own.begin(), own.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace sterna::lint
