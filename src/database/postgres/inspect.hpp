// What the inspector of PostgreSQL holds while it reads the catalogs: one question after the other
// is sent in one message, and each row of the answers goes into the model at once. Used by the
// inspect_*.cpp files alone; never outlives Connection::inspect.
#pragma once

#include "database/inspect.hpp"
#include "database/postgres/dialect.hpp"
#include "database/postgres/libpq.hpp"
#include "model/model.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace sterna::postgres {

/// The fields of one row, in the order of the question.
class Fields {
 public:
  Fields(const LibPq& api, const PGresult* result, int row)
      : api_(api), result_(result), row_(row) {}
  bool null(int field) const { return api_.PQgetisnull(result_, row_, field) != 0; }
  std::string_view text(int field) const {
    return {api_.PQgetvalue(result_, row_, field),
            static_cast<std::size_t>(api_.PQgetlength(result_, row_, field))};
  }
  std::string string(int field) const { return std::string(text(field)); }
  bool flag(int field) const { return text(field) == "t"; }
  char letter(int field) const {
    return null(field) || text(field).empty() ? '\0' : text(field)[0];
  }
  std::int64_t number(int field) const;
  Oid oid(int field) const { return static_cast<Oid>(number(field)); }
  /// "{1,3}" or "1 3".
  std::vector<std::int64_t> numbers(int field) const;

 private:
  const LibPq& api_;
  const PGresult* result_;
  int row_;
};

/// Catalogs by their fixed numbers (pg_class.dat and its like).
enum Catalog : Oid {
  pg_default_acl = 826,
  pg_type = 1247,
  pg_proc = 1255,
  pg_class = 1259,
  pg_foreign_server = 1417,
  pg_foreign_data_wrapper = 2328,
  pg_am = 2601,
  pg_cast = 2605,
  pg_constraint = 2606,
  pg_conversion = 2607,
  pg_language = 2612,
  pg_namespace = 2615,
  pg_opclass = 2616,
  pg_operator = 2617,
  pg_rewrite = 2618,
  pg_trigger = 2620,
  pg_opfamily = 2753,
  pg_extension = 3079,
  pg_policy = 3256,
  pg_statistic_ext = 3381,
  pg_collation = 3456,
  pg_event_trigger = 3466,
  pg_transform = 3576,
  pg_ts_dict = 3600,
  pg_ts_parser = 3601,
  pg_ts_config = 3602,
  pg_ts_template = 3764,
  pg_publication = 6104,
  pg_publication_rel = 6106,
};

/// A table, and what its parts are found by while it is read.
struct TableState {
  model::Table table;
  char kind = 'r';    ///< pg_class.relkind
  bool kept = false;  ///< becomes a table of the model
  bool partition = false;
  std::vector<int> column;              ///< by attnum: index in table.columns, or -1
  std::string server, foreign_options;  ///< of a foreign table
  std::vector<Oid> parents;
};

/// A sequence that belongs to a column.
struct OwnedSequence {
  std::string nextval;     ///< the default that reads it, as the server prints it
  std::string name;        ///< with its schema where it is not the table's
  std::string options;     ///< what differs from a fresh one: "START WITH 5"
  std::string type;        ///< "integer"
  bool internal = false;   ///< of an identity column
  std::size_t object = 0;  ///< its place in `objects`, unless internal
};

class Inspection {
 public:
  Inspection(const InspectOptions& options, const ServerInfo& server,
             const PostgresDialect& dialect);

  const InspectOptions& options;
  const ServerInfo& server;
  const PostgresDialect& dialect;
  model::Model model;

  std::unordered_map<Oid, TableState> tables;
  /// By table and attnum.
  std::unordered_map<std::uint64_t, OwnedSequence> sequences;
  struct Pending {
    model::Object object;
    bool dropped = false;  ///< stands in a table after all (the sequence of a serial column)
  };
  std::vector<Pending> objects;
  /// Comments by catalog, object and sub-object.
  std::unordered_map<std::uint64_t, std::unordered_map<int, std::string>> comments;
  /// Names of NOT NULL constraints with their schema (since version 18), and who had them first.
  std::unordered_map<std::string, model::Column*> not_null_names;

  bool since(int version) const { return server.version >= version * 10000; }
  /// The name, without its schema when that is the default one.
  model::Name name(std::string_view schema, std::string_view plain) const;
  std::string quoted(const model::Name& object) const { return dialect.quote(object); }
  /// A condition on pg_namespace `alias`: schemas that are asked for.
  std::string wanted(const std::string& alias) const;
  /// A condition: the object is not a member of an extension.
  static std::string not_of_extension(std::string_view catalog, std::string_view oid);
  bool left_out(const model::Name& table) const {
    return without_.contains(table.text()) ||
           (table.schema.empty() &&
            without_.contains(model::Name(model.default_schema, table.name).text()));
  }

  std::string comment_of(Oid catalog, Oid object, int part = 0) const;
  /// Takes an object into the model; its comment too where COMMENT ON KIND NAME is right.
  model::Object& add(Oid catalog, Oid oid, std::string kind, model::Name name,
                     std::string definition);
  /// A comment of its own, on what `target` names: "CONSTRAINT x ON t".
  void add_comment(const std::string& target, const std::string& text, const model::Name& table,
                   const std::string& depends_on);
  /// Another catalog row that stands for a known object ("the row type of a table").
  void alias(Oid catalog, Oid oid, Oid of_catalog, Oid of_oid);
  void depend(Oid catalog, Oid oid, Oid on_catalog, Oid on_oid);
  /// The table that rows about it go to; nullptr when it is not part of the model.
  TableState* table(Oid oid);

  /// Names once what is there and cannot be part of the model.
  void not_managed(const std::string& line) { not_managed_.insert(line); }

  model::Model take();

 private:
  struct Item {
    bool is_object = false;
    Oid table = 0;
    std::size_t object = 0;
    std::string key;  ///< of what is neither (enum, extension)
  };
  const Item* item(Oid catalog, Oid oid) const;
  std::string key(const Item& item) const;

  std::unordered_set<std::string> without_, not_managed_;
  std::unordered_map<std::uint64_t, Item> items_;
  std::unordered_map<std::uint64_t, std::uint64_t> aliases_;
  friend void register_key(Inspection& inspection, Oid catalog, Oid oid, std::string key);
};

/// Something of the model that is neither table nor object, for dependencies: "enum mood".
void register_key(Inspection& inspection, Oid catalog, Oid oid, std::string key);

inline std::uint64_t address(Oid catalog, Oid oid) {
  return (static_cast<std::uint64_t>(catalog) << 32U) | oid;
}

struct Question {
  std::string sql;
  void (*row)(Inspection&, const Fields&);
};

// Each in the file of its name; asked in this order.
void ask_tables(const Inspection& inspection, std::vector<Question>& questions);
void ask_keys(const Inspection& inspection, std::vector<Question>& questions);
void ask_types(const Inspection& inspection, std::vector<Question>& questions);
void ask_routines(const Inspection& inspection, std::vector<Question>& questions);
void ask_views(const Inspection& inspection, std::vector<Question>& questions);
void ask_guards(const Inspection& inspection, std::vector<Question>& questions);
void ask_others(const Inspection& inspection, std::vector<Question>& questions);
void ask_rights(const Inspection& inspection, std::vector<Question>& questions);

}  // namespace sterna::postgres
