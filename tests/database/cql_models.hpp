// Random schemas of CQL in the form in which the inspector tells them, and random changes of one
// that CQL can make in place. For the property tests of rendering, inspection and diff.
#pragma once

#include "database/cql/keys.hpp"
#include "model/model.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sterna::test {

class CqlModels {
 public:
  explicit CqlModels(unsigned seed) : random_(seed) {}

  model::Model make(std::size_t tables) {
    model::Model model;
    model.dialect = "cql";
    for (std::size_t i = 0; i < 1 + below(3); ++i) model.types.push_back(type(model, i));
    for (std::size_t i = 0; i < tables; ++i) model.tables.push_back(table(model, fresh("t")));
    for (const model::Table& table : model.tables) {
      if (one_in(3)) view(model, table);
    }
    finish(model);
    return model;
  }

  /// Another schema that changes can reach: keys, types of columns and names that were dropped
  /// before stay as they are.
  model::Model changed(model::Model model) {
    for (model::UserType& each : model.types) {
      if (one_in(2)) each.fields.push_back({fresh("field"), plain_type()});
    }
    std::erase_if(model.objects, [&](const model::Object&) { return one_in(2); });
    std::erase_if(model.tables, [&](const model::Table& each) {
      return one_in(5) && !has_view(model, each.name);
    });
    for (model::Table& each : model.tables) change(model, each);
    if (one_in(2)) model.types.push_back(type(model, 7));
    for (std::size_t i = 0; i < below(3); ++i) model.tables.push_back(table(model, fresh("more")));
    finish(model);
    return model;
  }

 private:
  using TypeKind = model::TypeKind;

  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::string fresh(const std::string& stem) {
    // Some names need their quotes.
    const std::string number = std::to_string(++names_);
    return stem == "field" && one_in(3) ? "Odd \"" + number
           : one_in(4)                  ? "Mixed" + stem + number
                                        : stem + number;
  }

  static model::Type of(TypeKind kind, std::vector<model::Type> arguments = {}) {
    model::Type type;
    type.kind = kind;
    type.arguments = std::move(arguments);
    return type;
  }
  static model::Type frozen(model::Type type) { return of(TypeKind::frozen, {std::move(type)}); }

  model::Type plain_type() {
    constexpr TypeKind kinds[] = {
        TypeKind::ascii, TypeKind::big_integer, TypeKind::binary,           TypeKind::boolean,
        TypeKind::date,  TypeKind::decimal,     TypeKind::double_precision, TypeKind::real,
        TypeKind::inet,  TypeKind::integer,     TypeKind::small_integer,    TypeKind::text,
        TypeKind::time,  TypeKind::timestamp,   TypeKind::timeuuid,         TypeKind::tiny_integer,
        TypeKind::uuid,  TypeKind::varint};
    return of(kinds[below(std::size(kinds))]);
  }
  model::Type collection(model::Type element) {
    switch (below(3)) {
      case 0:
        return of(TypeKind::list, {std::move(element)});
      case 1:
        return of(TypeKind::set, {std::move(element)});
      default:
        return of(TypeKind::map, {plain_type(), std::move(element)});
    }
  }
  model::Type user_type(const model::Model& model) {
    model::Type type = of(TypeKind::user_type);
    type.name = model.types[below(model.types.size())].name.name;
    return type;
  }
  model::Type any_type(const model::Model& model) {
    switch (below(8)) {
      case 0:
        return collection(plain_type());
      case 1:
        return collection(frozen(collection(plain_type())));
      case 2:
        return frozen(collection(plain_type()));
      case 3:
        return frozen(of(TypeKind::tuple, {plain_type(), frozen(collection(plain_type()))}));
      case 4:
        return model.types.empty() ? of(TypeKind::duration) : user_type(model);
      case 5:
        return model.types.empty() ? plain_type() : collection(frozen(user_type(model)));
      default:
        return plain_type();
    }
  }

  model::UserType type(const model::Model& model, std::size_t /*number*/) {
    model::UserType made;
    made.name = fresh("type");
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
      const bool nested = !model.types.empty() && one_in(4);
      made.fields.push_back({fresh("field"), nested      ? frozen(user_type(model))
                                             : one_in(4) ? frozen(collection(plain_type()))
                                                         : plain_type()});
    }
    return made;
  }

  model::Column column(std::string name, model::Type column_type) {
    model::Column made;
    made.name = std::move(name);
    made.type = std::move(column_type);
    made.nullable = true;
    return made;
  }

  model::Table table(const model::Model& model, const std::string& name) {
    model::Table made;
    made.name = model::Name(std::string(), name);
    cql::Keys keys;
    for (std::size_t i = 0; i < 1 + below(2); ++i) {
      keys.partition.push_back(fresh("p"));
      made.columns.push_back(column(keys.partition.back(), plain_type()));
    }
    for (std::size_t i = 0; i < below(3); ++i) {
      keys.clustering.push_back({fresh("c"), one_in(2)});
      made.columns.push_back(column(keys.clustering.back().column, plain_type()));
    }
    cql::set_keys(made, keys);
    const bool counters = one_in(8);
    for (std::size_t i = 0; i < 1 + below(6); ++i) add_column(model, made, counters);
    for (std::size_t i = 0; i < below(3) && !counters; ++i) index(made);
    if (one_in(3)) made.comment = "it's \"" + fresh("words");
    options(made);
    return made;
  }

  void add_column(const model::Model& model, model::Table& table, bool counter) {
    model::Column added = column(fresh("v"), counter ? of(TypeKind::counter) : any_type(model));
    added.is_static = !table.clustering_key.empty() && one_in(5);
    table.columns.push_back(std::move(added));
  }

  static bool holds_counters(const model::Table& table) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [](const auto& each) { return each.type.kind == TypeKind::counter; });
  }

  void index(model::Table& table) {
    const model::Column& indexed = table.columns[below(table.columns.size())];
    const cql::Keys keys = cql::keys_of(table);
    const TypeKind kind = indexed.type.kind;
    // What the server does not index: the whole partition key, types that are not one value.
    if (keys.holds(indexed.name) || kind == TypeKind::user_type || kind == TypeKind::counter ||
        kind == TypeKind::duration || indexed.is_static)
      return;
    const bool taken =
        std::any_of(table.indexes.begin(), table.indexes.end(),
                    [&](const auto& each) { return each.parts.front().column == indexed.name; });
    if (taken) return;
    model::Index made;
    made.name = fresh("by");
    model::IndexPart part;
    part.column = indexed.name;
    if (kind == TypeKind::list || kind == TypeKind::set) part.operator_class = "values";
    if (kind == TypeKind::map)
      part.operator_class = std::vector{"keys", "values", "entries"}[below(3)];
    if (kind == TypeKind::frozen) {
      const TypeKind inner = indexed.type.arguments.front().kind;
      if (inner == TypeKind::user_type) return;
      if (inner != TypeKind::tuple) part.operator_class = "full";
    }
    made.parts.push_back(std::move(part));
    table.indexes.push_back(std::move(made));
  }

  void options(model::Table& table) {
    const auto set = [&](const char* name, std::string value) {
      if (one_in(4)) table.options[name] = std::move(value);
    };
    set("gc_grace_seconds", std::to_string(1000 + below(1000)));
    set("default_time_to_live",
        holds_counters(table) ? std::string("0") : std::to_string(1 + below(1000)));
    set("speculative_retry", "'95p'");
    set("crc_check_chance", "0.5");
    set("caching", "{'keys': 'NONE', 'rows_per_partition': '10'}");
    set("compaction",
        "{'class': 'org.apache.cassandra.db.compaction.LeveledCompactionStrategy', "
        "'max_threshold': '32', 'min_threshold': '4', 'sstable_size_in_mb': '64'}");
    if (table.options["default_time_to_live"] == "0") table.options.erase("default_time_to_live");
    std::erase_if(table.options, [](const auto& option) { return option.second.empty(); });
  }

  static bool has_view(const model::Model& model, const model::Name& table) {
    return std::any_of(model.objects.begin(), model.objects.end(), [&](const auto& object) {
      return std::find(object.depends_on.begin(), object.depends_on.end(),
                       model::key_of("table", table)) != object.depends_on.end();
    });
  }

  void change(const model::Model& model, model::Table& table) {
    const cql::Keys keys = cql::keys_of(table);
    const bool counters = holds_counters(table);
    const bool viewed = has_view(model, table.name);
    std::vector<std::string> gone;
    for (const model::Column& each : table.columns) {
      // A user type that is not frozen cannot be dropped.
      const bool stays = each.type.kind == TypeKind::user_type || keys.holds(each.name);
      if (!stays && !viewed && !counters && one_in(4)) gone.push_back(each.name);
    }
    const auto is_gone = [&](const std::string& name) {
      return std::find(gone.begin(), gone.end(), name) != gone.end();
    };
    std::erase_if(table.columns, [&](const auto& each) { return is_gone(each.name); });
    std::erase_if(table.indexes, [&](const auto& each) {
      return is_gone(each.parts.front().column) || one_in(3);
    });
    if (!viewed && one_in(2)) add_column(model, table, counters);
    if (one_in(3) && !counters) index(table);
    if (one_in(2)) {
      // The bloom filter's default follows the compaction when a table is made, not afterwards.
      const auto compaction = table.options.find("compaction");
      const std::string before =
          compaction == table.options.end() ? std::string() : compaction->second;
      table.options.clear();
      options(table);
      table.options.erase("compaction");
      if (!before.empty()) table.options["compaction"] = before;
    }
    if (one_in(4)) table.comment = one_in(2) ? "" : fresh("words");
  }

  /// A view of the same columns under another name.
  void view(model::Model& model, const model::Table& table) {
    if (holds_counters(table)) return;
    const cql::Keys keys = cql::keys_of(table);
    const auto quoted = [](const std::string& name) {
      std::string text = "\"";
      for (const char c : name) text += c == '"' ? "\"\"" : std::string(1, c);
      return text + "\"";
    };
    // The server quotes names in conditions where it must.
    const auto plain = [&](const std::string& name) {
      const bool lower = std::none_of(name.begin(), name.end(),
                                      [](char c) { return (c >= 'A' && c <= 'Z') || c == '"'; });
      return lower ? name : quoted(name);
    };
    std::string columns, conditions;
    for (const model::Column& each : table.columns) {
      if (!keys.holds(each.name)) continue;
      columns += (columns.empty() ? "" : ", ") + quoted(each.name);
      conditions += (conditions.empty() ? "" : " AND ") + plain(each.name) + " IS NOT NULL";
    }
    model::Object made;
    made.kind = "materialized view";
    made.name = model::Name(std::string(), fresh("view"));
    std::string text = "CREATE MATERIALIZED VIEW " + quoted(made.name.name) + " AS SELECT " +
                       columns + " FROM " + quoted(table.name.name) + " WHERE " + conditions +
                       "\n  " + keys.text();
    const std::string order = keys.order();
    if (!order.empty()) text += "\n  WITH " + order;
    made.definition = std::move(text);
    made.depends_on = {model::key_of("table", table.name)};
    model.objects.push_back(std::move(made));
  }

  /// Everything in the order of the inspector; what depends on what.
  static void finish(model::Model& model) {
    for (model::Table& table : model.tables) {
      const cql::Keys keys = cql::keys_of(table);
      const auto rank = [&](const model::Column& each) {
        const auto at = std::find(keys.partition.begin(), keys.partition.end(), each.name);
        if (at != keys.partition.end())
          return static_cast<std::size_t>(at - keys.partition.begin());
        for (std::size_t i = 0; i < keys.clustering.size(); ++i) {
          if (keys.clustering[i].column == each.name) return 100 + i;
        }
        return std::size_t{1000};
      };
      std::sort(table.columns.begin(), table.columns.end(),
                [&](const model::Column& a, const model::Column& b) {
                  return std::pair(rank(a), a.name) < std::pair(rank(b), b.name);
                });
      table.depends_on.keys.clear();
      for (model::Column& each : table.columns) {
        each.nullable = rank(each) == 1000;
        for (std::string& key : model::keys_of_types(each.type, {}))
          table.depends_on.keys.push_back(std::move(key));
      }
    }
    model::sort(model);
  }

  std::mt19937 random_;
  std::size_t names_ = 0;
};

}  // namespace sterna::test
