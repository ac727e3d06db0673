#include "case.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <filesystem>
#include <ostream>

namespace sterna::test {
namespace fs = std::filesystem;

namespace {

Language language_of(const std::string& database) {
  if (database == "mysql") return Language::mysql;
  if (database == "sqlite") return Language::sqlite;
  if (database == "cql") return Language::cql;
  return Language::postgres;
}

std::string word_value(const LintPart& part, std::string_view key) {
  for (const std::string& word : split(part.words, ' ')) {
    if (word.starts_with(std::string(key) + "=")) return word.substr(key.size() + 1);
  }
  return {};
}

/// The tables that the statements make, as an inspector would give them.
model::Model model_of(const std::vector<Statement>& statements, Language language) {
  model::Model model;
  for (const Statement& statement : statements) {
    const lint::StatementFact fact = lint::facts_of(statement, language);
    model::Table& table = model.tables.emplace_back();
    table.name = {fact.summary.name.schema, fact.summary.name.name};
    for (const lint::ColumnFact& column : fact.columns) {
      model::Column& made = table.columns.emplace_back();
      made.name = column.name;
      made.type.name = column.type;
    }
  }
  return model;
}

}  // namespace

void PrintTo(const LintCase& rule_case, std::ostream* out) { *out << rule_case.rule; }

LintCase read_case(const std::string& path) {
  LintCase result;
  result.rule = fs::path(path).stem().string();
  result.database = fs::path(path).parent_path().filename().string();
  std::string* text = nullptr;
  for (const std::string& line : split(read_file(path), '\n')) {
    if (line.starts_with("--- setup")) {
      text = &result.setup;
    } else if (line.starts_with("--- bad") || line.starts_with("--- good")) {
      const std::size_t space = line.find(' ', 4);
      result.parts.push_back({line.starts_with("--- bad"),
                              space == std::string::npos ? "" : line.substr(space + 1),
                              {}});
      text = &result.parts.back().text;
    } else if (text != nullptr) {
      *text += line + "\n";
    }
  }
  return result;
}

std::vector<LintCase> lint_cases(const std::string& database) {
  std::vector<LintCase> cases;
  const fs::path base = fs::path(STERNA_SOURCE_DIR) / "tests/lint/cases";
  for (const std::string folder : {"common", "cql", "mysql", "postgres", "sqlite"}) {
    if (!database.empty() && folder != database) continue;
    for (const std::string& name : list_files(base / folder))
      cases.push_back(read_case((base / folder / name).string()));
  }
  return cases;
}

lint::Options options_of(const LintCase& rule_case, const LintPart& part) {
  lint::Options options;
  std::string database = rule_case.database;
  if (const std::string other = word_value(part, "on"); !other.empty()) database = other;
  options.server.language = language_of(database);
  options.server.transactional_ddl =
      database == "postgres" || database == "sqlite" || database == "common";
  if (const std::string version = word_value(part, "version"); !version.empty())
    options.server.version = std::stoi(version);
  if (const std::string timeout = word_value(part, "lock_timeout"); !timeout.empty())
    options.server.lock_timeout = std::chrono::milliseconds(std::stoi(timeout));
  options.server.mariadb = part.has("mariadb");
  return options;
}

std::vector<lint::Finding> findings_of(const LintCase& rule_case, const LintPart& part) {
  lint::Options options = options_of(rule_case, part);
  std::vector<lint::Input> inputs;
  inputs.push_back(
      lint::read_input("001_setup", "001_setup.sql", rule_case.setup, options.server.language));
  inputs.back().reported = false;
  const model::Model model = model_of(inputs.back().up, options.server.language);
  if (part.has("model")) {
    inputs.clear();
    options.model = &model;
    options.spell = [](const model::Type& type) { return type.name; };
  }
  inputs.push_back(
      lint::read_input("002_case", "002_case.sql", part.text, options.server.language));
  inputs.back().repeatable = part.has("repeatable");
  return lint::lint(inputs, options);
}

}  // namespace sterna::test
