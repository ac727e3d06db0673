#include "diff/diff.hpp"

#include "base/text.hpp"
#include "diff/aside.hpp"
#include "diff/enum_diff.hpp"
#include "diff/ground.hpp"
#include "diff/order.hpp"
#include "diff/rename.hpp"
#include "diff/table_diff.hpp"
#include "diff/type_diff.hpp"
#include "diff/widens.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace sterna {
namespace {

using detail::creation_order;
using detail::enum_key;
using detail::identity;
using detail::needs_of;
using detail::Node;
using detail::table_key;
using detail::TableDifference;
using model::EnumType;
using model::key_of;
using model::Model;
using model::Object;
using model::Table;

class ModelDiff {
 public:
  ModelDiff(Model from, const Model& to, const DiffOptions& options)
      : from_(std::move(from)),
        to_(to),
        options_(options),
        aside_(from_, to_, options_),
        wanted_names_(from_, to_) {
    for (const Object& object : from_.objects) old_objects_.emplace(identity(object), &object);
  }

  Difference run() {
    compare_enums();
    find_remakes();
    aside_.step(replaced_enums());
    remember_remade();
    inherited_keys();
    compare_tables();
    if (keys_by_alter()) detail::keys_step_aside(from_, to_, altered_, keys_need_indexes());
    aside_.step(moved_tables());
    drop_objects();
    drop_keys();
    drop_tables(true);
    create_schemas();
    create_and_alter();
    add_keys();
    drop_tables(false);
    for (Change& one : detail::dropped_types(from_, to_)) change(std::move(one));
    for (const Object* object : late_drops_)
      change(DropObject{object->kind, object->name, false, false, *object});
    drop_enums();
    drop_schemas();
    result_.possible_renames = detail::possible_renames(from_, to_, options_.dialect);
    return std::move(result_);
  }

 private:
  void change(Change one) { result_.changes.push_back(std::move(one)); }
  bool keys_by_alter() const {
    return options_.dialect.capabilities(options_.server).foreign_keys_by_alter;
  }
  bool keys_need_indexes() const {
    return options_.dialect.capabilities(options_.server).foreign_keys_need_indexes;
  }

  void compare_enums() {
    for (const EnumType& old : from_.enums) {
      const EnumType* now = to_.enumeration(old.name);
      if (now == nullptr || *now == old) continue;
      detail::EnumDifference difference = detail::diff_enums(old, *now, to_, !options_.own_commits);
      if (!difference.lost.empty()) {
        result_.losses.push_back({old.name.text(), "takes " + join(difference.lost, ", ") +
                                                       " from enum " + old.name.text() +
                                                       ": it fails while a row has such a value"});
      }
      if (difference.replaced) remade_.add_enum(old.name);
      enums_.emplace(enum_key(old.name), std::move(difference));
    }
  }

  std::vector<std::string> replaced_enums() const {
    std::vector<std::string> keys;
    for (const auto& [key, difference] : enums_) {
      if (difference.replaced) keys.push_back(key);
    }
    return keys;
  }

  /// Functions and domains that go for a while take along what tables say with them.
  void remember_remade() {
    std::unordered_set<std::string> held;
    for (const Table& table : from_.tables)
      held.insert(table.depends_on.keys.begin(), table.depends_on.keys.end());
    for (const Object& object : from_.objects) {
      if (!aside_.contains(object) || !held.contains(key_of(object))) continue;
      if (object.kind != "domain") {
        remade_.add_function(object.name);
      } else if (aside_.returns(object)) {
        lose_values_of(object);
        remade_.add_domain(object.name, stand_in_for(object.name));
      }
    }
  }

  void lose_values_of(const Object& domain) {
    const Dialect& dialect = options_.dialect;
    const model::Type old = dialect.base_of_domain(domain);
    const model::Type now = dialect.base_of_domain(*to_.object("domain", domain.name));
    if (detail::widens(old, now)) return;
    result_.losses.push_back(
        {domain.name.text(), "makes domain " + domain.name.text() + " of " +
                                 dialect.type_name(now, options_.server) + " instead of " +
                                 dialect.type_name(old, options_.server) +
                                 ": values that do not fit are cut, rounded or refused"});
  }

  /// The type that columns of a domain have while it is made anew: what it will be a domain of, at
  /// the bottom of domains that go as well.
  model::Type stand_in_for(const model::Name& domain) const {
    model::Type type;
    const Object* at = to_.object("domain", domain);
    while (at != nullptr) {
      type = options_.dialect.base_of_domain(*at);
      const auto under =
          std::find_if(to_.objects.begin(), to_.objects.end(), [&](const Object& other) {
            return other.kind == "domain" && detail::spelled(other.name) == type.name;
          });
      at = under == to_.objects.end() ? nullptr : &*under;
    }
    return type;
  }

  /// A part that its table lets go keeps the table's foreign keys as its own.
  void inherited_keys() {
    for (Table& old : from_.tables) {
      const Table* now = to_.table(old.name);
      const Table* parent = parent_in(from_, old);
      if (now == nullptr || parent == nullptr ||
          options_.dialect.follows_parent(old, *now, std::string_view()))
        continue;
      old.foreign_keys.insert(old.foreign_keys.end(), parent->foreign_keys.begin(),
                              parent->foreign_keys.end());
    }
  }

  const Table* parent_in(const Model& model, const Table& table) const {
    const std::string parent = options_.dialect.parent_of(table);
    if (parent.empty()) return nullptr;
    const auto found =
        std::find_if(model.tables.begin(), model.tables.end(),
                     [&](const Table& other) { return detail::spelled(other.name) == parent; });
    return found == model.tables.end() ? nullptr : &*found;
  }

  /// Tables that are made anew, or were half made so by a run that ended early.
  void find_remakes() {
    for (const Table& now : to_.tables) {
      const model::Name interim_name = options_.dialect.interim_of(now.name);
      const Table* interim = nullptr;
      if (!interim_name.name.empty() && to_.table(interim_name) == nullptr)
        interim = from_.table(interim_name);
      const Table* old = from_.table(now.name);
      if (interim == nullptr && (old == nullptr || *old == now)) continue;
      auto remake = options_.dialect.remake(old, now, interim);
      if (!remake) continue;
      if (interim != nullptr) interims_.insert(table_key(interim->name));
      if (!remake->cost.empty()) result_.losses.push_back({now.name.text(), remake->cost});
      for (const std::string& column : remake->drops) {
        const std::string name = now.name.text() + "." + column;
        result_.losses.push_back({name, "drops column " + name + " with its values"});
      }
      remakes_.emplace(table_key(now.name), std::move(*remake));
    }
  }
  bool made_anew(const Table& old) const {
    const auto found = remakes_.find(table_key(old.name));
    return found != remakes_.end() && found->second.whole;
  }

  void compare_tables() {
    std::unordered_set<std::string> parents;
    for (const Table& table : from_.tables) parents.insert(options_.dialect.parent_of(table));
    for (const Table& table : to_.tables) parents.insert(options_.dialect.parent_of(table));
    std::vector<std::string> obstacles;
    for (const Table& old : from_.tables) {
      const Table* now = to_.table(old.name);
      if (interims_.contains(table_key(old.name)) || made_anew(old)) continue;
      if (now == nullptr) {
        result_.losses.push_back(
            {old.name.text(), "drops table " + old.name.text() + " with its rows"});
        continue;
      }
      if (old == *now && remade_.empty()) continue;
      if (auto reason = options_.dialect.cannot_alter(old, *now)) {
        obstacles.push_back(std::move(*reason));
        continue;
      }
      const detail::TableContext context{remade_, parents.contains(detail::spelled(old.name)),
                                         parent_in(from_, old), parent_in(to_, *now)};
      TableDifference difference = detail::diff_tables(old, *now, options_, context);
      for (Loss& loss : difference.losses) result_.losses.push_back(std::move(loss));
      for (std::string& note : difference.notes) result_.notes.push_back(std::move(note));
      if (!difference.empty()) altered_.emplace(table_key(old.name), std::move(difference));
    }
    if (!obstacles.empty()) throw Error(ErrorKind::plan, join(obstacles, "\n"));
  }

  bool stays(const Table& old) const { return to_.table(old.name) != nullptr; }

  /// Keys of tables that go, or whose columns change so that what reads them must step aside.
  std::vector<std::string> moved_tables() const {
    std::vector<std::string> keys;
    for (const Table& old : from_.tables) {
      const auto found = altered_.find(table_key(old.name));
      const bool converted =
          std::any_of(old.columns.begin(), old.columns.end(),
                      [&](const model::Column& column) { return remade_.is_type_of(column); });
      if (!stays(old) || made_anew(old) || converted ||
          (found != altered_.end() && !found->second.touched.empty()))
        keys.push_back(table_key(old.name));
    }
    return keys;
  }

  void drop_objects() {
    std::vector<Node> nodes;
    for (const Object& object : from_.objects)
      nodes.push_back({{key_of(object), identity(object)}, needs_of(object)});
    for (const Table& table : from_.tables)
      nodes.push_back({{table_key(table.name)}, table.depends_on.keys});
    std::vector<std::size_t> order = creation_order(nodes);
    std::reverse(order.begin(), order.end());
    const std::unordered_set<std::string> held = aside_.held_by_old_tables();
    const std::size_t objects = from_.objects.size();
    for (const std::size_t at : order) {
      if (at >= objects)
        set_aside(from_.tables[at - objects]);
      else
        drop(from_.objects[at], held);
    }
  }

  void drop(const Object& object, const std::unordered_set<std::string>& held) {
    if (!aside_.contains(object) || aside_.goes_along(object)) return;
    const bool under_all = options_.dialect.creation_rank(object.kind) < 0;
    if ((under_all || held.contains(key_of(object))) && !aside_.returns(object))
      late_drops_.push_back(&object);
    else
      change(DropObject{object.kind, object.name, false, false, object});
  }

  void set_aside(const Table& old) {
    const auto found = altered_.find(table_key(old.name));
    if (found == altered_.end() || found->second.aside.empty()) return;
    change(AlterTable{old.name, std::move(found->second.aside)});
    found->second.aside.clear();
  }

  /// Foreign keys that change, and those of dropped tables that stand in a circle.
  void drop_keys() {
    if (!keys_by_alter()) return;
    for (const Table& old : from_.tables) {
      const auto found = altered_.find(table_key(old.name));
      if (found != altered_.end() && !found->second.drop_keys.empty()) {
        change(AlterTable{old.name, std::move(found->second.drop_keys)});
        found->second.drop_keys.clear();
        continue;
      }
      if (stays(old)) continue;
      AlterTable alter{old.name, {}};
      for (const model::ForeignKey& key : old.foreign_keys) {
        const Table* other = from_.table(key.referenced_table);
        const bool holds =
            other != nullptr && other->name != old.name &&
            (!stays(*other) || detail::loses_ground(old, key, altered_, keys_need_indexes()));
        if (!holds) continue;
        alter.actions.push_back(
            DropConstraint{DropConstraint::Kind::foreign_key, key.name, false, key});
      }
      if (!alter.actions.empty()) change(std::move(alter));
    }
  }

  void create_schemas() {
    for (const std::string& schema : to_.schemas) {
      if (std::find(from_.schemas.begin(), from_.schemas.end(), schema) == from_.schemas.end())
        change(CreateObject{schema_object(schema), false});
    }
  }
  Object schema_object(const std::string& schema) const {
    Object object;
    object.kind = "schema";
    object.name = model::Name(std::string(), schema);
    object.definition = "CREATE SCHEMA " + options_.dialect.quote(schema);
    return object;
  }

  void create_and_alter() {
    std::vector<Node> nodes;
    for (const EnumType& type : to_.enums) nodes.push_back({{enum_key(type.name)}, {}});
    for (const model::UserType& type : to_.types) nodes.push_back(detail::node_of(type));
    for (const Table& table : to_.tables) {
      std::vector<std::string> needs = table.depends_on.keys;
      if (!keys_by_alter()) {
        for (const auto& key : table.foreign_keys) needs.push_back(table_key(key.referenced_table));
      }
      nodes.push_back({{table_key(table.name)}, std::move(needs)});
    }
    for (const Object& object : to_.objects)
      nodes.push_back({{key_of(object), identity(object)}, needs_of(object)});
    const std::size_t types = to_.enums.size(), tables = types + to_.types.size();
    const std::size_t objects = tables + to_.tables.size();
    std::vector<std::size_t> order = creation_order(nodes);
    const auto rank = [&](std::size_t at) {
      return at < objects ? 0 : options_.dialect.creation_rank(to_.objects[at - objects].kind);
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
    for (const std::size_t at : order) {
      if (at < types)
        create(to_.enums[at]);
      else if (at < tables)
        create(to_.types[at - types]);
      else if (at < objects)
        create(to_.tables[at - tables]);
      else
        create(to_.objects[at - objects]);
    }
  }

  void create(const EnumType& type) {
    const EnumType* old = from_.enumeration(type.name);
    if (old == nullptr) return change(CreateEnum{type.name, type.values, type.comment});
    const auto found = enums_.find(enum_key(type.name));
    if (found == enums_.end()) return;
    if (found->second.replaced)
      return change(
          ReplaceEnum{*old, type, detail::columns_of(type, from_, to_, options_.dialect)});
    for (Change& add : found->second.added) change(std::move(add));
    // The same values: only the comment is set.
    EnumType commented = type;
    commented.comment = old->comment;
    if (commented.comment != type.comment) change(ReplaceEnum{std::move(commented), type, {}});
  }

  void create(const model::UserType& type) {
    for (Change& one : detail::type_changes(from_.user_type(type.name), type))
      change(std::move(one));
  }

  void create(const Table& table) {
    const Table* old = from_.table(table.name);
    if (const auto remake = remakes_.find(table_key(table.name)); remake != remakes_.end()) {
      for (Change& one : remake->second.changes) change(std::move(one));
      if (remake->second.whole) return;
    }
    if (old == nullptr) {
      CreateTable create{table, false};
      if (keys_by_alter() && !create.table.foreign_keys.empty()) {
        AlterTable keys{table.name, {}};
        for (model::ForeignKey& key : create.table.foreign_keys)
          keys.actions.push_back(AddForeignKey{std::move(key)});
        create.table.foreign_keys.clear();
        added_keys_.push_back(std::move(keys));
      }
      return change(std::move(create));
    }
    const auto found = altered_.find(table_key(table.name));
    if (found == altered_.end()) return;
    TableDifference& difference = found->second;
    if (!keys_by_alter()) {
      // One rebuild for all of it.
      std::vector<TableAction> actions = std::move(difference.drop_keys);
      for (auto* list : {&difference.actions, &difference.late, &difference.add_keys}) {
        for (TableAction& action : *list) actions.push_back(std::move(action));
      }
      return change(AlterTable{table.name, std::move(actions)});
    }
    if (!difference.actions.empty()) change(AlterTable{table.name, std::move(difference.actions)});
    if (!difference.late.empty()) late_.push_back({table.name, std::move(difference.late)});
    if (!difference.add_keys.empty())
      added_keys_.push_back({table.name, std::move(difference.add_keys)});
  }

  void create(const Object& object) {
    const auto found = old_objects_.find(identity(object));
    if (found == old_objects_.end() || aside_.contains(object))
      return change(CreateObject{object, false});
    if (*found->second == object) return;
    const std::vector<std::string> altered = options_.dialect.alter_object(*found->second, object);
    for (const std::string& sql : altered) change(RawSql{Statement(sql), {}});
    if (altered.empty()) change(CreateObject{object, true});
  }

  void add_keys() {
    // Of parts before the tables that they are parts of.
    for (auto late = late_.rbegin(); late != late_.rend(); ++late) change(std::move(*late));
    for (AlterTable& keys : added_keys_) change(std::move(keys));
  }

  /// Drops come last, so that a failure before them costs no rows; except of tables whose indexes
  /// and keys bear names that are wanted again. What refers to others goes first.
  void drop_tables(bool early) {
    std::vector<Node> nodes;
    for (const Table& table : from_.tables) {
      std::vector<std::string> needs = table.depends_on.keys;
      if (!keys_by_alter()) {
        for (const auto& key : table.foreign_keys) needs.push_back(table_key(key.referenced_table));
      }
      nodes.push_back({{table_key(table.name)}, std::move(needs)});
    }
    std::vector<std::size_t> order = creation_order(nodes);
    std::reverse(order.begin(), order.end());
    for (const std::size_t at : order) {
      const Table& table = from_.tables[at];
      if (interims_.contains(table_key(table.name))) continue;
      if (!stays(table) && in_the_way(table) == early)
        change(DropTable{table.name, false, false, table});
    }
  }

  bool in_the_way(const Table& dropped) const {
    const bool holds_type =
        std::any_of(dropped.columns.begin(), dropped.columns.end(),
                    [&](const model::Column& column) { return remade_.is_type_of(column); });
    return holds_type || wanted_names_.one_of(dropped);
  }

  void drop_enums() {
    for (const EnumType& type : from_.enums) {
      if (to_.enumeration(type.name) == nullptr)
        change(DropObject{"enum", type.name, false, false, std::nullopt});
    }
  }

  void drop_schemas() {
    for (const std::string& schema : from_.schemas) {
      if (std::find(to_.schemas.begin(), to_.schemas.end(), schema) != to_.schemas.end()) continue;
      const Object object = schema_object(schema);
      change(DropObject{object.kind, object.name, false, false, object});
    }
  }

  Model from_;
  const Model& to_;
  const DiffOptions& options_;
  Difference result_;
  detail::Aside aside_;
  detail::WantedNames wanted_names_;
  std::unordered_map<std::string, const Object*> old_objects_;
  detail::AlteredTables altered_;
  std::unordered_map<std::string, Dialect::Remake> remakes_;
  std::unordered_set<std::string> interims_;                       // tables that remakes use
  std::unordered_map<std::string, detail::EnumDifference> enums_;  ///< those that change
  detail::Remade remade_;
  std::vector<const Object*> late_drops_;
  std::vector<AlterTable> late_, added_keys_;
};

}  // namespace

Difference diff(const Model& from, const Model& to, const DiffOptions& options) {
  if (!options.filter.empty()) {
    DiffOptions rest = options;
    check(options.filter);
    rest.filter = {};
    const Model some = filtered(from, options.filter), wanted = filtered(to, options.filter);
    if (!options.filter.only.empty() && some == Model() && wanted == Model()) {
      throw Error(ErrorKind::validation,
                  "nothing in either schema is called " + join(options.filter.only, " or "))
          .with_state("nothing was changed");
    }
    std::erase_if(rest.renames, [&](const Rename& rename) {
      return some.table(rename.table) == nullptr && some.enumeration(rename.table) == nullptr;
    });
    return diff(some, wanted, rest);
  }
  std::vector<Change> renames;
  Model renamed = detail::apply_renames(from, options, renames);
  Difference result = ModelDiff(std::move(renamed), to, options).run();
  result.changes.insert(result.changes.begin(), std::make_move_iterator(renames.begin()),
                        std::make_move_iterator(renames.end()));
  return result;
}

}  // namespace sterna
