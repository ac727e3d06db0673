// Everything that stands on one column of a table, as the database's own catalog knows it. Read by
// who puts another column in its place, and must lose none of it. Texts name the column as it is.
#pragma once

#include "model/model.hpp"

#include <string>
#include <vector>

namespace sterna {

struct ColumnUse {
  /// Why no other column can take its place, and what to do about that.
  struct Obstacle {
    std::string reason, advice;
  };
  struct Grant {
    std::string privilege, grantee;  ///< as SQL
    bool grantable = false;
  };
  struct Index {
    std::string name, comment;
    bool unique = false;
    std::string definition;  ///< from USING to the end
    bool reads = false;      ///< in an expression or its condition, beside or instead of as a key
    bool replica_identity = false, clustered = false;
    std::string constraint_comment;
    bool constraint = false;              ///< of a UNIQUE constraint of this name
    std::vector<std::string> statistics;  ///< "2 SET STATISTICS 500", of its columns
  };
  struct Constraint {
    std::string name, comment, definition;
    bool foreign_key = false;
    bool validated = true;
  };
  struct Trigger {
    std::string name, comment, definition;
    std::string enabled;  ///< "DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"; empty: as any other
    bool names_column = false;  ///< in UPDATE OF or WHEN: the column cannot be dropped before it
    bool update_of = false;     ///< has a list of columns
    bool before_row = false;    ///< may change the row before it is written
    bool on_update = false;
  };
  struct Policy {
    std::string name, visible, written;  ///< USING and WITH CHECK, without the brackets
  };
  struct Statistics {
    model::Name name;
    std::string definition, comment;  ///< definition: behind the name
    int target = -1;
  };

  struct Function {
    std::string signature;
    std::string keeps_types;  ///< sessions keep what they know of the column's type: the statement
                              ///< that makes them forget it; empty: they do not
  };

  std::vector<Obstacle> obstacles;
  std::string default_sql, collation, comment, storage, compression, options;  ///< as SQL
  int statistics_target = -1;
  std::string not_null;  ///< name of the constraint, where it has one
  std::vector<Grant> grants;
  std::vector<Index> indexes;
  std::vector<Constraint> constraints;
  std::vector<Trigger> triggers;  ///< all of the table
  std::vector<Policy> policies;
  std::vector<Statistics> statistics;
  std::vector<std::string> others;   ///< "view recent": no DROP COLUMN as long as they are there
  std::vector<Function> functions;   ///< whose text names it, which no catalog knows
  std::vector<std::string> remarks;  ///< what else a person has to know, one sentence each

  // The type that the new column gets.
  bool type_exists = true;
  bool collatable = false;  ///< takes a COLLATE
  bool toastable = false;   ///< takes STORAGE and COMPRESSION
  bool comparable = true;   ///< has an equality
  bool old_comparable = true;
};

}  // namespace sterna
