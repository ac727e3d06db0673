#include "program/squash.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "diff/diff.hpp"
#include "diff/script.hpp"
#include "migration/planner.hpp"
#include "migration/sum.hpp"
#include "program/author.hpp"
#include "sql/token_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sterna {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_rows = 10'000;

/// The migrations that the checkpoint stands for.
std::vector<const Source*> replaced_sources(MigrationEngine& engine, std::string_view to) {
  std::vector<const Source*> found;
  bool reached = false;
  std::vector<std::string> known;
  for (const Source& source : engine.sources()) {
    if (source.kind == SourceKind::repeatable) continue;
    known.push_back(source.id());
    if (reached) continue;
    if (source.up_file.empty() || !source.embedded_text.empty()) {
      throw Error(ErrorKind::plan,
                  fmt::format("migration {} is part of a program, not of a folder: "
                              "a checkpoint cannot take its place",
                              source.id()))
          .with_state("nothing was changed");
    }
    found.push_back(&source);
    reached = to == source.id() || to == source.name || to == source.key();
  }
  if (!reached) {
    Error error(ErrorKind::plan, "there is no migration '" + std::string(to) + "'");
    for (const std::string& near : near_misses(std::string(to), known, 2))
      error.suggest("did you mean " + near + "?");
    throw error.with_state("nothing was changed");
  }
  if (found.size() < 2) {
    throw Error(ErrorKind::plan, fmt::format("{} is the first migration: there is nothing to put "
                                             "together",
                                             found.front()->id()))
        .with_state("nothing was changed");
  }
  return found;
}

bool is_key(const model::Table& table, const std::string& column) {
  if (!table.primary_key) return false;
  const auto& parts = table.primary_key->parts;
  return std::any_of(parts.begin(), parts.end(),
                     [&](const model::IndexPart& part) { return part.column == column; });
}

void check_count(std::size_t count, std::size_t of_table, const model::Table& table) {
  if (count <= most_rows) return;
  throw Error(ErrorKind::plan,
              fmt::format("the migrations put more than {} rows into their tables ({} of them into "
                          "{}): too much for one checkpoint",
                          most_rows, of_table, table.name.text()))
      .with_state("nothing was changed")
      .suggest("squash up to the migration before, or load such rows with `sterna seed`");
}

/// In CQL, one INSERT JSON for each, in the order of the server, which is the same for the same
/// keys: there is no other for a whole table.
std::vector<Statement> json_rows_of(Connection& session, const model::Table& table,
                                    std::size_t& count) {
  const Dialect& dialect = session.dialect();
  const std::string name = dialect.quote(table.name);
  const Rows rows = session.query("SELECT JSON * FROM " + name);
  const bool counts = std::any_of(
      table.columns.begin(), table.columns.end(),
      [](const model::Column& column) { return column.type.kind == model::TypeKind::counter; });
  if (counts && !rows.empty()) {
    throw Error(ErrorKind::plan,
                "the migrations count in " + table.name.text() + ": counters cannot be inserted")
        .with_state("nothing was changed")
        .suggest("squash up to the migration before the one that counts");
  }
  check_count(count += rows.size(), rows.size(), table);
  std::vector<Statement> statements;
  for (const Row& row : rows)
    statements.push_back({"INSERT INTO " + name + " JSON " + dialect.literal(row[0]), {}, {}, {}});
  return statements;
}

/// The rows of a table as one INSERT; empty when it has none.
std::string rows_of(Connection& session, const model::Table& table, std::size_t& count) {
  const Dialect& dialect = session.dialect();
  std::vector<std::string> columns, keys;
  for (const model::Column& column : table.columns) {
    if (column.generated) continue;
    columns.push_back(dialect.quote(column.name));
    if (is_key(table, column.name)) keys.push_back(columns.back());
  }
  if (columns.empty()) return {};
  const std::string name = dialect.quote(table.name);
  const Rows rows = session.query(fmt::format("SELECT {} FROM {} ORDER BY {}", join(columns, ", "),
                                              name, join(keys.empty() ? columns : keys, ", ")));
  if (rows.empty()) return {};
  check_count(count += rows.size(), rows.size(), table);
  std::string text = fmt::format("INSERT INTO {} ({}){} VALUES", name, join(columns, ", "),
                                 dialect.identity_override(table));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::vector<std::string> values;
    for (std::size_t c = 0; c < columns.size(); ++c) values.push_back(dialect.literal(rows[i][c]));
    text += fmt::format("{}\n  ({})", i == 0 ? "" : ",", join(values, ", "));
  }
  return text;
}

/// All rows as statements, tables in the order in which they can be filled.
std::vector<Statement> data_of(Connection& session, const std::vector<const model::Table*>& tables,
                               std::size_t& rows) {
  std::vector<Statement> statements;
  const bool json = session.dialect().language() == Language::cql;
  for (const model::Table* table : tables) {
    if (json) {
      for (Statement& statement : json_rows_of(session, *table, rows))
        statements.push_back(std::move(statement));
      continue;
    }
    std::string text = rows_of(session, *table, rows);
    if (text.empty()) continue;
    statements.push_back({std::move(text), {}, {}, {}});
    for (Statement& statement : session.dialect().advance_keys(*table))
      statements.push_back(std::move(statement));
  }
  return statements;
}

/// Tables so that each comes after those its foreign keys name.
std::vector<const model::Table*> fill_order(const model::Model& model) {
  std::vector<const model::Table*> order;
  std::set<model::Name> placed;
  std::vector<const model::Table*> left;
  for (const model::Table& table : model.tables) left.push_back(&table);
  while (!left.empty()) {
    const std::size_t before = left.size();
    std::erase_if(left, [&](const model::Table* table) {
      for (const model::ForeignKey& key : table->foreign_keys) {
        const bool waits = key.referenced_table != table->name &&
                           model.table(key.referenced_table) != nullptr &&
                           !placed.contains(key.referenced_table);
        if (waits) return false;
      }
      order.push_back(table);
      placed.insert(table->name);
      return true;
    });
    if (left.size() == before) {  // a circle: the server says whether its rows can be put in
      order.insert(order.end(), left.begin(), left.end());
      break;
    }
  }
  return order;
}

/// GRANT and REVOKE on tables or views, of which one is not there any more.
bool of_gone_tables(const std::string& right, const model::Model& made, Language language) {
  const auto there = [&](const std::string& name) {
    const auto named = [&](const auto& item) { return equals_ignoring_case(item.name.name, name); };
    return std::any_of(made.tables.begin(), made.tables.end(), named) ||
           std::any_of(made.objects.begin(), made.objects.end(), named);
  };
  sql::TokenCursor cursor(right, language);
  if (!cursor.at_any({"GRANT", "REVOKE"}) || !cursor.skip_to({"ON"})) return false;
  cursor.take();
  const bool table = cursor.accept("TABLE");
  if (!table && cursor.at_name(1) && !cursor.at_any({"TO", "FROM"}, 1))
    return false;  // ON SCHEMA s
  do {
    const ObjectName name = cursor.name();
    if (name.name.empty()) return false;  // *
    if (!there(name.name)) return true;
  } while (cursor.accept(','));
  return false;
}

/// In the place where what they stand on has been made. What is of a table that is gone is left.
void take_over_rights(const Scratch& replayed, Connection& proof, const model::Model& made,
                      Checkpoint& checkpoint, std::vector<Statement>& statements) {
  for (const std::string& right : replayed.session().confinement()->rights()) {
    if (of_gone_tables(right, made, proof.dialect().language())) continue;
    try {
      proof.execute(right);
    } catch (const Error&) {  // of something else that is gone
      continue;
    }
    statements.push_back({right, {}, {}, {}});
    ++checkpoint.rights;
  }
}

[[noreturn]] void not_the_same(const std::string& what) {
  throw Error(ErrorKind::internal, "the checkpoint would not make the same: " + what)
      .with_state("nothing was changed");
}

}  // namespace

Checkpoint make_checkpoint(MigrationEngine& engine, StateReader& reader, std::string_view to) {
  const std::vector<const Source*> sources = replaced_sources(engine, to);
  Checkpoint checkpoint;
  for (const Source* source : sources) {
    // An older checkpoint is replaced together with what it replaced.
    for (const std::string& version : source->meta.replaces) checkpoint.versions.push_back(version);
    if (checkpoint.versions.empty() || checkpoint.versions.back() != source->version.text())
      checkpoint.versions.push_back(source->version.text());
    checkpoint.files.push_back(source->up_file);
    if (!source->down_file.empty() && source->down_file != source->up_file)
      checkpoint.files.push_back(source->down_file);
  }
  checkpoint.version = sources.back()->version.text();

  const Replayed replayed = reader.replay(
      {Target::Kind::version, target_name(sources.back()->scope, sources.back()->id()), 0});
  Connection& session = replayed.engine->connection();
  const model::Model made = reader.inspect(session, *replayed.scratch);
  const std::vector<const model::Table*> order = fill_order(made);
  const std::vector<Statement> data = data_of(session, order, checkpoint.rows);
  checkpoint.tables = made.tables.size();

  model::Model nothing;
  nothing.dialect = made.dialect;
  const DiffOptions options{session.dialect(), session.server()};
  DerivedMigration whole =
      derive_migration(nothing, made, diff(nothing, made, options), options, session);
  std::vector<Statement> statements = whole.up_script.statements;
  statements.insert(statements.end(), data.begin(), data.end());

  const std::unique_ptr<Scratch> proof = reader.make_scratch();
  proof->session().execute_batch(statements);
  const model::Model again = reader.inspect(proof->session(), *proof);
  if (const Difference rest = diff(made, again, options); !rest.empty())
    not_the_same(describe(rest.changes.front()));
  take_over_rights(*replayed.scratch, proof->session(), made, checkpoint, statements);
  std::size_t rows = 0;
  const std::vector<Statement> same = data_of(proof->session(), order, rows);
  for (std::size_t i = 0; i < std::max(data.size(), same.size()); ++i) {
    if (i >= data.size() || i >= same.size() || data[i].sql != same[i].sql)
      not_the_same("the rows differ: " + (i < data.size() ? data[i].sql : same[i].sql));
  }

  whole.up_script.statements = std::move(statements);
  checkpoint.text =
      "-- sterna:replaces " + join(checkpoint.versions, ", ") + "\n" + sql_text(whole);
  return checkpoint;
}

std::string write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint,
                             MigrationEngine& engine, const std::string& directory) {
  const std::string name =
      checkpoint.version + "_checkpoint" + fs::path(checkpoint.files.back()).extension().string();
  const fs::path archive = folder / "archive" / checkpoint.version;
  fs::create_directories(archive);
  // First away with the newest: a folder that lacks one is refused by its sterna.sum, while two
  // with one version never stand beside each other.
  for (auto file = checkpoint.files.rbegin(); file != checkpoint.files.rend(); ++file) {
    const fs::path from = folder / fs::path(*file).filename();
    if (fs::exists(from)) fs::rename(from, archive / from.filename());
  }
  write_file_atomically(folder / name, checkpoint.text);
  if (fs::exists(folder / sum_file_name))
    write_file_atomically(folder / sum_file_name, engine.sum_text(directory));
  return name;
}

}  // namespace sterna
