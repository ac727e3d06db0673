// Two databases and a folder: what a schema is written from, and where the written one is made.
#pragma once

#include "base/file.hpp"
#include "database/registry.hpp"
#include "diff/diff.hpp"
#include "sql/splitter.hpp"
#include "support/command.hpp"
#include "support/databases.hpp"
#include "support/temp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace sterna::test {

struct SampleFile {
  Kind kind;
  std::vector<std::string> files;  ///< below tests/, in order
};

inline std::string engine_folder(Kind kind) {
  return kind == Kind::sqlite ? "sqlite" : kind == Kind::postgres ? "postgres" : "mysql";
}

inline std::string name_of(const SampleFile& sample) {
  return engine_folder(sample.kind) + "_" +
         std::filesystem::path(sample.files.back()).stem().string();
}
inline void PrintTo(const SampleFile& sample, std::ostream* out) { *out << name_of(sample); }

inline std::vector<SampleFile> all_samples() {
  const std::string folder = "database/samples/";
  return {{Kind::sqlite, {folder + "sqlite/film_rental.sql"}},
          {Kind::sqlite, {folder + "sqlite/music_store.sql"}},
          {Kind::postgres, {folder + "postgres/music.sql"}},
          {Kind::postgres, {folder + "postgres/rental.sql"}},
          {Kind::mysql, {folder + "mysql/film_rental.sql"}},
          {Kind::mysql, {folder + "mysql/hotel_mariadb.sql"}}};
}

inline std::string test_text(const std::string& file) {
  return read_file(std::string(STERNA_SOURCE_DIR) + "/tests/" + file);
}

inline void run_sql(Connection& connection, const std::string& sql) {
  connection.set_foreign_keys(false);
  for (const Statement& statement :
       split_statements(sql, connection.dialect().language(), "case", 1))
    connection.execute(statement);
  connection.set_foreign_keys(true);
}

/// Without Sterna's own tables.
inline model::Model schema_of(Connection& connection) {
  InspectOptions options;
  options.without.emplace_back("", "sterna_migrations");
  options.without.emplace_back("", "sterna_migrations_lock");
  return connection.inspect(options);
}

inline Difference between(Connection& connection, const model::Model& from,
                          const model::Model& to) {
  return diff(from, to, {connection.dialect(), connection.server()});
}

inline std::string words_of(const Difference& difference) {
  std::string text;
  for (const Change& change : difference.changes) text += describe(change) + "\n";
  return text;
}

}  // namespace sterna::test
