// DBML (dbml.dbdiagram.io/docs) as a model. Used by the designer's import. Types stay as they are
// written: loading what is rendered from the model into a scratch database makes it canonical.
// Opens no file and no database.
#pragma once

#include "model/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sterna::diagram {

struct DbmlOptions {
  std::string dialect;         ///< of the model that is made
  bool named_enums = true;     ///< enums are types of their own; else each column of one lists it
  std::string default_schema;  ///< names in it stand without a schema in the model
  std::string file;            ///< for error messages
};

struct DbmlGroup {
  std::string name, color, note;
  std::vector<model::Name> tables;
  bool operator==(const DbmlGroup&) const = default;
};

struct DbmlNote {
  std::string name, text;
  bool operator==(const DbmlNote&) const = default;
};

struct DbmlDocument {
  model::Model model;
  std::string project, note;
  std::vector<DbmlGroup> groups;
  std::vector<DbmlNote> notes;  ///< sticky notes
  std::vector<std::string>
      not_kept;  ///< "3:5: the note of an enum value": what a model cannot hold
};

/// Project, Table, Enum, TableGroup, Note and every form of Ref; `<>` makes a table between the
/// two.
/// @throws Error(validation) with line and column for everything that is not understood, for names
/// that are there twice or not at all, and for TablePartial and Records.
DbmlDocument read_dbml(std::string_view text, const DbmlOptions& options);

}  // namespace sterna::diagram
