// DBML as a tree: what stands in the text, names not yet looked up. Used by dbml_read.cpp alone.
#pragma once

#include "diagram/dbml_read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::diagram {

struct DbmlPlace {
  int line = 0, column = 0;
};

struct DbmlEndpoint {
  DbmlPlace place;
  model::Name table;
  std::vector<std::string> columns;
};

struct DbmlReference {
  DbmlPlace place;
  std::string name, sign;  ///< "<", ">", "-", "<>"
  DbmlEndpoint left, right;
  bool at_column = false;  ///< a column's setting: `left` is that column
  model::ReferentialAction on_delete = model::ReferentialAction::no_action;
  model::ReferentialAction on_update = model::ReferentialAction::no_action;
};

/// A column that a key or an index names.
struct DbmlColumnUse {
  DbmlPlace place;
  std::string column;
};

struct DbmlTable {
  DbmlPlace place;
  std::string alias;
  model::Table table;  ///< types are native, as they are written
  std::vector<DbmlPlace> column_places;
  std::vector<DbmlColumnUse> uses;
};

struct DbmlEnum {
  DbmlPlace place;
  model::EnumType type;
};

struct DbmlGroupText {
  DbmlGroup group;
  std::vector<DbmlPlace> places;  ///< by table
};

struct DbmlTree {
  std::string project, note;
  std::vector<DbmlTable> tables;
  std::vector<DbmlEnum> enums;
  std::vector<DbmlReference> references;
  std::vector<DbmlGroupText> groups;
  std::vector<DbmlNote> notes;
  std::vector<std::string> not_kept;
};

/// @throws Error(validation) with line and column.
DbmlTree parse_dbml(std::string_view text, const std::string& file);

}  // namespace sterna::diagram
