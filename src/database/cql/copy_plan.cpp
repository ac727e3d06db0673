#include "database/cql/copy_plan.hpp"

#include <algorithm>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "database/cql/connection.hpp"
#include "database/cql/dialect.hpp"
#include "database/cql/type_text.hpp"

namespace sterna::cql {
namespace {

using model::TypeKind;
using Role = CopyColumn::Role;

struct StoredColumn {
  std::string name, type_text, kind;
  std::int64_t position = 0;
  model::Type type;
};

struct StoredTable {
  model::Name name;
  std::string id;
  std::vector<StoredColumn> columns;

  const StoredColumn* column(const std::string& wanted) const {
    for (const StoredColumn& one : columns)
      if (one.name == wanted) return &one;
    return nullptr;
  }
  std::vector<const StoredColumn*> of_kind(std::string_view kind) const {
    std::vector<const StoredColumn*> result;
    for (const StoredColumn& one : columns)
      if (one.kind == kind) result.push_back(&one);
    std::sort(result.begin(), result.end(), [](const auto* a, const auto* b) {
      return std::pair(a->position, a->name) < std::pair(b->position, b->name);
    });
    return result;
  }
  std::string token() const {
    std::string names;
    for (const StoredColumn* key : of_kind("partition_key"))
      names += (names.empty() ? "" : ", ") + words().quote(key->name);
    return "token(" + names + ")";
  }
};

StoredTable read_table(CqlConnection& connection, const model::Name& name) {
  StoredTable table{{connection.keyspace_of(name), name.name}, {}, {}};
  const std::vector<Value> key{Value(table.name.schema), Value(table.name.name)};
  const Rows ids = connection.query(
      Statement{"SELECT id FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
                key,
                {},
                {}});
  if (ids.empty()) {
    throw Error(ErrorKind::schema, "there is no table " + name.text() + " to copy from or to")
        .with_object(name.text());
  }
  table.id = ids.front().get<std::string>(0);
  for (const Row& row : connection.query(
           Statement{"SELECT column_name, type, kind, position FROM system_schema.columns WHERE "
                     "keyspace_name = ? AND table_name = ?",
                     key,
                     {},
                     {}})) {
    StoredColumn column{row.get<std::string>(0),
                        row.get<std::string>(1),
                        row.get<std::string>(2),
                        row.get<std::int64_t>(3),
                        {}};
    column.type = parse_type(column.type_text);
    table.columns.push_back(std::move(column));
  }
  return table;
}

bool keeps_cells(const model::Type& type) {
  return type.kind == TypeKind::list || type.kind == TypeKind::set || type.kind == TypeKind::map ||
         type.kind == TypeKind::user_type;
}

class CopyPlanner {
 public:
  CopyPlanner(CqlConnection& connection, const CopyRequest& request)
      : request_(request),
        server_(connection.server()),
        old_(read_table(connection, request.from)),
        new_(read_table(connection, request.to)) {}

  CopyPlan plan() {
    check();
    plan_.from = old_.name;
    plan_.to = new_.name;
    plan_.id = sha256_hex(old_.id + ' ' + new_.id + ' ' + copy_text(request_)).substr(0, 32);
    add(new_.of_kind("partition_key"), Role::partition);
    add(new_.of_kind("clustering"), Role::clustering);
    add(new_.of_kind("static"), Role::shared);
    add(new_.of_kind("regular"), Role::plain);
    plan_.clusters = !new_.of_kind("clustering").empty();
    plan_.same_partitions = same_partitions();
    write_reads();
    write_writes();
    return std::move(plan_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why, const std::string& instead) const {
    throw Error(ErrorKind::validation, "rows of " + request_.from.text() + " cannot be copied to " +
                                           request_.to.text() + ": " + why)
        .with_object(request_.to.text())
        .with_state("nothing was copied")
        .suggest(instead);
  }

  void check() const {
    if (old_.name == new_.name) refuse("it is the same table", "name two tables");
    for (const std::string& name : request_.without) {
      if (old_.column(name) == nullptr)
        refuse("there is no column " + name + " to leave behind", "take it out of WITHOUT");
    }
    for (const StoredColumn& column : old_.columns) check_old(column);
    for (const StoredColumn& column : new_.columns) check_new(column);
  }
  bool left_behind(const std::string& name) const {
    return std::find(request_.without.begin(), request_.without.end(), name) !=
           request_.without.end();
  }
  void check_old(const StoredColumn& column) const {
    if (column.type.kind == TypeKind::counter) {
      refuse("counters can be counted up, not written",
             "let the programs count in both tables for a time, or add what is missing by hand");
    }
    if (left_behind(column.name) || new_.column(column.name) != nullptr) return;
    if (column.type_text == "empty") return;  // the nameless column of compact storage
    refuse("column " + column.name + " has no place there",
           "add it to " + request_.to.text() + ", or leave its values behind: WITHOUT (" +
               words().quote(column.name) + ")");
  }
  void check_new(const StoredColumn& column) const {
    const StoredColumn* from = left_behind(column.name) ? nullptr : old_.column(column.name);
    const bool key = column.kind == "partition_key" || column.kind == "clustering";
    if (from == nullptr) {
      if (key)
        refuse("key column " + column.name + " has no values in the old table",
               "copy the rows in a program that knows them");
      return;
    }
    if (!converts(from->type, column.type)) {
      refuse("column " + column.name + " is " + from->type_text + " there and " + column.type_text +
                 " here",
             "copy the rows in a program that converts them: schema.table(…).chunk(…)");
    }
    if (column.kind == "static" && from->kind != "static" && from->kind != "partition_key") {
      refuse("column " + column.name +
                 " becomes static, and rows of one partition may have different values",
             "copy the rows in a program that chooses one of them");
    }
  }

  bool same_partitions() const {
    const auto before = old_.of_kind("partition_key"), now = new_.of_kind("partition_key");
    return std::equal(before.begin(), before.end(), now.begin(), now.end(),
                      [&](const auto* a, const auto* b) {
                        return a->name == b->name && a->type == b->type && !left_behind(a->name);
                      });
  }

  void add(const std::vector<const StoredColumn*>& columns, Role role) {
    for (const StoredColumn* column : columns) {
      const StoredColumn* from = left_behind(column->name) ? nullptr : old_.column(column->name);
      if (from == nullptr) continue;
      CopyColumn result;
      result.name = column->name;
      result.role = role;
      result.cell = 1 + plan_.columns.size();
      result.pairs = column->type.kind == TypeKind::map;
      if (role == Role::plain && column->type.kind == TypeKind::list) result.role = Role::list;
      const bool key = from->kind == "partition_key" || from->kind == "clustering";
      // Of each element from Cassandra 5.0 on (CASSANDRA-8877).
      const bool cells = keeps_cells(from->type);
      timed_.push_back(!key && (!cells || (!is_scylla(server_) && since(server_, 50000, 0))));
      result.times_of_elements = cells;
      const bool by_element =
          column->type.kind == TypeKind::set || column->type.kind == TypeKind::map;
      if (role == Role::plain && cells && by_element && timed_.back()) result.role = Role::elements;
      plan_.columns.push_back(std::move(result));
    }
  }

  void write_reads() {
    std::string columns, times;
    std::size_t next = 1 + plan_.columns.size();
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      CopyColumn& column = plan_.columns[i];
      const std::string name = words().quote(column.name);
      columns += ", " + name;
      const Role role = column.role;
      if (!timed_[i] || role == Role::partition || role == Role::clustering) continue;
      column.times = next;
      next += 2;
      times += ", WRITETIME(" + name + "), TTL(" + name + ")";
    }
    const auto select = [&](const StoredTable& table, const std::string& more) {
      const std::string token = table.token();
      return "SELECT " + token + columns + more + " FROM " + words().quote(table.name) + " WHERE " +
             token + " > ? AND " + token + " <= ?" + std::string(words().read_once(server_));
    };
    plan_.select = select(old_, times);
    plan_.select_old = select(old_, {});
    plan_.select_new = select(new_, {});
  }

  /// "a = ? AND b = ?" of the columns of these roles, or the same with commas.
  std::string places(std::initializer_list<Role> roles, std::string_view between) const {
    std::string text;
    for (const CopyColumn& column : plan_.columns) {
      if (std::find(roles.begin(), roles.end(), column.role) == roles.end()) continue;
      if (!text.empty()) text += between;
      text += words().quote(column.name) + " = ?";
    }
    return text;
  }

  void write_writes() {
    const std::string table = words().quote(new_.name);
    const std::string start = "UPDATE " + table + " USING TIMESTAMP ? AND TTL ? SET ";
    const std::string key = " WHERE " + places({Role::partition, Role::clustering}, " AND ");
    std::string names, marks;
    for (const CopyColumn& column : plan_.columns) {
      plan_.add_elements.emplace_back();
      const std::string name = words().quote(column.name);
      if (column.role == Role::elements)
        plan_.add_elements.back() = start + name + " = " + name + " + ?" + key;
      if (column.role == Role::elements || column.role == Role::shared) continue;
      names += (names.empty() ? "" : ", ") + name;
      marks += marks.empty() ? "?" : ", ?";
    }
    plan_.insert = "INSERT INTO " + table + " (" + names + ") VALUES (" + marks +
                   ") USING TIMESTAMP ? AND TTL ?";
    const std::string plain = places({Role::plain, Role::list}, ", ");
    if (!plain.empty()) plan_.update = start + plain + key;
    const std::string shared = places({Role::shared}, ", ");
    if (!shared.empty())
      plan_.update_shared = start + shared + " WHERE " + places({Role::partition}, " AND ");
  }

  const CopyRequest& request_;
  ServerInfo server_;
  StoredTable old_, new_;
  std::vector<bool> timed_;
  CopyPlan plan_;
};

}  // namespace

CopyPlan plan_copy(CqlConnection& connection, const CopyRequest& request) {
  return CopyPlanner(connection, request).plan();
}

}  // namespace sterna::cql
