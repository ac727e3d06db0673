// <sterna/testing.hpp> over the tests of migrations.
#include <sterna/testing.hpp>

#include "base/text.hpp"
#include "database/registry.hpp"
#include "testing/migrations.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <ostream>

namespace sterna {
namespace {

namespace fs = std::filesystem;

/// A database of its own on the server of `url`.
std::unique_ptr<Scratch> scratch_beside(const Url& url) { return connect(url)->make_scratch(); }

void add(RoundTrip& trip, const trial::Outcome& outcome) {
  trip.rows += outcome.rows;
  for (const trial::Finding& finding : outcome.findings) {
    const bool failure = finding.severity == trial::Finding::Severity::failure;
    std::string line = outcome.name + ": " + finding.text;
    if (failure && !finding.statement.empty()) line += "\n  by: " + finding.statement;
    (failure ? trip.failures : trip.notes).push_back(std::move(line));
  }
  if (!outcome.skipped.empty()) trip.notes.push_back(outcome.name + ": " + outcome.skipped);
}

RoundTrip run(const std::string& url, EngineOptions engine_options,
              const std::optional<std::string>& only) {
  engine_options.url = parse_url(url);
  engine_options.run.registered = false;
  MigrationEngine engine(std::move(engine_options));
  trial::TestOptions options;
  options.make_scratch = [&url] { return scratch_beside(parse_url(url)); };
  if (only) options.only = {*only};
  RoundTrip trip;
  for (const trial::Outcome& outcome : trial::MigrationTests(engine, std::move(options)).run())
    add(trip, outcome);
  return trip;
}

}  // namespace

struct ScratchDatabase::Impl {
  std::string folder;  // of SQLite's file
  std::unique_ptr<Scratch> scratch;
  std::string url;
  std::optional<Database> database;

  ~Impl() {
    database.reset();
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }
};

ScratchDatabase::ScratchDatabase(std::string_view url) : impl_(std::make_unique<Impl>()) {
  if (url.starts_with("sqlite")) {
    impl_->folder = (fs::temp_directory_path() / "sterna-scratch-XXXXXX").string();
    if (::mkdtemp(impl_->folder.data()) == nullptr) {
      impl_->folder.clear();
      throw Error(ErrorKind::config, "no folder can be made for a temporary database");
    }
    impl_->url = "sqlite:" + impl_->folder + "/scratch.db";
    return;
  }
  impl_->scratch = scratch_beside(parse_url(url));
  impl_->url = impl_->scratch->session().url().reveal();
}
ScratchDatabase::ScratchDatabase(ScratchDatabase&&) noexcept = default;
ScratchDatabase& ScratchDatabase::operator=(ScratchDatabase&&) noexcept = default;
ScratchDatabase::~ScratchDatabase() = default;

const std::string& ScratchDatabase::url() const noexcept { return impl_->url; }

Runner ScratchDatabase::runner(std::vector<MigrationDefinition> migrations,
                               RunnerOptions options) const {
  options.history_schema.clear();
  options.replicas.clear();
  return Runner(impl_->url, std::move(migrations), std::move(options));
}

Database& ScratchDatabase::database() {
  if (!impl_->database) impl_->database.emplace(impl_->url);
  return *impl_->database;
}

std::string RoundTrip::text() const {
  std::string text;
  for (const std::string& failure : failures) text += failure + "\n";
  for (const std::string& note : notes) text += "note: " + note + "\n";
  return text;
}

std::ostream& operator<<(std::ostream& out, const RoundTrip& trip) { return out << trip.text(); }
void PrintTo(const RoundTrip& trip, std::ostream* out) { *out << trip.text(); }

RoundTrip round_trip(const ScratchDatabase& database, std::vector<MigrationDefinition> migrations) {
  if (migrations.empty()) return {};
  EngineOptions options;
  const std::string last = migrations.back().version;
  options.definitions = std::move(migrations);
  return run(database.url(), std::move(options), last);
}

RoundTrip round_trip(const ScratchDatabase& database, MigrationDefinition migration) {
  std::vector<MigrationDefinition> one;
  one.push_back(std::move(migration));
  return round_trip(database, std::move(one));
}

RoundTrip round_trip_all(const ScratchDatabase& database, std::string_view folder) {
  EngineOptions options;
  options.run.directories = {std::string(folder)};
  return run(database.url(), std::move(options), std::nullopt);
}

}  // namespace sterna
