// A project of another migration tool, as values: what its files say and what its history says is
// applied. Readers of the tools fill it, `carry_over` writes it in Sterna's form; nothing here
// touches a file or a database.
#pragma once

#include "sql/language.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sterna {

struct ForeignMigration {
  std::string
      key;  ///< what the tool's history calls it: "1.1", "20200101_init", "app.0001_initial"
  std::string version;  ///< digits and underscores; empty: it gets the number of its place
  std::string name;     ///< in words, any spelling
  std::string file;     ///< where it stands, for a person
  std::string up, down;
  bool has_down = false;
  bool in_transaction = true;
  std::string code;      ///< why it is no SQL ("Python"); empty: it is
  std::string checksum;  ///< of the file, as the tool's history writes it; empty: it keeps none
  std::vector<std::string>
      needs;  ///< keys that it builds on, where the history holds the newest keys alone
  bool applied = false;
};

struct ForeignRepeatable {
  std::string name, file, text;
  std::string checksum;
  bool applied = false;
};

struct ForeignProject {
  std::vector<ForeignMigration> migrations;  ///< in the order in which the tool runs them
  std::vector<ForeignRepeatable> repeatables;
  std::vector<std::string> notes;  ///< what a person has to look at
};

struct ForeignRequest {
  std::filesystem::path path;  ///< a folder, or the file that lists the rest
  Language language = Language::postgres;
  std::string database;  ///< "postgres", "mysql", "sqlite", "cql"
  std::map<std::string, std::string> placeholders;
  std::string history_table;  ///< when it is not the tool's usual one
};

/// Reads a tool's history: the cells of `columns`, as text, in the order of `order`. Returns false
/// when none of `tables`
/// ("schema.table" or "table") exists.
using ForeignRow = std::vector<std::string>;
class ForeignHistory {
 public:
  virtual ~ForeignHistory() = default;
  virtual bool read(const std::vector<std::string>& tables, std::string_view columns,
                    std::string_view order, std::vector<ForeignRow>& rows) = 0;
};

struct ForeignTool {
  std::string_view name;  ///< "golang-migrate"
  std::string_view
      paths;  ///< where its projects keep their files, space separated, the likeliest first
  std::string_view tables;  ///< its own tables, space separated
  ForeignProject (*read)(const ForeignRequest& request);
  /// Marks what is applied. False when the history table does not exist. @throws Error(refused) for
  /// a history that the tool itself would refuse to go on with.
  bool (*mark)(ForeignProject& project, ForeignHistory& history,
               const std::vector<std::string>& tables);
};

const std::vector<ForeignTool>& foreign_tools();
/// @throws Error(config) that lists them.
const ForeignTool& foreign_tool(std::string_view name);

}  // namespace sterna
